namespace CompileTimeRouting.Cluster;

/// <summary>
/// Of many calls that ask for new connections at about the same time, because they fail for the same reason, the first one
/// counts.
/// </summary>
internal static class Renewal
{
    /// <summary>How many milliseconds calls are apart that are about the same time.</summary>
    public const long Gap = 1000;

    /// <param name="renewedAt">The <see cref="Environment.TickCount64"/> of the last one that counted, which this one replaces if it counts; 0 for none.</param>
    public static bool IsFirst(ref long renewedAt)
    {
        var now = Environment.TickCount64;
        var last = Volatile.Read(ref renewedAt);
        return (last == 0 || now - last >= Gap) && Interlocked.CompareExchange(ref renewedAt, now, last) == last;
    }
}
