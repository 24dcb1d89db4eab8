using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>Standbys that answer well, with the past.</summary>
internal static class Lags
{
    // The default is 5 s; with it the same takes longer.
    private static readonly TimeSpan Threshold = TimeSpan.FromSeconds(2);

    // The threshold, and what it may take to notice.
    private static readonly TimeSpan Noticed = Threshold + TimeSpan.FromSeconds(1.5);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Lag("replay paused", static run => [run.First], static r => r.PauseReplayAsync(), static r => r.ResumeReplayAsync()),
        Lag("replay paused on all replicas", static run => run.Cluster.Replicas, static r => r.PauseReplayAsync(), static r => r.ResumeReplayAsync()),
        Lag("apply delay 5 s", static run => [run.First], static r => r.SetApplyDelayAsync(TimeSpan.FromSeconds(5)), static r => r.SetApplyDelayAsync(TimeSpan.Zero)),
        Lag("WAL receiver cut", static run => [run.First], static r => r.CutWalReceiverAsync(), static r => r.RestoreWalReceiverAsync()),
    ];

    private static Scenario Lag(
        string name, Func<FaultRun, IReadOnlyList<PostgresNode>> which, Func<PostgresNode, Task> begin, Func<PostgresNode, Task> end) =>
        new(name, async run =>
        {
            var nodes = which(run);
            await run.FaultAsync(nodes, () => Task.WhenAll(nodes.Select(begin)));
            await run.ForAsync(4.5, 15);
            await run.HealAsync(() => Task.WhenAll(nodes.Select(end)));
            await run.ForAsync(3, 10);
        })
        {
            Routing = static options => options.LagThreshold = Threshold,
            Expected = new() { NoReadAfter = Noticed, OldestAnswer = Noticed, NoWriteFails = true },
        };
}
