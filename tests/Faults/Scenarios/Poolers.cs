namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>
/// A pgbouncer in transaction mode stands before each node, and probes go through it, too: connections to it stay when the
/// server behind it dies, and what is wrong it says in its own words.
/// </summary>
internal static class Poolers
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("behind pgbouncer: kill -9 a replica", async run =>
        {
            await run.FaultAsync(run.First, () => run.First.KillAsync());
            await run.ForAsync(4, 10);
            await run.HealAsync(() => run.First.StartAsync());
            await run.ForAsync(4, 10);
        })
        {
            BehindPooler = true,
            WhyUnavailable = WhyUnavailableAsync,
            Expected = new() { OutOfServiceWithin = Expectation.FrozenWithin, NoWriteFails = true },
        },
        new("behind pgbouncer: kill -9 the primary, promote a replica", async run =>
        {
            await run.FaultAsync(run.Primary, () => run.Primary.KillAsync());
            await run.ForAsync(1, 3);
            await run.PromoteAsync(run.First);
            await run.Second.RecloneAsync(run.First);
            await run.ForAsync(4, 10);
        })
        {
            BehindPooler = true,
            WhyUnavailable = WhyUnavailableAsync,
            Expected = new()
            {
                OutOfServiceWithin = Expectation.FrozenWithin,
                WritesAgainWithin = Expectation.WritesAfterPromotion,
                BackWithin = null,
            },
            Prepare = static cluster => cluster.Primary.MakeSynchronousAsync(cluster.Replicas[0]),
            SpoilsCluster = true,
        },
    ];

    private static Task<string?> WhyUnavailableAsync() => Task.FromResult(PgBouncer.Unavailable);
}
