namespace CompileTimeRouting.AspNetCore;

/// <summary>Which times can be waited for.</summary>
internal static class Times
{
    // A timer takes no more than 49 days, and whoever waits for a day doesn't wait for a server.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static bool IsTimeout(TimeSpan time) => time > TimeSpan.Zero && time <= Longest;
}
