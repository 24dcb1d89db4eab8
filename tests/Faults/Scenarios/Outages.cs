namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>Nothing is left, and then all is there again.</summary>
internal static class Outages
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("everything down, everything back", async run =>
        {
            await run.FaultAsync(run.Cluster.Nodes, () => Task.WhenAll(run.Cluster.Nodes.Select(static n => n.KillAsync())));
            await run.ForAsync(3, 10);
            await run.HealAsync(async () =>
            {
                // A standby that comes first would wait for its primary.
                await run.Primary.StartAsync();
                await Task.WhenAll(run.Cluster.Replicas.Select(static r => r.StartAsync()));
            });
            await run.ForAsync(3, 10);
        })
        {
            Expected = new()
            {
                NoReadFails = false,
                OutOfServiceWithin = Expectation.DeadWithin,
                WritesAgainWithin = Expectation.WritesAfterPromotion,
            },
        },
    ];
}
