namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>A standby's data is thrown away and copied anew.</summary>
internal static class Clones
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("re-cloned replica", async run =>
        {
            await run.FaultAsync(run.First, () => run.First.RecloneAsync());
            await run.HealAsync(() => Task.CompletedTask);
            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { OutOfServiceWithin = Expectation.DeadWithin, NoWriteFails = true },
        },
    ];
}
