namespace CompileTimeRouting.AspNetCore;

/// <summary>How <c>MapRoutingEndpoints</c> answers.</summary>
public sealed class RoutingEndpointOptions : RoutingAccessOptions
{
    /// <summary>How long each node has to answer <c>test-connection</c>, more than zero and at most a day. Default: 5 seconds.</summary>
    public TimeSpan TestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether <c>health</c> answers 200 while there is no primary and a replica still serves reads: for applications that are
    /// of use without writes. Default: false, which answers 503.
    /// </summary>
    public bool ReadOnlyIsDegraded { get; set; }
}
