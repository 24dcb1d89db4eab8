namespace CompileTimeRouting;

/// <summary>What became of a token that a session was to go on from. All but the first begin a session that asks for everything there is now.</summary>
internal enum TokenOutcome
{
    /// <summary>It is of this cluster's present history.</summary>
    Accepted = 0,

    /// <summary>It is no token, cut off, or of a version that isn't known here.</summary>
    Malformed,

    /// <summary>It isn't signed by a key of this data source, or not signed where it has to be.</summary>
    Forged,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It is of another cluster or timeline.</summary>
    OtherHistory,

    /// <summary>It is of this history, and ahead of what this process knows of it: the usual case right after a write elsewhere.</summary>
    Ahead,
}
