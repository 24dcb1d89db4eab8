using System.Diagnostics.Metrics;

namespace CompileTimeRouting.Diagnostics;

/// <summary>What the gauges read from a snapshot; nothing where it isn't known.</summary>
internal static class NodeReadings
{
    public static IEnumerable<Measurement<int>> Up(RoutingMetrics source) =>
        Each<int>(source, static (_, node) => node.State == NodeState.Unverified ? null : node.State == NodeState.Down ? 0 : 1);

    public static IEnumerable<Measurement<int>> Primary(RoutingMetrics source) =>
        Each<int>(source, static (cluster, node) => node.Name == cluster.Primary ? 1 : 0);

    public static IEnumerable<Measurement<double>> Lag(RoutingMetrics source) => Each<double>(source, static (_, node) => node.Lag?.TotalSeconds);

    public static IEnumerable<Measurement<long>> LagBytes(RoutingMetrics source) => Each<long>(source, static (_, node) => node.LagBytes);

    private static IEnumerable<Measurement<T>> Each<T>(RoutingMetrics source, Func<ClusterSnapshot, NodeSnapshot, T?> read)
        where T : struct
    {
        if (source.Snapshot?.Invoke() is not { } cluster)
            yield break;
        foreach (var node in cluster.Nodes)
        {
            if (read(cluster, node) is { } value)
                yield return new Measurement<T>(value, new(TelemetryTags.Source, source.Name), new(TelemetryTags.Node, node.Name));
        }
    }
}
