namespace CompileTimeRouting.AspNetCore;

/// <summary>Who may see what operators see, and of which data source.</summary>
public abstract class RoutingAccessOptions
{
    private protected RoutingAccessOptions()
    {
    }

    /// <summary>
    /// The name of the authorization policy that callers must meet, as <c>AddAuthorization</c> has it. Default: none; then
    /// <c>RequireAuthorization</c> must be called on what is mapped or a group that it is in, or the application have a
    /// fallback policy, or <see cref="AllowAnonymous"/> be set. Otherwise the application doesn't start.
    /// </summary>
    public string? AuthorizationPolicy { get; set; }

    /// <summary>
    /// Whether anybody may call, without a policy, and whatever a group that it is mapped in asks for: for a port that only
    /// operators reach. Default: false.
    /// </summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// Whether the answers of <c>health</c>, which is open to anybody, and the dashboard name hosts and ports, and what is wrong
    /// with a node in words that may hold them. Default: false. They never hold credentials.
    /// </summary>
    public bool IncludeHosts { get; set; }

    /// <summary>The key of the data source, as in <c>AddKeyedRoutedDataSource</c>; null, the default, for the one without.</summary>
    public object? ServiceKey { get; set; }
}
