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
    ];

    private static Task MakeFirstSynchronousAsync(PostgresCluster cluster) => cluster.Primary.MakeSynchronousAsync(cluster.Replicas[0]);
}
