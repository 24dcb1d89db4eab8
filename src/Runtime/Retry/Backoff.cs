namespace CompileTimeRouting;

/// <summary>How long to wait before an attempt on a node that has failed one already.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(400);

    /// <param name="failures">The attempts that failed so far, 1 or more.</param>
    /// <returns>Twice as long each time, up to a limit, less up to a half: calls that failed together don't return together.</returns>
    public static TimeSpan Of(int failures)
    {
        var time = Math.Min(First.TotalMilliseconds * Math.Pow(2, failures - 1), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(time * (1 - (Random.Shared.NextDouble() / 2)));
    }
}
