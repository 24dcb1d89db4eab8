using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>
/// Sessions where replicas have no position, as on Aurora: on plain PostgreSQL with functions of Aurora's names, in a database
/// of the test's own.
/// </summary>
public sealed class AuroraTests(SessionCluster shared) : IClassFixture<SessionCluster>
{
    private const string Functions = """
        create function aurora_db_instance_identifier() returns text language sql as $$ select 'node' $$;
        create function aurora_replica_status() returns table (server_id text, replica_lag_in_msec real) language sql as $$ select 'node', 20::real $$;
        """;

    private PostgresCluster Cluster => shared.Nodes;

    [Fact]
    public async Task After_its_first_write_the_primary_answers_a_session()
    {
        await ExecuteAsync("postgres", "create database aurora");
        await ExecuteAsync("aurora", $"{Functions} {Counters.Schema}; insert into counters values (1, 0); grant all on counters to public");
        await Cluster.WaitUntilCaughtUpAsync();
        await using var source = await Clusters.OpenAsync(Cluster, static options =>
        {
            options.Provider = ServerProvider.Aurora;
            options.Primary = In("aurora", options.Primary!);
            foreach (var replica in options.Replicas)
                replica.ConnectionString = In("aurora", replica.ConnectionString!);
        });
        Assert.All(source.GetSnapshot().Nodes, static n => Assert.Equal(NodeState.Up, n.State));
        var counters = new Counters(source);
        string token;
        using (var session = source.BeginSession())
        {
            Assert.NotEqual(Cluster.Primary.Port, (await counters.ReadAsync(1)).Port);
            for (var version = 1; version <= 20; version++)
            {
                await counters.WriteAsync(1, version);
                Assert.Equal(new Reading(version, Cluster.Primary.Port), await counters.ReadAsync(1));
                Assert.Equal(new Reading(version, Cluster.Primary.Port), counters.Read(1));
            }

            Assert.Equal(Cluster.Primary.Port, (await counters.ReadFreshAsync(1)).Port);
            token = await session.ExportAsync();
        }

        using (source.BeginSession(token))
            Assert.Equal(new Reading(20, Cluster.Primary.Port), await counters.ReadAsync(1));
    }

    private static string In(string database, string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(In(database, Cluster.Primary.AdminConnectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
