namespace CompileTimeRouting.Cluster.Balancing;

/// <summary>
/// Which replicas are near, by their round trips. Near enough to come in is nearer than near enough to stay: at the limit a
/// replica would come and go.
/// </summary>
internal static class NearReplicas
{
    // Factors for networks, constants for machines: on one switch a tenth of a millisecond is noise.
    private const double ComesIn = 1.25;
    private const double Stays = 1.5;
    private static readonly TimeSpan ComesInNoise = TimeSpan.FromMilliseconds(0.25);
    private static readonly TimeSpan StaysNoise = TimeSpan.FromMilliseconds(1);

    // A probe in four counts: one slow answer changes nothing.
    private const double NewestShare = 0.25;

    // What a failed call counts as, whatever it took: who fails fast must not look quick.
    private static readonly TimeSpan Failure = TimeSpan.FromSeconds(1);

    /// <summary>Whether each of some replicas that could serve the same reads is near.</summary>
    /// <param name="replicas">The average round trip of each, null where it isn't known, and whether it was near so far.</param>
    public static bool[] Of(IReadOnlyList<(TimeSpan? RoundTrip, bool WasNear)> replicas)
    {
        if (replicas.Min(static r => r.RoundTrip) is not { } best)
            return [.. replicas.Select(static _ => true)];
        return [.. replicas.Select(r => r.RoundTrip <= (r.WasNear ? (best * Stays) + StaysNoise : (best * ComesIn) + ComesInNoise))];
    }

    /// <summary>The moving average of round trips.</summary>
    /// <param name="average">The one so far; null before the first answer.</param>
    /// <param name="newest">The newest round trip; null for a call that failed.</param>
    public static TimeSpan? Average(TimeSpan? average, TimeSpan? newest)
    {
        var sample = newest ?? Failure;
        return average is { } before ? before + ((sample - before) * NewestShare) : newest;
    }
}
