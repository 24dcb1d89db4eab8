namespace CompileTimeRouting.DevCluster;

/// <summary>What a server of the cluster is doing.</summary>
public enum PostgresNodeState
{
    /// <summary>No process: connections are refused.</summary>
    Stopped,

    /// <summary>The server runs.</summary>
    Running,

    /// <summary>All its processes are suspended: connections and queries hang.</summary>
    Frozen,
}
