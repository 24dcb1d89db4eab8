using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>How pools fill.</summary>
public class PoolTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_minimum_is_opened_before_anybody_asks()
    {
        var name = $"warm {Guid.NewGuid():N}";
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = Named(cluster.Nodes.Primary.ConnectionString, name),
            Replicas = [new() { ConnectionString = Named(cluster.Nodes.Replicas[0].ConnectionString, name) }],
            ReplicaPool = new PoolOptions { Size = 4 },
            PrimaryPool = new PoolOptions { Size = 3 },
        });
        await db.VerifyAsync(Ct);

        // With the probe's own.
        await Waiting.UntilAsync(async () => await SessionsAsync(cluster.Nodes.Replicas[0].AdminConnectionString, name) == 5, "the replica's pool is full");
        await Waiting.UntilAsync(async () => await SessionsAsync(cluster.Nodes.Primary.AdminConnectionString, name) == 4, "the primary's pool is full");
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_rush_on_a_cold_pool_is_served_with_few_connects_at_once()
    {
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = Named(cluster.Nodes.Primary.ConnectionString, "rush"),
            Replicas = [new() { ConnectionString = Named(cluster.Nodes.Replicas[0].ConnectionString, "rush") }],
            MaxConcurrentConnects = 1,
        });
        await db.VerifyAsync(Ct);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Task.Run(() => db.CountAsync("none"), Ct)));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var lease = db.OpenWrite();
            using var command = new NpgsqlCommand("select 1", lease.Connection);
            command.ExecuteScalar();
        }, Ct)));
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_replica_without_a_connection_left_costs_reads_nothing_and_gets_them_again_when_it_has_some()
    {
        await cluster.Nodes.Primary.ExecuteAsAdminAsync("create role guest login password 'p' connection limit 4; grant connect on database app to guest; grant select on all tables in schema public to guest");
        await cluster.Nodes.WaitUntilCaughtUpAsync(cancellationToken: Ct);
        var guest = new NpgsqlConnectionStringBuilder(cluster.Nodes.Replicas[0].ConnectionString) { Username = "guest", Password = "p" };
        using var telemetry = new Telemetry("crowded");
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Name = "crowded",
            Primary = cluster.Nodes.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = guest.ConnectionString }, new() { ConnectionString = cluster.Nodes.Replicas[1].ConnectionString }],
        });
        await db.VerifyAsync(Ct);
        List<NpgsqlConnection> crowd = [];
        try
        {
            guest.Pooling = false;
            for (var isFull = false; !isFull;)
            {
                var connection = new NpgsqlConnection(guest.ConnectionString);
                crowd.Add(connection);
                isFull = await Record.ExceptionAsync(() => connection.OpenAsync(Ct)) is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections };
            }

            // By turns a hundred of them would be refused.
            for (var i = 0; i < 200; i++)
                Assert.Equal("crowded:replica-2", (await db.CountAsync("none")).Node);
            Assert.InRange(telemetry.Of("compile_time_routing.retries").Count(static m => m.Tags["error.type"] == "53300"), 1, 30);
            Assert.Equal(NodeState.Up, db.GetSnapshot().Nodes[1].State);
        }
        finally
        {
            foreach (var connection in crowd)
                await connection.DisposeAsync();
        }

        await Waiting.UntilAsync(async () => (await db.CountAsync("none")).Node == "crowded:replica-1", "the replica serves again");
    }

    private static string Named(string connectionString, string name) => new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name }.ConnectionString;

    private static async Task<long> SessionsAsync(string admin, string name)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(Ct);
        return (long)(await connection.ScalarAsync($"select count(*) from pg_stat_activity where application_name = '{name}'"))!;
    }
}
