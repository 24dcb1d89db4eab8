using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>What a real pgbouncer before a replica says in its own name, and what becomes of the replica.</summary>
public sealed class PgBouncerErrorTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task<PgBouncer> StartAsync(RoutedCluster cluster, int poolSize, params string[] settings)
    {
        Assert.SkipWhen(PgBouncer.Unavailable is not null, PgBouncer.Unavailable ?? "");
        return PgBouncer.StartBeforeAsync(cluster.Nodes.Replicas[0], poolSize, Ct, settings);
    }

    // The primary is reached directly, and so are probes: what is full keeps none of them away.
    private async Task<RoutedDataSource> OpenAsync(string name, string replica, bool probesPast = true)
    {
        var db = RoutedDataSource.Create(new RoutingOptions
        {
            Name = name,
            Primary = cluster.Nodes.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = replica, Pooler = Pooler.PgBouncerTransaction, Probe = probesPast ? cluster.Nodes.Replicas[0].ConnectionString : null }],
        });
        await db.VerifyAsync(Ct);
        return db;
    }

    [Fact]
    public async Task Without_a_client_connection_left_it_is_busy_not_dead()
    {
        await using var bouncer = await StartAsync(cluster, 2, "max_client_conn = 1");
        using var telemetry = new Telemetry("crowded");
        await using var db = await OpenAsync("crowded", bouncer.ConnectionString(cluster.Nodes.Replicas[0]));
        await using (var only = await db.OpenReadAsync(Ct))
        {
            Assert.Equal("crowded:replica-1", only.NodeName);
            for (var i = 0; i < 10; i++)
                Assert.Equal("crowded:primary-read-only", (await db.CountAsync("none")).Node);
            Assert.Equal(true, await only.Connection.ScalarAsync("select pg_is_in_recovery()"));
        }

        Assert.Equal("crowded:replica-1", (await db.CountAsync("none")).Node);
        Assert.Empty(telemetry.Of("compile_time_routing.node.ejections"));
        Assert.All(telemetry.Sums("retries").Keys, static k => Assert.Contains("08P01", k));
    }

    [Fact]
    public async Task Who_waits_there_too_long_is_served_elsewhere_and_it_is_busy_not_dead()
    {
        await using var bouncer = await StartAsync(cluster, 1, "query_wait_timeout = 1");
        using var telemetry = new Telemetry("queue");
        await using var db = await OpenAsync("queue", bouncer.ConnectionString(cluster.Nodes.Replicas[0]));
        var route = new ReadRoute("count");
        await using (var only = await db.OpenReadAsync(Ct))
        {
            await using var transaction = await only.Connection.BeginTransactionAsync(Ct);
            Assert.Equal(true, await only.Connection.ScalarAsync("select pg_is_in_recovery()"));
            var nodes = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
            {
                CallAttempts? attempts = null;
                while (true)
                {
                    await using var lease = await db.OpenReadAsync(route, attempts, Ct);
                    try
                    {
                        await lease.Connection.ScalarAsync("select count(*) from notes");
                        return lease.NodeName;
                    }
                    catch (NpgsqlException e) when (db.ShouldRetry(route, in lease, e, ref attempts, Ct))
                    {
                        // As a shim does.
                    }
                }
            }));
            Assert.All(nodes, static n => Assert.Equal("queue:primary-read-only", n));

            // What runs there goes on.
            Assert.Equal(true, await only.Connection.ScalarAsync("select pg_is_in_recovery()"));
        }

        // Not at once where the machine is busy: a probe that comes late puts the node aside, too.
        await Waiting.UntilAsync(async () => (await db.CountAsync("none")).Node == "queue:replica-1", "the replica serves", TimeSpan.FromSeconds(5));
        Assert.Empty(telemetry.Of("compile_time_routing.node.ejections"));
    }

    [Fact]
    public async Task A_database_that_it_doesnt_know_is_told()
    {
        await using var bouncer = await StartAsync(cluster, 2);
        var replica = new NpgsqlConnectionStringBuilder(bouncer.ConnectionString(cluster.Nodes.Replicas[0])) { Database = "nowhere" }.ConnectionString;
        await using var db = await OpenAsync("unknown", replica, probesPast: false);
        var node = db.GetSnapshot().Nodes[1];
        Assert.Equal(NodeState.Down, node.State);
        Assert.Contains($"the pooler at 127.0.0.1:{bouncer.Port} refused the login: no such database: nowhere (08P01). Correct database, user name or password in Replicas[0]", node.Problem);
        Assert.Equal("unknown:primary-read-only", (await db.CountAsync("none")).Node);
        await db.WriteAsync("beside an unknown database");
    }
}
