using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting;

/// <summary>How the reads that must see their session's writes were served, and what became of tokens. Safe for use by many threads.</summary>
internal sealed class ConsistencyOutcomes(RoutingMetrics metrics)
{
    private readonly long[] _tokens = new long[Enum.GetValues<TokenOutcome>().Length];
    private long _satisfied;
    private long _waited;
    private long _primary;

    /// <summary>Reads that a replica served at once.</summary>
    public long Satisfied => Volatile.Read(ref _satisfied);

    /// <summary>Reads that a replica served after a wait.</summary>
    public long Waited => Volatile.Read(ref _waited);

    /// <summary>Reads that the primary served.</summary>
    public long Primary => Volatile.Read(ref _primary);

    public long Tokens(TokenOutcome outcome) => Volatile.Read(ref _tokens[(int)outcome]);

    public void CountReplica(bool waited)
    {
        Interlocked.Increment(ref waited ? ref _waited : ref _satisfied);
        metrics.SessionRead(waited ? "waited" : "satisfied");
    }

    public void CountPrimary()
    {
        Interlocked.Increment(ref _primary);
        metrics.SessionRead("primary");
    }

    public void Count(TokenOutcome outcome)
    {
        Interlocked.Increment(ref _tokens[(int)outcome]);
        metrics.SessionToken(outcome switch
        {
            TokenOutcome.Accepted => "accepted",
            TokenOutcome.Malformed => "malformed",
            TokenOutcome.Forged => "forged",
            TokenOutcome.Expired => "expired",
            TokenOutcome.Ahead => "ahead",
            _ => "other_history",
        });
    }
}
