using CompileTimeRouting.AspNetCore.Sessions;

namespace Microsoft.AspNetCore.SignalR;

/// <summary>Adds a consistency session to each connection of SignalR.</summary>
public static class RoutingSessionHubOptionsExtensions
{
    /// <summary>
    /// What a client's calls of a hub read sees what its calls over the same connection wrote. It is the connection's session:
    /// it ends with it, and knows nothing of what the client's requests wrote.
    /// </summary>
    /// <param name="options">The options of all hubs, or of one.</param>
    /// <returns>The same options.</returns>
    public static HubOptions AddRoutingSession(this HubOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AddFilter<RoutingSessionHubFilter>();
        return options;
    }
}
