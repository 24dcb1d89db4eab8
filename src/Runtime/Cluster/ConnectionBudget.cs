namespace CompileTimeRouting.Cluster;

/// <summary>How many connections all instances of the application may open to a node, and how many it gives to them.</summary>
/// <param name="PerInstance">The most that one instance opens: its pools, and those of <see cref="ProbeConnections"/>.</param>
/// <param name="Instances">The instances.</param>
/// <param name="Available">The server's <c>max_connections</c> less those it reserves.</param>
internal readonly record struct ConnectionBudget(int PerInstance, int Instances, int Available)
{
    /// <summary>One on which the monitor asks, and one on which positions are asked for while reads wait for a replica to catch up.</summary>
    public const int ProbeConnections = 2;

    public long Needed => (long)PerInstance * Instances;

    public bool IsExceeded => Needed > Available;

    /// <param name="node">The node.</param>
    /// <param name="limit">What it gives; null where that isn't known.</param>
    /// <param name="instances">The instances.</param>
    /// <param name="role">The role in which it is used; null for the configured one.</param>
    /// <returns>Null where a pooler limits the connections, or the server didn't tell.</returns>
    public static ConnectionBudget? Of(ClusterNode node, int? limit, int instances, NodeRole? role = null) =>
        node.Pooler == Pooler.None && limit is { } available
            ? new ConnectionBudget(node.MaxConnectionsAs(role ?? node.ConfiguredRole) + ProbeConnections, instances, available)
            : null;
}
