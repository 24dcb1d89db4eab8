using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A routed call failed on every node that was tried. The inner exception is that of the last attempt; the message lists
/// them all, without credentials.
/// </summary>
public sealed class RoutedCallException : NpgsqlException
{
    internal RoutedCallException(string routeName, IReadOnlyList<RouteAttempt> attempts, Exception? last)
        : base(Text(routeName, attempts), last)
    {
        RouteName = routeName;
        Attempts = [.. attempts];
    }

    /// <summary>The routed method.</summary>
    public string RouteName { get; }

    /// <summary>Every attempt, in order.</summary>
    public ImmutableArray<RouteAttempt> Attempts { get; }

    /// <summary>True: another try, later, may find a node that answers.</summary>
    public override bool IsTransient => true;

    private static string Text(string routeName, IReadOnlyList<RouteAttempt> attempts) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{routeName}' failed on every node that was tried: {string.Join("; ", attempts.Select(Text))}.");

    private static string Text(RouteAttempt attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{attempt.NodeName} after {attempt.Duration.TotalMilliseconds:0.#} ms: {attempt.Problem}{(attempt.SqlState is { } state ? $" ({state})" : "")}");
}
