using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>Whom standbys follow after a promotion, and what that proves: a cluster of its own, for its nodes change roles.</summary>
public class TimelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standbys_serve_while_they_follow_the_true_primary_and_a_former_one_is_not_believed()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2, Backend = ClusterBackend.Processes }, Ct);
        var (old, first, second) = (cluster.Primary, cluster.Replicas[0], cluster.Replicas[1]);
        await old.ExecuteAsAdminAsync("create table notes (id bigint generated always as identity primary key, text text not null); grant all on notes to app");
        await cluster.WaitUntilCaughtUpAsync(Ct);
        await using (var db = Open(cluster, static n => n.ConnectionString))
        {
            await db.VerifyAsync(Ct);
            await old.KillAsync(Ct);
            await first.PromoteAsync(Ct);
            await second.FollowAsync(first, Ct);
            await UntilAsync(db, s => s.Primary == "replica-1" && s.Nodes[2].State == NodeState.Up);

            // The role may not see what the receiver receives, and the control file is late; the standby serves on all the same.
            var until = DateTime.UtcNow.AddSeconds(3);
            while (DateTime.UtcNow < until)
            {
                await db.WriteAsync("after the turn");
                Assert.NotEqual(NodeState.Down, db.GetSnapshot().Nodes[2].State);
                await Task.Delay(50, Ct);
            }

            await UntilAsync(db, static s => s.Nodes[2].State == NodeState.Up);

            // With the former primary back, it takes a proof, which comes with the standby's next restart point.
            await old.StartAsync(Ct);
            await UntilAsync(db, static s => s.Nodes[0].Problem?.Contains("is a former primary", StringComparison.Ordinal) == true);
            await first.ExecuteAsAdminAsync("checkpoint");
            await second.WaitUntilCaughtUpAsync(Ct);
            await second.ExecuteAsAdminAsync("checkpoint");
            await UntilAsync(db, static s => s.Nodes[2] is { State: NodeState.Up, Timeline: 2 });
        }

        // A process that starts while the successor is down has never seen it. The standby knows.
        await first.KillAsync(Ct);
        await using (var db = Open(cluster, static n => n.ConnectionString))
        {
            var snapshot = await db.VerifyAsync(Ct);
            Assert.Null(snapshot.Primary);
            Assert.Contains("is a former primary: it takes writes on timeline 1, while the cluster has gone on to timeline 2", snapshot.Nodes[0].Problem, StringComparison.Ordinal);
            await Assert.ThrowsAsync<PrimaryUnavailableException>(() => db.WriteAsync("to whom"));
            Assert.Equal("replica-2", (await db.CountAsync("after the turn")).Node);
        }

        // A standby of the former primary, which is ahead by its number.
        await second.RecloneAsync(old, Ct);
        await first.StartAsync(Ct);
        await old.ExecuteAsAdminAsync("insert into notes (text) select 'lost' from generate_series(1, 20000)");
        await second.WaitUntilCaughtUpAsync(Ct);
        foreach (var role in new Func<PostgresNode, string>[] { static n => n.ConnectionString, static n => n.AdminConnectionString })
        {
            await using var db = Open(cluster, role);
            await db.VerifyAsync(Ct);
            await UntilAsync(db, static s => s.Primary == "replica-1" && s.Nodes[2] is { State: NodeState.Down, Problem: { } problem } && problem.Contains("doesn't follow the primary", StringComparison.Ordinal));
            for (var i = 0; i < 20; i++)
                Assert.Equal(("replica-1", 0L), await db.CountAsync("lost"));
        }
    }

    private static RoutedDataSource Open(PostgresCluster cluster, Func<PostgresNode, string> settings) => RoutedDataSource.Create(new RoutingOptions
    {
        Primary = settings(cluster.Primary),
        Replicas = [.. cluster.Replicas.Select(r => new ReplicaOptions { ConnectionString = settings(r) })],
        LagThreshold = TimeSpan.FromSeconds(1),
    });

    private static async Task UntilAsync(RoutedDataSource db, Func<ClusterSnapshot, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition(db.GetSnapshot()))
        {
            Assert.False(patience.IsCancellationRequested, $"it takes too long: {string.Join("; ", db.GetSnapshot().Nodes.Select(static n => $"{n.Name} {n.Role} {n.State} {n.Timeline} {n.Lag} {n.Problem}"))}");
            await Task.Delay(20, Ct);
        }
    }
}
