namespace CompileTimeRouting;

/// <summary>
/// What this library measures and traces is published under these names. Every metric is listed in
/// <c>docs/metrics.md</c>.
/// </summary>
/// <remarks>With OpenTelemetry: <c>AddMeter(RoutingTelemetry.MeterName)</c>, <c>AddSource(RoutingTelemetry.ActivitySourceName)</c>.</remarks>
public static class RoutingTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "CompileTimeRouting";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "CompileTimeRouting";
}
