using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>SIGSTOP to all processes of a server: connects succeed, nothing answers.</summary>
internal static class Freezes
{
    // wal_retrieve_retry_interval: after a minute (wal_sender_timeout) the primary has ended the replication connection, and the
    // standby that comes to itself is stale until it asks for another one.
    private static readonly TimeSpan AfterSenderTimeout = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Freeze("freeze a replica", static run => run.First, 4, 20, new Expectation
        {
            OutOfServiceWithin = Expectation.FrozenWithin,
            NoWriteFails = true,
            // What was on its way when the node froze is taken elsewhere once that is known.
            LongestRead = Expectation.FrozenWithin + TimeSpan.FromSeconds(0.5),
        }),
        Freeze("freeze the primary", static run => run.Primary, 4, 20, new Expectation
        {
            OutOfServiceWithin = Expectation.FrozenWithin,
            WritesAgainWithin = Expectation.WritesAfterPromotion,
        }),
        Freeze("freeze a replica, thaw it after a minute (short form: 6 s)", static run => run.First, 6, 60, new Expectation
        {
            OutOfServiceWithin = Expectation.FrozenWithin,
            NoWriteFails = true,
            LongestRead = Expectation.FrozenWithin + TimeSpan.FromSeconds(0.5),
            BackWithin = FaultSettings.IsLong ? Expectation.BackSoon + AfterSenderTimeout : Expectation.BackSoon,
        }),
    ];

    private static Scenario Freeze(string name, Func<FaultRun, PostgresNode> which, double seconds, double inLongForm, Expectation expected) =>
        new(name, async run =>
        {
            var node = which(run);
            await run.FaultAsync(node, () => node.FreezeAsync());
            await run.ForAsync(seconds, inLongForm);
            await run.HealAsync(() => node.ThawAsync());
            await run.ForAsync(3, 10);
        })
        {
            Expected = expected,
        };
}
