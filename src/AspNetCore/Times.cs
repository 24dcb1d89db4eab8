namespace CompileTimeRouting.AspNetCore;

/// <summary>Which times can be waited for.</summary>
internal static class Times
{
    // A timer takes no more than 49 days, and whoever waits for a day doesn't wait for a server.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <exception cref="ArgumentException">The time isn't more than zero and at most a day.</exception>
    public static void Require(TimeSpan time, string option, string parameter)
    {
        if (time <= TimeSpan.Zero || time > Longest)
            throw new ArgumentException($"{option} must be more than zero and at most a day.", parameter);
    }
}
