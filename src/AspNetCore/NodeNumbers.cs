namespace CompileTimeRouting.AspNetCore;

/// <summary>What is known of a node in the units and digits that all answers have it in.</summary>
internal static class NodeNumbers
{
    public static double? RoundTripMs(this NodeSnapshot node) => node.RoundTrip is { } time ? Math.Round(time.TotalMilliseconds, 3) : null;

    public static double? LagSeconds(this NodeSnapshot node) => node.Lag is { } lag ? Math.Round(lag.TotalSeconds, 6) : null;

    public static double UtilizationPercent(this NodeSnapshot node) => Math.Round(node.PoolUtilization * 100, 2);
}
