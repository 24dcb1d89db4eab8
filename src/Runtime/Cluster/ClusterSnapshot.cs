using System.Collections.Immutable;

namespace CompileTimeRouting;

/// <summary>What is known of all nodes of a data source at one moment. Immutable; holds no credentials.</summary>
public sealed class ClusterSnapshot
{
    internal ClusterSnapshot(ImmutableArray<NodeSnapshot> nodes, string? primary, DateTimeOffset? primaryGoneSince)
    {
        Nodes = nodes;
        Primary = primary;
        PrimaryGoneSince = primaryGoneSince;
    }

    /// <summary>The nodes in their configured order: the configured primary first.</summary>
    public ImmutableArray<NodeSnapshot> Nodes { get; }

    /// <summary>The name of the node that takes writes; null for none.</summary>
    public string? Primary { get; }

    /// <summary>Since when there is no primary; null while there is one.</summary>
    public DateTimeOffset? PrimaryGoneSince { get; }

    /// <summary>Whether there is a primary, as far as is known, and no node is known to be bad.</summary>
    public bool IsHealthy => Primary is not null && Nodes.All(static n => n.State != NodeState.Down);
}
