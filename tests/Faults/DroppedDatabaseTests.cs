using CompileTimeRouting.DevCluster;
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

        var route = new ReadRoute("sleeping");
        var failures = new List<string?>();
        var reading = Task.Run(async () =>
        {
            CallAttempts? attempts = null;
            while (true)
            {
                await using var lease = await db.OpenReadAsync(route, attempts, Ct);
                try
                {
                    await using var command = new NpgsqlCommand("select current_database() from (select case when pg_is_in_recovery() then pg_sleep(30) end) as slept", lease.Connection);
                    return $"{lease.NodeName} {await command.ExecuteScalarAsync(Ct)}";
                }
                catch (NpgsqlException e) when (db.ShouldRetry(route, in lease, e, ref attempts, Ct))
                {
                    failures.Add(e.SqlState);
                }
            }
        }, Ct);
        await Waiting.UntilAsync(
            async () => await cluster.Replicas[0].ExecuteAsAdminAsync("select exists (select from pg_stat_activity where wait_event = 'PgSleep')") is true, "the read is under way");
        await cluster.Primary.ExecuteAsAdminAsync("drop database doomed");
        Assert.Equal("primary-read-only app", await reading);
        Assert.Equal(PostgresErrorCodes.DatabaseDropped, Assert.Single(failures));
    }
}
