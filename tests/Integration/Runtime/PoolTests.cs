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

    private static string Named(string connectionString, string name) => new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name }.ConnectionString;

    private static async Task<long> SessionsAsync(string admin, string name)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(Ct);
        return (long)(await connection.ScalarAsync($"select count(*) from pg_stat_activity where application_name = '{name}'"))!;
    }
}
