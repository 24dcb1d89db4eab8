namespace CompileTimeRouting.AspNetCore.Dashboard.Answers;

internal sealed record NodeAnswer(
    string Name,
    NodeRole Role,
    NodeRole ConfiguredRole,
    NodeState State,
    double Weight,
    string? Group,
    string? ServerVersion,
    double? RoundTripMs,
    double? LagSeconds,
    DateTime? LastChecked,
    int CheckedOut,
    int Open,
    int MaxPoolSize,
    double UtilizationPercent,
    long Reads,
    long Writes,
    string? Host,
    int? Port,
    string? Problem)
{
    public static NodeAnswer Of(NodeSnapshot node, bool includeHosts) => new(
        node.Name,
        node.Role,
        node.ConfiguredRole,
        node.State,
        node.Weight,
        node.Group,
        node.ServerVersion,
        node.RoundTripMs(),
        node.LagSeconds(),
        node.LastChecked?.UtcDateTime,
        node.ActiveLeases,
        node.OpenConnections,
        node.MaxPoolSize,
        node.UtilizationPercent(),
        node.ReadsOpened,
        node.WritesOpened,
        includeHosts ? node.Host : null,
        includeHosts ? node.Port : null,
        includeHosts ? node.Problem : null);
}
