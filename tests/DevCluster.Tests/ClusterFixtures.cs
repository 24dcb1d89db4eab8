namespace CompileTimeRouting.DevCluster.Tests;

/// <summary>One cluster for all tests of a class; each leaves it as it was.</summary>
public abstract class ClusterFixture(PostgresClusterOptions options) : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    protected virtual Task<string?> SkipReasonAsync() => Task.FromResult<string?>(null);

    private string? Skip { get; set; }

    public PostgresCluster Cluster
    {
        get
        {
            if (_cluster is null)
                Assert.Skip(Skip!);
            return _cluster;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Skip = await SkipReasonAsync();
        if (Skip is not null)
            return;
        _cluster = await PostgresCluster.StartAsync(options);
        await Servers.ExecuteAsync(_cluster.Primary.ConnectionString, "create table t (id bigint primary key generated always as identity, note text not null)");
        // Else a test that promotes a standby first finds no table there.
        await _cluster.WaitUntilCaughtUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}

public sealed class Postgres15 : ClusterFixture
{
    public Postgres15()
        : base(new PostgresClusterOptions { MajorVersion = 15, Settings = { ["work_mem"] = "5MB" } })
    {
    }
}

/// <summary>Where no 18 is installed, this is npm's: without pg_basebackup.</summary>
public sealed class Postgres18 : ClusterFixture
{
    public Postgres18()
        : base(new PostgresClusterOptions { MajorVersion = 18, Settings = { ["work_mem"] = "5MB" } })
    {
    }
}

public sealed class ContainerCluster : ClusterFixture
{
    public ContainerCluster()
        : base(new PostgresClusterOptions { Backend = ClusterBackend.Containers, Settings = { ["work_mem"] = "5MB" } })
    {
    }

    protected override async Task<string?> SkipReasonAsync() =>
        await ContainerEngine.IsAvailableAsync() is { IsAvailable: false, Reason: var reason } ? reason : null;
}
