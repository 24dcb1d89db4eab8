namespace CompileTimeRouting;

/// <summary>What can change among the nodes.</summary>
public enum ClusterChangeKind
{
    /// <summary>A node answers, and is of use in its role.</summary>
    NodeUp,

    /// <summary>A node is down: unreachable, silent, or of no use.</summary>
    NodeDown,

    /// <summary>A replica is further behind than it may be.</summary>
    NodeLagging,

    /// <summary>A node answers, but something about it is not as it should be.</summary>
    NodeUnfit,

    /// <summary>A node failed calls although probes find it good, and gets no reads for a while.</summary>
    NodeEjected,

    /// <summary>A node takes no more connections, and goes on with those it has.</summary>
    NodeFull,

    /// <summary>There is no primary: writes fail.</summary>
    PrimaryGone,

    /// <summary>A node is the primary now.</summary>
    PrimaryIs,

    /// <summary>No replica may serve reads.</summary>
    ReplicasGone,

    /// <summary>Replicas serve reads again.</summary>
    ReplicasBack,

    /// <summary>The configuration changed: nodes join or leave.</summary>
    NodesChanged,

    /// <summary>Another cluster answers at the configured addresses, and none of the nodes of the one before.</summary>
    ClusterReplaced,

    /// <summary>
    /// A node writes where another one, perhaps another server, wrote before: until the next promotion no replica is known to have
    /// anything, and the primary answers reads that ask for more than any replica has.
    /// </summary>
    HistoryUnclear,
}
