using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>The servers' clocks say different things, by libfaketime; lag must not depend on them.</summary>
internal static class ClockSkews
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("clocks of the replicas an hour ahead and behind", static run => run.ForAsync(4, 15))
        {
            Expected = new() { NoNodeGoesDown = true, NoWriteFails = true, OldestAnswer = TimeSpan.FromSeconds(1), SmallestShare = 35 },
            Prepare = static cluster => MoveAsync(cluster, Hour, -Hour),
            Restore = static cluster => MoveAsync(cluster, TimeSpan.Zero, TimeSpan.Zero),
            WhyUnavailable = static () => Task.FromResult(PostgresNode.WhyClockCannotBeSet),
        },
    ];

    private static async Task MoveAsync(PostgresCluster cluster, TimeSpan first, TimeSpan second)
    {
        await Task.WhenAll(cluster.Replicas[0].SetClockAsync(first), cluster.Replicas[1].SetClockAsync(second));
        await cluster.WaitUntilCaughtUpAsync();
    }
}
