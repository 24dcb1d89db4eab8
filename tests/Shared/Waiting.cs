using System.Diagnostics;

namespace CompileTimeRouting.Tests;

/// <summary>Waits for something that the servers, the monitor or another process bring about.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? patience = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, patience);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < (patience ?? Patience), $"It never came to be that {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
