using System.Text.Json.Serialization;
using CompileTimeRouting.AspNetCore.Health;

namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

internal sealed record ReplicaLagAnswer(
    [property: JsonPropertyName("read_replicas_enabled")] bool ReadReplicasEnabled,
    [property: JsonPropertyName("replica_count")] int ReplicaCount,
    [property: JsonPropertyName("lag_threshold_seconds")] double LagThresholdSeconds,
    [property: JsonPropertyName("replicas")] IReadOnlyList<NodeLagAnswer> Replicas,
    [property: JsonPropertyName("overall_healthy")] bool OverallHealthy)
{
    public static ReplicaLagAnswer Of(ClusterSnapshot cluster)
    {
        NodeLagAnswer[] replicas = [.. cluster.ReplicaNodes().Select(NodeLagAnswer.Of)];
        return new(cluster.ReadReplicasEnabled, replicas.Length, cluster.LagThreshold.TotalSeconds, replicas, cluster.IsHealthy());
    }
}

internal sealed record NodeLagAnswer(
    [property: JsonPropertyName("replica_name")] string ReplicaName,
    [property: JsonPropertyName("lag_seconds")] double? LagSeconds,
    [property: JsonPropertyName("healthy")] bool Healthy,
    [property: JsonPropertyName("last_checked")] DateTime? LastChecked)
{
    public static NodeLagAnswer Of(NodeSnapshot node) =>
        new(node.Name, node.LagSeconds(), node.IsHealthy(), node.LastChecked?.UtcDateTime);
}
