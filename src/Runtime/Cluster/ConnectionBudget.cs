namespace CompileTimeRouting.Cluster;

/// <summary>How many connections all instances of the application may open to a node, and how many it gives to them.</summary>
/// <param name="PerInstance">The most that one instance opens: its pools, and the probe's.</param>
/// <param name="Instances">The instances.</param>
/// <param name="Available">The server's <c>max_connections</c> less those it reserves.</param>
internal readonly record struct ConnectionBudget(int PerInstance, int Instances, int Available)
{
    public long Needed => (long)PerInstance * Instances;

    public bool IsExceeded => Needed > Available;

    /// <returns>Null where a pooler limits the connections, or the server didn't tell.</returns>
    public static ConnectionBudget? Of(ClusterNode node, int? limit, int instances) =>
        node.Pooler == Pooler.None && limit is { } available
            ? new ConnectionBudget(node.MaxConnections + 1, instances, available)
            : null;
}
