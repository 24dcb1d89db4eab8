using System.Collections.Immutable;

namespace CompileTimeRouting;

/// <summary>What is known of all nodes of a data source at one moment. Immutable; holds no credentials.</summary>
public sealed class ClusterSnapshot
{
    internal ClusterSnapshot(ImmutableArray<NodeSnapshot> nodes) => Nodes = nodes;

    /// <summary>The nodes: the primary first, then the replicas in their configured order.</summary>
    public ImmutableArray<NodeSnapshot> Nodes { get; }

    /// <summary>Whether no node is known to be bad.</summary>
    public bool IsHealthy => Nodes.All(static n => n.State != NodeState.Down);
}
