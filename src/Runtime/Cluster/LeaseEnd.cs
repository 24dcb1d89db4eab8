namespace CompileTimeRouting.Cluster;

/// <summary>What becomes of a connection when its lease ends.</summary>
internal enum LeaseEnd : byte
{
    /// <summary>Nothing: the lease has ended, or never was one.</summary>
    None = 0,

    /// <summary>It goes back to its pool, which resets the session.</summary>
    Close,

    /// <summary>It may be used again as it is: what ran on it is proved to leave no session state.</summary>
    Keep,

    /// <summary>Nothing: it belongs to a unit of work, which gives it back.</summary>
    Shared,
}
