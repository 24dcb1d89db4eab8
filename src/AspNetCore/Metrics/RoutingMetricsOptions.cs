namespace CompileTimeRouting.AspNetCore;

/// <summary>How <c>MapRoutingMetrics</c> answers.</summary>
public sealed class RoutingMetricsOptions : RoutingAccessOptions
{
    /// <summary>Keys of data sources to tell of besides that of <see cref="RoutingAccessOptions.ServiceKey"/>. Default: none.</summary>
    public IList<object> MoreServiceKeys { get; } = [];
}
