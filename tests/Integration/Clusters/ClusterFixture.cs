using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Integration.Clusters;

/// <summary>One primary and two streaming replicas for a suite, and a data source that routes over them.</summary>
public abstract class ClusterFixture : IAsyncLifetime
{
    private PostgresCluster? _cluster;
    private RoutedDataSource? _db;

    public PostgresCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    public RoutedDataSource Db => _db ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <summary>Why the suite can't run here; null where it can.</summary>
    public string? Unavailable { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Unavailable = await WhyUnavailableAsync();
        if (Unavailable is not null)
            return;
        _cluster = await PostgresCluster.StartAsync(Options);
        await using (var primary = NpgsqlDataSource.Create(_cluster.Primary.ConnectionString))
        await using (var schema = primary.CreateCommand(Schema.Sql))
        {
            await schema.ExecuteNonQueryAsync();
        }

        await _cluster.WaitUntilCaughtUpAsync();
        _db = RoutedDataSource.Create(RoutingOf(_cluster));
        await _db.VerifyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_db is not null)
            await _db.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    public static RoutingOptions RoutingOf(PostgresCluster cluster)
    {
        var options = new RoutingOptions { Primary = cluster.Primary.ConnectionString };
        double[] weights = [0.6, 0.4];
        for (var i = 0; i < cluster.Replicas.Count; i++)
            options.Replicas.Add(new ReplicaOptions { ConnectionString = cluster.Replicas[i].ConnectionString, Weight = weights[i] });
        options.ConfigureDataSource = static source => source.MapEnum<Routing.Mood>("mood");
        return options;
    }

    protected abstract PostgresClusterOptions Options { get; }

    protected virtual Task<string?> WhyUnavailableAsync() => Task.FromResult<string?>(null);
}

/// <summary>Server processes of the newest version found on this machine.</summary>
public sealed class ProcessCluster : ClusterFixture
{
    protected override PostgresClusterOptions Options { get; } = new() { Replicas = 2, Backend = ClusterBackend.Processes };
}

/// <summary>Testcontainers; its suite is skipped where no engine answers.</summary>
public sealed class ContainerCluster : ClusterFixture
{
    protected override PostgresClusterOptions Options { get; } = new() { Replicas = 2, Backend = ClusterBackend.Containers };

    protected override async Task<string?> WhyUnavailableAsync()
    {
        var engine = await ContainerEngine.IsAvailableAsync();
        return engine.IsAvailable ? null : $"No container engine: {engine.Reason}";
    }
}
