namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>SIGKILL to all processes of a server, as a power cut.</summary>
internal static class Kills
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("kill -9 a replica", async run =>
        {
            await run.FaultAsync(run.First, () => run.First.KillAsync());
            await run.ForAsync(3, 10);
            await run.HealAsync(() => run.First.StartAsync());
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { OutOfServiceWithin = Expectation.DeadWithin, NoWriteFails = true },
        },
        new("kill -9 all replicas", async run =>
        {
            await run.FaultAsync(run.Cluster.Replicas, () => Task.WhenAll(run.Cluster.Replicas.Select(r => r.KillAsync())));
            await run.ForAsync(3, 10);
            await run.HealAsync(() => Task.WhenAll(run.Cluster.Replicas.Select(r => r.StartAsync())));
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { OutOfServiceWithin = Expectation.DeadWithin, NoWriteFails = true },
        },
        new("kill -9 the primary, restart it", async run =>
        {
            await run.FaultAsync(run.Primary, () => run.Primary.KillAsync());
            await run.ForAsync(3, 10);
            await run.HealAsync(() => run.Primary.StartAsync());
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { OutOfServiceWithin = Expectation.DeadWithin, WritesAgainWithin = Expectation.WritesAfterPromotion },
        },
    ];
}
