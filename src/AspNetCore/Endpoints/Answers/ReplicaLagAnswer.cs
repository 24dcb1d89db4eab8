using System.Text.Json.Serialization;
using CompileTimeRouting.AspNetCore.Health;

namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

internal sealed record ReplicaLagAnswer(
    [property: JsonPropertyName("lag_threshold_seconds")] double LagThresholdSeconds,
    [property: JsonPropertyName("replica_count")] int ReplicaCount,
    [property: JsonPropertyName("replicas")] IReadOnlyList<NodeLagAnswer> Replicas,
    [property: JsonPropertyName("timestamp")] DateTime Timestamp)
{
    public static ReplicaLagAnswer Of(ClusterSnapshot cluster)
    {
        NodeLagAnswer[] replicas = [.. cluster.ReplicaNodes().Select(NodeLagAnswer.Of)];
        return new(cluster.LagThreshold.TotalSeconds, replicas.Length, replicas, DateTime.UtcNow);
    }
}

internal sealed record NodeLagAnswer(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("lag_seconds")] double? LagSeconds,
    [property: JsonPropertyName("healthy")] bool Healthy,
    [property: JsonPropertyName("last_checked")] DateTime? LastChecked)
{
    public static NodeLagAnswer Of(NodeSnapshot node) =>
        new(node.Name, node.LagSeconds(), node.IsHealthy(), node.LastChecked?.UtcDateTime);
}
