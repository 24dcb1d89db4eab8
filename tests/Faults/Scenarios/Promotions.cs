using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>
/// Another server becomes the primary. The first standby is synchronous, so that every acknowledged write is on it: what is
/// lost then was lost by whoever sent it to the wrong server.
/// </summary>
internal static class Promotions
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("kill -9 the primary, promote a replica", async run =>
        {
            await run.FaultAsync(run.Primary, () => run.Primary.KillAsync());
            await run.ForAsync(1, 3);
            await run.PromoteAsync(run.First);
            await run.Second.RecloneAsync(run.First);
            await run.ForAsync(3, 10);
        })
        {
            Expected = new()
            {
                OutOfServiceWithin = Expectation.DeadWithin,
                WritesAgainWithin = Expectation.WritesAfterPromotion,
                BackWithin = null,
            },
            Prepare = MakeFirstSynchronousAsync,
            SpoilsCluster = true,
        },
        new("promote a replica, kill the old primary, it comes back", async run =>
        {
            await run.FaultAsync(run.Primary, () => run.PromoteAsync(run.First));
            await run.ForAsync(1, 3);
            await run.Primary.KillAsync();
            await run.Second.RecloneAsync(run.First);
            await run.ForAsync(2, 5);

            // It is a primary still, alone now, and would take every write that comes.
            await run.Primary.StartAsync();
            await run.Primary.ResetAsync("synchronous_standby_names");
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { WritesAgainWithin = Expectation.WritesAfterPromotion, BackWithin = null },
            Prepare = MakeFirstSynchronousAsync,
            SpoilsCluster = true,
        },
        new("promote a replica, the other one stays with the old primary", async run =>
        {
            await run.FaultAsync(run.Second, () => run.PromoteAsync(run.First, isRemedy: false));
            await run.ForAsync(1.5, 1.5);

            // From here the old primary goes on by itself, and its standby with it: by their numbers they get ahead.
            await run.Primary.ResetAsync("synchronous_standby_names");
            await run.ForAsync(5, 15);
        })
        {
            Routing = static options => options.LagThreshold = LagThreshold,
            Expected = new() { WritesAgainWithin = Expectation.WritesAfterPromotion, NoReadAfter = LagThreshold + TimeSpan.FromSeconds(1.5), BackWithin = null },
            Prepare = MakeFirstSynchronousAsync,
            SpoilsCluster = true,
        },
    ];

    // The default is 5 s; with it the same takes longer.
    private static TimeSpan LagThreshold => TimeSpan.FromSeconds(2);

    private static Task MakeFirstSynchronousAsync(PostgresCluster cluster) => cluster.Primary.MakeSynchronousAsync(cluster.Replicas[0]);
}
