using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CompileTimeRouting.AspNetCore.Health;

/// <summary>How a cluster is, as health checks say it. A node is healthy that answers, is of use in its role and doesn't lag.</summary>
internal static class ClusterHealth
{
    public static bool IsHealthy(this NodeSnapshot node) => node.State == NodeState.Up;

    /// <summary>Whether there is a primary, and every node is healthy.</summary>
    public static bool IsHealthy(this ClusterSnapshot cluster) => cluster.Primary is not null && cluster.Nodes.All(static node => node.IsHealthy());

    /// <summary>The node that takes writes; while there is none, the one that is configured to.</summary>
    public static NodeSnapshot PrimaryNode(this ClusterSnapshot cluster) =>
        cluster.Nodes.FirstOrDefault(node => node.Name == cluster.Primary)
        ?? cluster.Nodes.First(static node => node.ConfiguredRole == NodeRole.Primary);

    /// <summary>All the others, a former primary included.</summary>
    public static IEnumerable<NodeSnapshot> ReplicaNodes(this ClusterSnapshot cluster)
    {
        var primary = cluster.PrimaryNode();
        return cluster.Nodes.Where(node => node != primary);
    }

    /// <param name="cluster">What is known.</param>
    /// <param name="readOnlyIsDegraded">Whether the application is of use while nothing can be written.</param>
    public static HealthStatus Status(this ClusterSnapshot cluster, bool readOnlyIsDegraded)
    {
        if (cluster.Primary is not null && cluster.PrimaryNode().IsHealthy())
            return cluster.Nodes.All(IsHealthy) ? HealthStatus.Healthy : HealthStatus.Degraded;
        return readOnlyIsDegraded && cluster.ReplicaNodes().Any(IsHealthy) ? HealthStatus.Degraded : HealthStatus.Unhealthy;
    }
}
