using CompileTimeRouting.AspNetCore.Sessions;

namespace Microsoft.AspNetCore.SignalR;

/// <summary>Adds a consistency session to each connection of SignalR.</summary>
public static class RoutingSessionHubOptionsExtensions
{
    /// <summary>
    /// What a client's calls of a hub read sees what its calls over the same connection wrote, those that stream included. It is
    /// the connection's session: it ends with it, and knows nothing of what the client's requests wrote.
    /// </summary>
    /// <param name="options">The options of all hubs, or of one.</param>
    /// <returns>The same options.</returns>
    public static HubOptions AddRoutingSession(this HubOptions options) => Add(options, null);

    /// <summary>The same for a data source with a key. Where there are several, call it once for each.</summary>
    /// <param name="options">The options of all hubs, or of one.</param>
    /// <param name="serviceKey">The key, as in <c>AddKeyedRoutedDataSource</c>.</param>
    /// <returns>The same options.</returns>
    public static HubOptions AddRoutingSession(this HubOptions options, object serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return Add(options, serviceKey);
    }

    private static HubOptions Add(HubOptions options, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AddFilter(new RoutingSessionHubFilter(serviceKey));
        return options;
    }
}
