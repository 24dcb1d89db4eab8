using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>
/// The profile for Aurora, without Aurora, which runs nowhere but at Amazon: a database of the test's own on plain
/// PostgreSQL has functions of Aurora's names, with the columns that are read. So this tells that the profile is detected
/// and how its answers are used, and not how Aurora answers.
/// </summary>
public sealed class AuroraTests(RoutedCluster cluster)
{
    private const string Functions = """
        create table lags (port text primary key, milliseconds real);
        grant select, insert on lags to public;
        create function aurora_db_instance_identifier() returns text language sql as $$ select 'node-' || current_setting('port') $$;
        create function aurora_replica_status() returns table (server_id text, replica_lag_in_msec real) language sql as
            $$ select 'node-' || port, milliseconds from lags $$;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerProvider.Auto)]
    [InlineData(ServerProvider.Aurora)]
    public async Task Lag_is_what_the_node_says_and_fresh_reads_go_to_the_primary(ServerProvider provider)
    {
        var database = $"aurora_{provider}".ToLowerInvariant();
        await ExecuteAsync("postgres", $"create database {database}");
        await ExecuteAsync(database, Functions + (provider == ServerProvider.Auto
            ? "create function pg_catalog.aurora_version() returns text language sql as $$ select '17.1' $$;" : ""));
        await SayAsync(database, 20, 30_000);
        await using var db = Open(database, provider);
        var nodes = (await db.VerifyAsync(Ct)).Nodes;
        Assert.Equal([NodeState.Up, NodeState.Up, NodeState.Lagging], nodes.Select(static n => n.State));
        Assert.Equal([null, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30)], nodes.Select(static n => n.Lag));
        Assert.All(nodes, static n => Assert.Null(n.LagBytes));
        Assert.Equal("replica-1", await NodeOfAsync(db, ReadConsistency.Eventual));
        Assert.Equal("primary-read-only", await NodeOfAsync(db, ReadConsistency.BoundedStaleness));

        // However long the replica has had what the session wrote: that can't be known.
        using (db.BeginSession())
        {
            await using (var write = await db.OpenWriteAsync(Ct))
                await write.Connection.ScalarAsync("insert into lags values ('nobody', 0)");
            await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
            Assert.Equal("primary-read-only", await NodeOfAsync(db, ReadConsistency.ReadYourWrites));
        }

        // Below the limit, but not clearly.
        await SayAsync(database, 20, 4_500);
        Assert.Equal(NodeState.Lagging, (await db.VerifyAsync(Ct)).Nodes[2].State);
        await SayAsync(database, null, 1_000);
        nodes = (await db.VerifyAsync(Ct)).Nodes;
        Assert.Equal([NodeState.Up, NodeState.Up, NodeState.Up], nodes.Select(static n => n.State));
        Assert.Equal([null, null, TimeSpan.FromSeconds(1)], nodes.Select(static n => n.Lag));
    }

    [Fact]
    public async Task A_node_that_is_none_of_Auroras_is_told()
    {
        await using var db = RoutedDataSource.Create(Plain(ServerProvider.Aurora));
        Assert.All((await db.VerifyAsync(Ct)).Nodes, static n => Assert.Contains("is no Aurora node: function aurora_", n.Problem, StringComparison.Ordinal));
        await using var standard = RoutedDataSource.Create(Plain(ServerProvider.Standard));
        Assert.All((await standard.VerifyAsync(Ct)).Nodes, static n => Assert.Equal(NodeState.Up, n.State));
    }

    private RoutingOptions Plain(ServerProvider provider)
    {
        var options = cluster.Options();
        options.Provider = provider;
        return options;
    }

    private static async Task<string> NodeOfAsync(RoutedDataSource db, ReadConsistency consistency)
    {
        await using var lease = await db.OpenReadAsync(new ReadRoute("Read", consistency), Ct);
        return lease.NodeName;
    }

    private static string In(string database, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    private RoutedDataSource Open(string database, ServerProvider provider)
    {
        // Probes come from the test alone, so that each state can be seen.
        var options = new RoutingOptions
        {
            Primary = In(database, cluster.Nodes.Primary.ConnectionString), Provider = provider, ProbeInterval = TimeSpan.FromHours(1),
        };
        foreach (var replica in cluster.Nodes.Replicas)
            options.Replicas.Add(new ReplicaOptions { ConnectionString = In(database, replica.ConnectionString) });
        return RoutedDataSource.Create(options);
    }

    private async Task SayAsync(string database, params double?[] milliseconds)
    {
        var values = cluster.Nodes.Replicas.Zip(milliseconds, (replica, lag) =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"('{replica.Port}', {(lag is { } known ? known.ToString(System.Globalization.CultureInfo.InvariantCulture) : "null")})"));
        await ExecuteAsync(database, $"delete from lags; insert into lags values {string.Join(", ", values)}");
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
    }

    private async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(In(database, cluster.Nodes.Primary.AdminConnectionString));
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
