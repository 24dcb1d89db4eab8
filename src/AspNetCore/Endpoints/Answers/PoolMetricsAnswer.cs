using System.Text.Json.Serialization;
using CompileTimeRouting.AspNetCore.Health;

namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

internal sealed record PoolMetricsAnswer(
    [property: JsonPropertyName("primary")] NodePoolAnswer Primary,
    [property: JsonPropertyName("replicas")] IReadOnlyList<NodePoolAnswer> Replicas,
    [property: JsonPropertyName("timestamp")] DateTime Timestamp,
    [property: JsonPropertyName("total_databases")] int TotalDatabases)
{
    public static PoolMetricsAnswer Of(ClusterSnapshot cluster) => new(
        NodePoolAnswer.Of(cluster.PrimaryNode()),
        [.. cluster.ReplicaNodes().Select(NodePoolAnswer.Of)],
        DateTime.UtcNow,
        cluster.Nodes.Length);
}

internal sealed record NodePoolAnswer(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("pool_size")] int PoolSize,
    [property: JsonPropertyName("checked_in")] int CheckedIn,
    [property: JsonPropertyName("checked_out")] int CheckedOut,
    [property: JsonPropertyName("overflow")] int Overflow,
    [property: JsonPropertyName("utilization_percent")] double UtilizationPercent)
{
    public static NodePoolAnswer Of(NodeSnapshot node)
    {
        var pool = PoolCounts.Of(node);
        return new(node.Name, pool.Size, pool.CheckedIn, pool.CheckedOut, pool.Overflow, pool.UtilizationPercent);
    }
}
