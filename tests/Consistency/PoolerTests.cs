using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>Sessions through a real pgbouncer in transaction mode, where each statement may run on another session of the server.</summary>
public sealed class PoolerTests(SessionCluster shared) : IClassFixture<SessionCluster>, IAsyncLifetime
{
    private PgBouncer? _bouncer;

    private PostgresCluster Cluster => shared.Nodes;

    public async ValueTask InitializeAsync()
    {
        if (PgBouncer.Unavailable is null)
            _bouncer = await PgBouncer.StartAsync(Cluster, poolSize: 4, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _bouncer?.DisposeAsync() ?? default;

    private async Task<RoutedDataSource> OpenAsync()
    {
        Assert.SkipWhen(PgBouncer.Unavailable is not null, PgBouncer.Unavailable ?? "");
        return await Clusters.OpenAsync(Cluster, options =>
        {
            options.Pooler = Pooler.PgBouncerTransaction;
            options.Primary = _bouncer!.ConnectionString(Cluster.Primary);
            foreach (var (replica, node) in options.Replicas.Zip(Cluster.Replicas))
                replica.ConnectionString = _bouncer.ConnectionString(node);
        });
    }

    [Fact]
    public async Task The_primary_answers_a_session()
    {
        await using var source = await OpenAsync();
        var counters = new Counters(source);
        string token;
        using (var session = source.BeginSession())
        {
            // Nobody knows which server a read would come to, nor whether the next one comes to the same.
            Assert.Equal(Cluster.Primary.Port, (await counters.ReadAsync(40)).Port);
            for (var version = 1; version <= 20; version++)
            {
                if (version % 2 == 0)
                    await counters.WriteInTransactionAsync(40, version);
                else
                    await counters.WriteAsync(40, version);
                Assert.Equal(new Reading(version, Cluster.Primary.Port), await counters.ReadAsync(40));
                Assert.Equal(new Reading(version, Cluster.Primary.Port), counters.Read(40));
                Assert.Equal(new Reading(version, Cluster.Primary.Port), await counters.ReadStronglyAsync(40));
            }

            Assert.Equal(new Reading(20, Cluster.Primary.Port), await counters.ReadFreshAsync(40));
            token = await session.ExportAsync();
        }

        using (source.BeginSession(token))
            Assert.Equal(new Reading(20, Cluster.Primary.Port), await counters.ReadAsync(40));

        // The same token where the servers are reached without it.
        await using var direct = await Clusters.OpenAsync(Cluster);
        using (direct.BeginSession(token))
            Assert.Equal(20, (await new Counters(direct).ReadAsync(40)).Version);
    }

    [Fact]
    public async Task The_end_of_a_commit_whose_outcome_nobody_knows_cant_be_told()
    {
        await using var source = await OpenAsync();
        var counters = new Counters(source);
        using var session = source.BeginSession();
        await using (var unitOfWork = await source.BeginTransactionAsync())
        {
            await counters.WriteAsync(41, 1);
            await using (var command = new NpgsqlCommand("select pg_backend_pid()", unitOfWork.Connection))
            {
                var backend = (int)(await command.ExecuteScalarAsync())!;
                Assert.NotEqual(backend, unitOfWork.Connection.ProcessID);
                await Cluster.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({backend}, 5000)");
            }

            await Assert.ThrowsAnyAsync<NpgsqlException>(() => unitOfWork.CommitAsync());
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new Reading(0, Cluster.Primary.Port), await counters.ReadAsync(41));
            Assert.NotNull(session.Needs().Uncertain);
            await Task.Delay(120);
        }

        Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
        Assert.True(token.IsUncertain);

        // The number that pgbouncer made up is no process of the server, so that who connects directly would find it gone.
        Assert.Equal(UncertainWrites.UnknownBackend, token.Backend);
        await using var direct = await Clusters.OpenAsync(Cluster);
        using (var there = direct.BeginSession(token.ToString()))
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(new Reading(0, Cluster.Primary.Port), await new Counters(direct).ReadAsync(41));
                Assert.NotNull(there.Needs().Uncertain);
                await Task.Delay(120);
            }
        }
    }
}
