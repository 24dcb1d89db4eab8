namespace CompileTimeRouting.AspNetCore;

/// <summary>How <c>AddRoutingExceptionHandler</c> answers.</summary>
public sealed class RoutingExceptionHandlerOptions
{
    /// <summary>
    /// What <c>Retry-After</c> says, in whole seconds, rounded up: about as long as the cluster takes to promote a replica. More
    /// than zero and at most a day. Default: 5 seconds.
    /// </summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
