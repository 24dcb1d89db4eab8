using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Load;
using Npgsql;

namespace CompileTimeRouting.Faults;

/// <summary>A recovery conflict that no delay puts off: the standby has to drop a database that a read is in.</summary>
public class DroppedDatabaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_that_a_dropped_database_ends_is_answered_elsewhere()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, Ct);
        await cluster.Primary.ExecuteAsAdminAsync("create database doomed");
        await cluster.WaitUntilCaughtUpAsync(Ct);
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = new NpgsqlConnectionStringBuilder(cluster.Replicas[0].ConnectionString) { Database = "doomed" }.ConnectionString }],
        });
        Assert.True((await db.VerifyAsync(Ct)).IsHealthy);

        var reading = Task.Run(() => RetriedRead.RunAsync(db, "sleeping", async lease =>
        {
            await using var command = new NpgsqlCommand("select current_database() from (select case when pg_is_in_recovery() then pg_sleep(30) end) as slept", lease.Connection);
            return $"{lease.NodeName} {await command.ExecuteScalarAsync(Ct)}";
        }, Ct), Ct);
        await cluster.Replicas[0].UntilActiveAsync("wait_event = 'PgSleep'");
        await cluster.Primary.ExecuteAsAdminAsync("drop database doomed");
        var (answer, failures) = await reading;
        Assert.Equal("primary-read-only app", answer);
        Assert.Equal(PostgresErrorCodes.DatabaseDropped, Assert.Single(failures));
    }
}
