using System.Collections.Immutable;

namespace CompileTimeRouting;

/// <summary>What is known of all nodes of a data source at one moment. Immutable; holds no credentials.</summary>
public sealed class ClusterSnapshot
{
    internal ClusterSnapshot(
        ImmutableArray<NodeSnapshot> nodes, string? primary, DateTimeOffset? primaryGoneSince, TimeSpan lagThreshold = default, bool readReplicasEnabled = true,
        ImmutableArray<ClusterChange> recentChanges = default)
    {
        Nodes = nodes;
        Primary = primary;
        PrimaryGoneSince = primaryGoneSince;
        LagThreshold = lagThreshold;
        ReadReplicasEnabled = readReplicasEnabled;
        RecentChanges = recentChanges.IsDefault ? [] : recentChanges;
    }

    /// <summary>The nodes in their configured order: the configured primary first.</summary>
    public ImmutableArray<NodeSnapshot> Nodes { get; }

    /// <summary>The name of the node that takes writes; null for none.</summary>
    public string? Primary { get; }

    /// <summary>Since when there is no primary; null while there is one.</summary>
    public DateTimeOffset? PrimaryGoneSince { get; }

    /// <summary>How far behind a replica may be and still serve reads: <see cref="RoutingOptions.LagThreshold"/>.</summary>
    public TimeSpan LagThreshold { get; }

    /// <summary>Whether reads go to replicas: <see cref="RoutingOptions.EnableReadReplicas"/>.</summary>
    public bool ReadReplicasEnabled { get; }

    /// <summary>The last 50 changes, the newest first.</summary>
    public ImmutableArray<ClusterChange> RecentChanges { get; }

    /// <summary>Whether there is a primary, as far as is known, and no node is known to be bad.</summary>
    public bool IsHealthy => Primary is not null && Nodes.All(static n => n.State != NodeState.Down);
}
