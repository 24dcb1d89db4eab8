using CompileTimeRouting.AspNetCore.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CompileTimeRouting.AspNetCore.Dashboard.Answers;

/// <summary>What the page asks for once a second.</summary>
internal sealed record StateAnswer(
    DateTime Timestamp,
    HealthStatus Status,
    string? Primary,
    DateTime? PrimaryGoneSince,
    bool ReadReplicasEnabled,
    double LagThresholdSeconds,
    IReadOnlyList<NodeAnswer> Nodes,
    IReadOnlyList<ChangeAnswer> Changes)
{
    public static StateAnswer Of(ClusterSnapshot cluster, bool includeHosts) => new(
        DateTime.UtcNow,
        cluster.Status(readOnlyIsDegraded: false),
        cluster.Primary,
        cluster.PrimaryGoneSince?.UtcDateTime,
        cluster.ReadReplicasEnabled,
        cluster.LagThreshold.TotalSeconds,
        [.. cluster.Nodes.Select(node => NodeAnswer.Of(node, includeHosts))],
        [.. cluster.RecentChanges.Select(change => ChangeAnswer.Of(change, includeHosts))]);
}
