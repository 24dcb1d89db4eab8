using System.Globalization;
using System.Text;
using CompileTimeRouting.AspNetCore.Health;

namespace CompileTimeRouting.AspNetCore.Metrics;

/// <summary>What is known of nodes, in the text format of Prometheus.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    // What isn't known is left out: a gap is a gap.
    private static readonly Gauge[] Gauges =
    [
        new("postgresql_primary_up", "1 while there is a server that takes writes, else 0.", static cluster =>
            [("database", cluster.PrimaryNode(), cluster.Primary is null ? 0 : 1)]),
        new("postgresql_replica_up", "1 where the replica answers and is of use as one, else 0.", static cluster =>
            cluster.ReplicaNodes().Where(static n => n.State != NodeState.Unverified).Select(static n => ("replica", n, n.State == NodeState.Down ? 0.0 : 1))),
        new("postgresql_replica_lag_seconds", "How far the replica is behind the primary.", static cluster =>
            cluster.ReplicaNodes().Where(static n => n.Lag is not null).Select(static n => ("replica", n, n.LagSeconds()!.Value))),
        new("postgresql_pool_utilization_percent", "Connections on loan, of the most that the pool may open.", static cluster =>
            cluster.Nodes.Select(static n => ("database", n, n.UtilizationPercent()))),
    ];

    public static string Of(IReadOnlyList<ClusterSnapshot> clusters)
    {
        var text = new StringBuilder();
        foreach (var gauge in Gauges)
        {
            text.Append("# HELP ").Append(gauge.Name).Append(' ').Append(gauge.Help).Append('\n')
                .Append("# TYPE ").Append(gauge.Name).Append(" gauge\n");
            foreach (var (label, node, value) in clusters.SelectMany(gauge.Read))
            {
                text.Append(gauge.Name).Append('{').Append(label).Append("=\"").Append(Escape(node.Name)).Append("\"} ")
                    .Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Gauge(string Name, string Help, Func<ClusterSnapshot, IEnumerable<(string Label, NodeSnapshot Node, double Value)>> Read);
}
