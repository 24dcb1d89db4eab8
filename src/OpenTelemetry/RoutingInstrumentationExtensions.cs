using CompileTimeRouting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Adds what routed calls are measured and traced by.</summary>
public static class RoutingInstrumentationExtensions
{
    /// <summary>Collects the metrics of all data sources: <see cref="RoutingTelemetry.MeterName"/>.</summary>
    /// <param name="builder">The metrics.</param>
    /// <returns>The same metrics.</returns>
    public static MeterProviderBuilder AddRoutingInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(RoutingTelemetry.MeterName);
    }

    /// <summary>Collects a span for each attempt of a routed call: <see cref="RoutingTelemetry.ActivitySourceName"/>.</summary>
    /// <param name="builder">The traces.</param>
    /// <returns>The same traces.</returns>
    public static TracerProviderBuilder AddRoutingInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(RoutingTelemetry.ActivitySourceName);
    }
}
