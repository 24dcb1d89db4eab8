namespace CompileTimeRouting.Cluster;

/// <summary>Whether reads go to a replica.</summary>
internal enum ReplicaUse
{
    /// <summary>It is gone, the primary now, or no replica of the cluster.</summary>
    None = 0,

    /// <summary>It answers, but lags: it is used where nothing better is left and the read may be stale.</summary>
    Lagging,

    /// <summary>It has just failed a call, or did so again and again, and may be good all the same: it is used before a read is refused.</summary>
    Suspect,

    /// <summary>It has been out for its failures, and one read is to tell whether it is good again. Otherwise as <see cref="Suspect"/>.</summary>
    OnTrial,

    /// <summary>Reads go there.</summary>
    InService,
}
