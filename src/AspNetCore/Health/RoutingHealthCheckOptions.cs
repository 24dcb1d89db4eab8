namespace CompileTimeRouting.AspNetCore;

/// <summary>How <c>AddRouting</c> judges.</summary>
public sealed class RoutingHealthCheckOptions
{
    /// <summary>
    /// Whether the check says Degraded and not Unhealthy while there is no primary and a replica still serves reads: for
    /// applications that are of use without writes. Default: false.
    /// </summary>
    public bool ReadOnlyIsDegraded { get; set; }

    /// <summary>The key of the data source, as in <c>AddKeyedRoutedDataSource</c>; null, the default, for the one without.</summary>
    public object? ServiceKey { get; set; }
}
