using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// There is no primary: a write, or a read that must go there, fails at once. Reads on replicas go on.
/// </summary>
public sealed class PrimaryUnavailableException : NpgsqlException
{
    internal PrimaryUnavailableException(string routeName, DateTimeOffset since, string problem, CallAttempts? attempts = null)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{routeName}' needs the primary, and there is none since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {problem}{(attempts is null ? "" : $" Tried: {RouteAttempt.List(attempts.Failed)}.")}"),
            attempts?.LastException)
    {
        Attempts = [.. attempts?.Failed ?? []];
        RouteName = routeName;
        Since = since;
    }

    /// <summary>The routed method.</summary>
    public string RouteName { get; }

    /// <summary>When the primary was found gone.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The attempts that the call had made before; none where it failed at once.</summary>
    public ImmutableArray<RouteAttempt> Attempts { get; }

    /// <summary>True: another server may be promoted.</summary>
    public override bool IsTransient => true;
}
