using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Load;
using Npgsql;

namespace CompileTimeRouting.Faults;

/// <summary>
/// A recovery conflict that no delay puts off: a read holds a page that the standby has to clean up, and comes to wait for a
/// lock that the standby's recovery holds (<c>CheckRecoveryConflictDeadlock</c> in PostgreSQL's standby.c).
/// </summary>
public class DeadlockTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_in_a_deadlock_with_the_recovery_is_answered_elsewhere()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Replicas = 1,
            Settings = { ["max_prepared_transactions"] = "5", ["max_standby_streaming_delay"] = "-1", ["deadlock_timeout"] = "100ms", ["autovacuum"] = "off" },
        }, Ct);
        var primary = cluster.Primary;
        await primary.ExecuteAsAdminAsync(
            "create table pages (a int)", "create table locked (a int)", "insert into pages values (1)", "grant select on pages, locked to public",
            "begin", "insert into pages select generate_series(1, 100)", "rollback",
            "begin", "lock table locked", "prepare transaction 'held'",
            "insert into pages values (2)");
        await cluster.WaitUntilCaughtUpAsync(Ct);
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = primary.ConnectionString,
            Replicas = [new() { ConnectionString = cluster.Replicas[0].ConnectionString }],
        });
        Assert.True((await db.VerifyAsync(Ct)).IsHealthy);

        TaskCompletionSource pinned = new(), waiting = new();
        var reading = Task.Run(() => RetriedRead.RunAsync(db, "waiting", async lease =>
        {
            await using var transaction = await lease.Connection.BeginTransactionAsync(Ct);
            await ExecuteAsync(transaction, "declare held cursor for select a from pages");
            await ExecuteAsync(transaction, "fetch forward from held");
            pinned.TrySetResult();
            await waiting.Task.WaitAsync(Ct);
            await ExecuteAsync(transaction, "select count(*) from locked");
            return lease.NodeName;
        }, Ct), Ct);
        await pinned.Task.WaitAsync(Ct);
        await primary.ExecuteAsAdminAsync("vacuum freeze pages");
        await cluster.Replicas[0].UntilActiveAsync("backend_type = 'startup' and wait_event_type = 'BufferPin'");
        waiting.SetResult();

        // It has come to the primary, where the lock is held, too.
        await primary.UntilActiveAsync("wait_event_type = 'Lock' and query like '%from locked'");
        await primary.ExecuteAsAdminAsync("rollback prepared 'held'");
        var (answeredBy, failures) = await reading;
        Assert.Equal("primary-read-only", answeredBy);
        Assert.Equal(PostgresErrorCodes.DeadlockDetected, Assert.Single(failures));
        Assert.Equal(NodeState.Up, db.GetSnapshot().Nodes[1].State);
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
