using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>A process that starts while a replica is stale, and one that starts while the primary is busy.</summary>
public sealed class StaleStartTests : IAsyncLifetime
{
    private PostgresCluster _cluster = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 }, Ct);
        await _cluster.Primary.ExecuteAsAdminAsync("create table notes (id bigint generated always as identity primary key, text text not null); alter table notes owner to app");
        await _cluster.WaitUntilCaughtUpAsync(Ct);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private RoutedDataSource Open() => RoutedDataSource.Create(new RoutingOptions
    {
        Primary = _cluster.Primary.ConnectionString,
        Replicas = [.. _cluster.Replicas.Select(static r => new ReplicaOptions { ConnectionString = r.ConnectionString })],
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replica_that_has_been_stale_since_before_the_start_serves_no_read(bool isCut)
    {
        var stale = _cluster.Replicas[0];
        await (isCut ? stale.CutWalReceiverAsync(Ct) : stale.PauseReplayAsync(Ct));
        await using (var before = Open())
            await before.WriteAsync("written while nothing is replayed");

        await using var db = Open();
        var replica = (await db.VerifyAsync(Ct)).Nodes[1];
        Assert.Equal((NodeState.Lagging, null), (replica.State, replica.Lag));
        Assert.Contains(isCut ? "an unknown time behind the primary and receives nothing from it" : "an unknown time behind the primary:", replica.Problem);
        for (var i = 0; i < 10; i++)
            Assert.Equal(("replica-2", 1), await db.CountAsync("written while nothing is replayed"));

        await (isCut ? stale.RestoreWalReceiverAsync(Ct) : stale.ResumeReplayAsync(Ct));
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes[1].State == NodeState.Up, "the replica is good again");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("300ms")]
    public async Task Good_replicas_of_a_busy_primary_are_good_at_once(string behind)
    {
        foreach (var replica in _cluster.Replicas)
            await replica.SetAsync("recovery_min_apply_delay", behind);
        await using var busy = Open();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
                await busy.WriteAsync("busy");
        }));
        await Task.Delay(500, Ct);
        for (var i = 0; i < 10; i++)
        {
            await using var db = Open();
            Assert.All((await db.VerifyAsync(Ct)).Nodes, static n => Assert.Equal((NodeState.Up, null), (n.State, n.Problem)));
        }

        await end.CancelAsync();
        await writing;
    }
}
