namespace CompileTimeRouting;

/// <summary>
/// Faults that tests build into the consistency of sessions, to prove that their checker would find them. Never set otherwise.
/// </summary>
internal enum ConsistencyMutation
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A write counts from its beginning, before it was committed.</summary>
    CaptureBeforeCommit,

    /// <summary>The position that a write brings back is asked for before its commit.</summary>
    PositionBeforeCommit,

    /// <summary>Positions of one timeline are compared with those of another.</summary>
    IgnoreTimeline,

    /// <summary>A position of the primary counts from the time after it was read.</summary>
    TimeAfterAnswer,
}
