using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A read was refused to keep the primary alive: no replica may serve it, or none could, and the primary serves as many reads in their
/// place as it is allowed to (<see cref="RoutingOptions.PrimaryReadLimit"/>).
/// </summary>
public sealed class ReadOverloadException : NpgsqlException
{
    internal ReadOverloadException(string routeName, int limit, CallAttempts? attempts)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{routeName}' was refused: {(attempts is null ? "every replica is lagging or gone" : "no replica is left")}, and the primary already serves {limit} reads in their place (PrimaryReadLimit). " +
                $"Try again later, raise the limit, or let such reads be served stale (Overload = ServeStale).{(attempts is null ? "" : $" Tried: {RouteAttempt.List(attempts.Failed)}.")}"),
            attempts?.LastException)
    {
        Attempts = [.. attempts?.Failed ?? []];
        RouteName = routeName;
    }

    /// <summary>The routed method.</summary>
    public string RouteName { get; }

    /// <summary>The attempts that the read had made on replicas; none where it was refused at once.</summary>
    public ImmutableArray<RouteAttempt> Attempts { get; }

    /// <summary>True: it may be served when a replica is back.</summary>
    public override bool IsTransient => true;
}
