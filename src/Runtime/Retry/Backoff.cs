namespace CompileTimeRouting;

/// <summary>How long to wait before what has failed is tried again.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(400);

    /// <summary>Before an attempt on a node that has failed one already.</summary>
    /// <param name="failures">The attempts that failed so far, 1 or more.</param>
    /// <returns>Less up to a half: calls that failed together don't return together.</returns>
    public static TimeSpan Of(int failures) => Doubled(First, Longest, failures) * (1 - (Random.Shared.NextDouble() / 2));

    /// <summary>Before a node that has failed its calls is tried again.</summary>
    /// <param name="first">After the first failure.</param>
    /// <param name="longest">However many there were.</param>
    /// <param name="failures">How many, 1 or more.</param>
    /// <param name="chance">From 0 to 1.</param>
    /// <returns>A quarter more or less: processes that have found it at one moment don't all try it at another.</returns>
    public static TimeSpan Spread(TimeSpan first, TimeSpan longest, int failures, double chance) => Doubled(first, longest, failures) * (0.75 + (chance / 2));

    // Twice as long each time, up to a limit.
    private static TimeSpan Doubled(TimeSpan first, TimeSpan longest, int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(first.TotalMilliseconds * Math.Pow(2, failures - 1), longest.TotalMilliseconds));
}
