using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Injection;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>Every packet to a server is dropped: connects and queries hang, and no reset ever comes.</summary>
internal static class Networks
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Drop("black-holed replica", static run => run.First, new Expectation
        {
            OutOfServiceWithin = Expectation.FrozenWithin,
            NoWriteFails = true,
            LongestRead = Expectation.FrozenWithin + TimeSpan.FromSeconds(0.5),
        }),
        // The writes that were on their way go on when the kernel sends their packets again, ever more seldom: no bound here.
        Drop("black-holed primary", static run => run.Primary, new Expectation { OutOfServiceWithin = Expectation.FrozenWithin }),
    ];

    private static Scenario Drop(string name, Func<FaultRun, PostgresNode> which, Expectation expected) =>
        new(name, async run =>
        {
            var node = which(run);
            BlackHole? hole = null;
            try
            {
                await run.FaultAsync(node, async () => hole = await BlackHole.OpenAsync(node));
                await run.ForAsync(4, 20);
            }
            finally
            {
                if (hole is not null)
                    await run.HealAsync(async () => await hole.DisposeAsync());
            }

            await run.ForAsync(3, 10);
        })
        {
            Expected = expected,
            WhyUnavailable = BlackHole.WhyUnavailableAsync,
        };
}
