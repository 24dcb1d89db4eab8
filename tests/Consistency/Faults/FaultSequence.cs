using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency.Faults;

/// <summary>One fault after the other, by a seed, each of which ends before the next one begins.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The faults are repeatable: they come from a seed.")]
internal sealed class FaultSequence(PostgresCluster cluster, Random random, Action nextEra)
{
    private readonly List<PostgresNode> _replicas = [.. cluster.Replicas];
    private PostgresNode _primary = cluster.Primary;

    private PostgresNode AnyReplica => _replicas[random.Next(_replicas.Count)];

    private TimeSpan Moment => TimeSpan.FromSeconds(0.5 + random.NextDouble());

    /// <summary>The faults in the order of their names; a sequence of all of them is shuffled anew each time.</summary>
    public async Task RunAllAsync(Func<bool> isOver, Action<string> log)
    {
        (string Name, Func<Task> Act)[] faults =
        [
            ("replay is delayed", DelayAsync), ("replay is delayed on all", DelayAllAsync), ("replay pauses", PauseAsync),
            ("a replica is killed", KillReplicaAsync), ("a WAL receiver is cut", CutAsync), ("a replica is cloned anew", RecloneAsync),
            ("a replica's session crashes", CrashReplicaAsync), ("the primary's session crashes", () => _primary.CrashAsync()),
            ("the primary is killed", KillPrimaryAsync), ("a replica is promoted", PromoteAsync), ("commits are asynchronous", CommitAsynchronouslyAsync),
        ];
        random.Shuffle(faults);
        foreach (var (name, act) in faults)
        {
            if (isOver())
                return;
            log(name);
            await act();
            await Task.Delay(Moment);
        }
    }

    private async Task DelayAsync()
    {
        var replica = AnyReplica;
        await replica.SetApplyDelayAsync(TimeSpan.FromMilliseconds(random.Next(5_000)));
        await Task.Delay(2 * Moment);
        await replica.SetApplyDelayAsync(TimeSpan.Zero);
    }

    private async Task DelayAllAsync()
    {
        var most = ConsistencySettings.IsLong ? 5_000 : 100;
        foreach (var replica in _replicas)
            await replica.SetApplyDelayAsync(TimeSpan.FromMilliseconds(random.Next(most)));
        await Task.Delay(2 * Moment);
        foreach (var replica in _replicas)
            await replica.SetApplyDelayAsync(TimeSpan.Zero);
    }

    private async Task PauseAsync()
    {
        var replica = AnyReplica;
        await replica.PauseReplayAsync();
        await Task.Delay(2 * Moment);
        await replica.ResumeReplayAsync();
    }

    private async Task KillReplicaAsync()
    {
        var replica = AnyReplica;
        await replica.KillAsync();
        await Task.Delay(Moment);
        await replica.StartAsync();
    }

    // What it had replayed since its last restart point it replays again, and late.
    private async Task CrashReplicaAsync()
    {
        var replica = AnyReplica;
        await replica.SetApplyDelayAsync(TimeSpan.FromSeconds(3));
        await replica.CrashAsync();
        await Task.Delay(2 * Moment);
        await replica.SetApplyDelayAsync(TimeSpan.Zero);
    }

    private async Task CutAsync()
    {
        var replica = AnyReplica;
        await replica.CutWalReceiverAsync();
        await Task.Delay(2 * Moment);
        await replica.RestoreWalReceiverAsync();
    }

    private Task RecloneAsync() => AnyReplica.RecloneAsync(_primary);

    private async Task KillPrimaryAsync()
    {
        await _primary.KillAsync();
        await Task.Delay(Moment / 2);
        await _primary.StartAsync();
    }

    // Nothing that was acknowledged is lost: the standby that takes over is synchronous.
    private async Task PromoteAsync()
    {
        var (former, heir) = (_primary, AnyReplica);
        // While a commit waits for the standby another one may show it already (docs/consistency.md).
        nextEra();
        await former.MakeSynchronousAsync(heir);
        await former.KillAsync();
        await heir.PromoteAsync();
        nextEra();
        await heir.ResetAsync("synchronous_standby_names");
        _primary = heir;
        _replicas.Remove(heir);
        var follower = _replicas[0];

        // A standby that goes on by itself, or one that is cloned: it may have been ahead of the one that took over.
        await Task.Delay(Moment);
        await follower.RecloneAsync(heir);
        await former.RecloneAsync(heir);
        _replicas.Add(former);
        foreach (var replica in _replicas)
            await replica.WaitUntilCaughtUpAsync();
    }

    private async Task CommitAsynchronouslyAsync()
    {
        await _primary.SetAsync("synchronous_commit", "off");
        await Task.Delay(2 * Moment);
        await _primary.ResetAsync("synchronous_commit");

        // What isn't on disk yet would be lost with the server.
        await Task.Delay(TimeSpan.FromSeconds(1));
    }
}
