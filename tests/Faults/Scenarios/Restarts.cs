using CompileTimeRouting.Faults.Injection;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>A shutdown in good order (57P01 to every session), then a start-up that refuses sessions with 57P03.</summary>
internal static class Restarts
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("restart a replica, 57P03 for 2 s", async run =>
        {
            var directory = await Startup.PrepareAsync(run.First);
            await run.FaultAsync(run.First, () => Startup.RestartSlowlyAsync(run.First, directory, TimeSpan.FromSeconds(2)));
            await run.HealAsync(() => Task.CompletedTask);
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { OutOfServiceWithin = Expectation.DeadWithin, NoWriteFails = true },
        },
        new("restart the primary", async run =>
        {
            await run.FaultAsync(run.Primary, () => run.Primary.RestartAsync());
            await run.HealAsync(() => Task.CompletedTask);
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { WritesAgainWithin = Expectation.WritesAfterPromotion },
        },
    ];
}
