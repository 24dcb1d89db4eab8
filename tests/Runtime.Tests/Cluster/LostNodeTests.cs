using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

/// <summary>Who waits for a connection to a node that is found down.</summary>
public sealed class LostNodeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly SilentServer _server = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_at_a_full_pool_leaves(bool blocking)
    {
        using var pool = _server.Pool("replica-1", maxSize: 1);
        var first = SilentServer.Open(pool, 1, Ct)[0];
        var second = blocking
            ? Task.Factory.StartNew(() => pool.Open(), Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : pool.OpenAsync(leavesSessionClean: false, Ct).AsTask();
        await Waiting.UntilAsync(() => pool.Leases >= 2, "both are waited for");
        await Task.Delay(100, Ct);
        pool.Abandon(breakLeases: true);

        // Npgsql's own limit is 15 seconds.
        await Assert.ThrowsAsync<NodeLostException>(() => first.WaitAsync(Patience, Ct));
        await Assert.ThrowsAsync<NodeLostException>(() => second.WaitAsync(Patience, Ct));
        Assert.Equal(0, pool.Leases);
    }

    [Fact]
    public async Task A_blocking_open_waits_for_nothing_that_needs_its_thread()
    {
        using var pool = _server.Pool("replica-1");
        var opening = Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(new DeadEnd());
                Assert.Throws<NodeLostException>(() => pool.Open());
                Assert.IsType<DeadEnd>(SynchronizationContext.Current);
            }, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Waiting.UntilAsync(() => pool.Leases > 0, "one is waited for");
        await Task.Delay(100, Ct);
        pool.Abandon(breakLeases: true);
        await opening.WaitAsync(Patience, Ct);
    }

    [Fact]
    public async Task Who_comes_late_with_an_old_table_doesnt_begin_to_wait()
    {
        using var pool = _server.Pool("replica-1", maxSize: 1);
        pool.IsAway = true;
        pool.Abandon(breakLeases: true);
        await Assert.ThrowsAsync<NodeLostException>(() => SilentServer.Open(pool, 1, Ct)[0].WaitAsync(Patience, Ct));
        await Assert.ThrowsAsync<NodeLostException>(() => Task.Run(() => pool.Open(), Ct).WaitAsync(Patience, Ct));
        Assert.Equal(0, pool.Leases);

        // Back again, it is waited for: here in vain.
        pool.IsAway = false;
        using var end = new CancellationTokenSource();
        var opening = SilentServer.Open(pool, 1, end.Token)[0];
        await Task.Delay(100, Ct);
        Assert.False(opening.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task What_one_does_when_it_is_lost_holds_up_neither_the_monitor_nor_the_others()
    {
        using var pool = _server.Pool("replica-1");
        using var block = new ManualResetEventSlim();
        var openings = SilentServer.Open(pool, 4, Ct);

        // As the code after an await runs: at once, on the thread that ends what is awaited.
        var user = openings[1].ContinueWith(
            t =>
            {
                _ = t.Exception;
                block.Wait(Patience, Ct);
            }, Ct, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await Task.Run(() => pool.Abandon(breakLeases: true), Ct).WaitAsync(Patience / 2, Ct);
        foreach (var other in new[] { openings[0], openings[2], openings[3] })
            await Assert.ThrowsAsync<NodeLostException>(() => other.WaitAsync(Patience / 2, Ct));
        Assert.False(user.IsCompleted);
        block.Set();
        await user;
    }

    /// <summary>A context of one thread that is busy: what is sent to it never runs.</summary>
    private sealed class DeadEnd : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();
    }
}
