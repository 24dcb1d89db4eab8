using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CompileTimeRouting.AspNetCore.Health;

/// <summary>Says what is known of the nodes; asks no server.</summary>
internal sealed class RoutingHealthCheck(RoutedDataSource source, RoutingHealthCheckOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var cluster = await source.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        var status = cluster.Status(options.ReadOnlyIsDegraded);
        if (status == HealthStatus.Unhealthy)
            status = context.Registration.FailureStatus;

        // Names and states alone: what a node's problem says in words may hold its address.
        var bad = string.Join(", ", cluster.Nodes.Where(static node => !node.IsHealthy()).Select(static node => $"{node.Name} is {Word(node.State)}"));
        var description = cluster.Primary is null ? $"There is no primary. {bad}" : bad;
        return new HealthCheckResult(status, description.Length == 0 ? null : description.TrimEnd(), data: DataOf(cluster));
    }

    private static Dictionary<string, object> DataOf(ClusterSnapshot cluster)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["primary"] = cluster.Primary ?? "none" };
        foreach (var node in cluster.Nodes)
        {
            data[$"{node.Name}.state"] = Word(node.State);
            if (node.Lag is { } lag)
                data[$"{node.Name}.lag_seconds"] = lag.TotalSeconds;
        }

        return data;
    }

    private static string Word(NodeState state) => state switch
    {
        NodeState.Up => "up",
        NodeState.Down => "down",
        NodeState.Lagging => "lagging",
        _ => "unverified",
    };
}
