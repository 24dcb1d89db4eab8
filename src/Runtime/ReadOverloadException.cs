using System.Globalization;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A read was refused to keep the primary alive: no replica may serve it, and the primary serves as many reads in their
/// place as it is allowed to (<see cref="RoutingOptions.PrimaryReadLimit"/>).
/// </summary>
public sealed class ReadOverloadException : NpgsqlException
{
    internal ReadOverloadException(string routeName, int limit)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"'{routeName}' was refused: every replica is lagging or gone, and the primary already serves {limit} reads in their place (PrimaryReadLimit). " +
            $"Try again later, raise the limit, or let such reads be served stale (Overload = ServeStale)."))
    {
        RouteName = routeName;
    }

    /// <summary>The routed method.</summary>
    public string RouteName { get; }

    /// <summary>True: it may be served when a replica is back.</summary>
    public override bool IsTransient => true;
}
