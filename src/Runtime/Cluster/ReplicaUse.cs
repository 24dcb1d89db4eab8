namespace CompileTimeRouting.Cluster;

/// <summary>Whether reads go to a replica.</summary>
internal enum ReplicaUse
{
    /// <summary>It is gone, or no replica of the cluster.</summary>
    None = 0,

    /// <summary>It answers, but lags, or has just failed: it is used where nothing better is left.</summary>
    OutOfStep,

    /// <summary>Reads go there.</summary>
    InService,
}
