namespace CompileTimeRouting.Cluster;

/// <summary>
/// What probes and calls have told of one node so far, before it is weighed against the other nodes. Times are those of
/// <see cref="System.Diagnostics.Stopwatch"/>. Immutable.
/// </summary>
internal sealed record NodeFacts
{
    public static NodeFacts None { get; } = new();

    /// <summary>A node that was added while others are in use: it gets nothing before it has answered.</summary>
    public static NodeFacts Joining { get; } = new() { IsJoining = true };

    /// <summary>Whether it was added later, so that the configuration's word isn't enough.</summary>
    public bool IsJoining { get; init; }

    /// <summary>When the newest probe began that counts.</summary>
    public long ProbedAt { get; init; } = long.MinValue;

    public DateTimeOffset? LastChecked { get; init; }

    /// <summary>When the newest answer had come.</summary>
    public long AnsweredAt { get; init; }

    /// <summary>The newest answer; it stays when later probes get none.</summary>
    public ProbeAnswer? Answer { get; init; }

    /// <summary>Why the node counts as unreachable; null while it doesn't.</summary>
    public string? Failure { get; init; }

    /// <summary>
    /// Why the newest probe was refused, by a server that is well, or for long had no place there: what runs there goes on, but
    /// nothing new is known of it. Null where it wasn't.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>Probes in a row that got no answer in time.</summary>
    public int Timeouts { get; init; }

    /// <summary>Probes in a row whose time-out came late, so that they tell nothing.</summary>
    public int LateTimeouts { get; init; }

    /// <summary>Whether something went wrong since the newest answer: it gets no reads until the next one.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>Whether the newest probe found no connection left: the node isn't gone, but the probe had no place.</summary>
    public bool IsFull { get; init; }

    /// <summary>How long the newest answer took.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>The moving average of the same, in which calls that failed count as slow.</summary>
    public TimeSpan? AverageRoundTrip { get; init; }

    /// <summary>Whether others have a much shorter round trip.</summary>
    public bool IsFar { get; init; }

    /// <summary>The time before which everything acknowledged on the primary is here; null where it isn't known.</summary>
    public long? CoveredAt { get; init; }

    /// <summary>
    /// Whether this run of the server was ever seen to have reached a position that the primary was asked for: before that
    /// nothing is known of how far it is behind.
    /// </summary>
    public bool HasReached { get; init; }

    /// <summary>How far behind the primary it is; null where it isn't known.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The same in bytes of WAL.</summary>
    public long? LagBytes { get; init; }

    /// <summary>Whether it is too far behind for reads.</summary>
    public bool IsLagging { get; init; }

    /// <summary>Whether it is known to have gone another way than the primary: what it has isn't what the cluster has.</summary>
    public bool HasDiverged { get; init; }

    /// <summary>When it came back; 0 where it was never away.</summary>
    public long BackSince { get; init; }

    /// <summary>Failures of calls in a row: none succeeded in between, though probes did.</summary>
    public int Failures { get; init; }

    /// <summary>
    /// The end of the time for which it gets no reads although probes find it good; after it one read tells whether it is. 0
    /// where it isn't out.
    /// </summary>
    public long EjectedUntil { get; init; }

    /// <summary>When that read was last offered; 0 for not yet.</summary>
    public long TrialAt { get; init; }

    public bool HasAnswered => Answer is not null && Failure is null;

    /// <summary>Whether there is nobody to connect to.</summary>
    public bool IsGone => Failure is not null && Refusal is null;

    public bool InRecovery => Answer is { InRecovery: true };
}
