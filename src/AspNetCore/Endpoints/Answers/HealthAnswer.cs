using System.Text.Json.Serialization;
using CompileTimeRouting.AspNetCore.Health;

namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

// The names are what operators' tools read: they are spelled out, so that no naming policy of an application changes them.
internal sealed record HealthAnswer(
    [property: JsonPropertyName("overall_healthy")] bool OverallHealthy,
    [property: JsonPropertyName("primary")] NodeHealthAnswer Primary,
    [property: JsonPropertyName("replicas")] IReadOnlyList<NodeHealthAnswer> Replicas,
    [property: JsonPropertyName("timestamp")] DateTime Timestamp,
    [property: JsonPropertyName("read_replicas_enabled")] bool ReadReplicasEnabled)
{
    public static HealthAnswer Of(ClusterSnapshot cluster, bool includeHosts) => new(
        cluster.IsHealthy(),
        NodeHealthAnswer.Of(cluster.PrimaryNode(), includeHosts, cluster.Primary is not null),
        [.. cluster.ReplicaNodes().Select(node => NodeHealthAnswer.Of(node, includeHosts, true))],
        DateTime.UtcNow,
        cluster.ReadReplicasEnabled);
}

internal sealed record NodeHealthAnswer(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("healthy")] bool Healthy,
    [property: JsonPropertyName("response_time_ms")] double? ResponseTimeMs,
    [property: JsonPropertyName("pool_size")] int PoolSize,
    [property: JsonPropertyName("checked_out")] int CheckedOut)
{
    [JsonPropertyName("host")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    [JsonPropertyName("port")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }

    [JsonPropertyName("problem")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <param name="node">The node.</param>
    /// <param name="includeHosts">Whether its address may be told.</param>
    /// <param name="isOfUse">False for a primary that takes no writes.</param>
    public static NodeHealthAnswer Of(NodeSnapshot node, bool includeHosts, bool isOfUse)
    {
        var pool = PoolCounts.Of(node);
        return new(node.Name, isOfUse && node.IsHealthy(), node.RoundTripMs(), pool.Size, pool.CheckedOut)
        {
            Host = includeHosts ? node.Host : null,
            Port = includeHosts ? node.Port : null,
            Problem = includeHosts ? node.Problem : null,
        };
    }
}
