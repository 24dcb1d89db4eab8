namespace CompileTimeRouting.AspNetCore.Dashboard.Answers;

/// <summary>One routed method.</summary>
internal sealed record RouteAnswer(
    string Name,
    bool IsRead,
    ReadConsistency Consistency,
    double MaxLagSeconds,
    string? Group,
    bool Transaction,
    int SerializationRetries,
    bool Retry,
    bool LeavesSessionClean,
    string Reads,
    string Writes)
{
    public static IReadOnlyList<RouteAnswer> All() => [.. RouteManifest.Read().Select(static route => new RouteAnswer(
        route.Name,
        route.IsRead,
        route.Consistency,
        double.IsFinite(route.MaxLagSeconds) ? route.MaxLagSeconds : 0,
        route.Group,
        route.Transaction,
        route.SerializationRetries,
        route.Retry,
        route.LeavesSessionClean,
        route.Reads,
        route.Writes))];
}
