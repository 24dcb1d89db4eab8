using System.Collections.Immutable;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A routed call failed on every node that was tried. The inner exception is that of the last attempt; the message lists
/// them all, without credentials.
/// </summary>
public sealed class RoutedCallException : NpgsqlException
{
    internal RoutedCallException(string routeName, IReadOnlyList<RouteAttempt> attempts, Exception? last, bool mayHaveWritten = false)
        : base($"'{routeName}' failed on every node that was tried: {RouteAttempt.List(attempts)}.", last)
    {
        RouteName = routeName;
        Attempts = [.. attempts];
        MayHaveWritten = mayHaveWritten;
    }

    /// <summary>The routed method.</summary>
    public string RouteName { get; }

    /// <summary>Every attempt, in order.</summary>
    public ImmutableArray<RouteAttempt> Attempts { get; }

    /// <summary>
    /// Whether something may have been written: the call is a write whose last attempt broke off before the server had answered,
    /// or that isn't one transaction.
    /// </summary>
    public bool MayHaveWritten { get; }

    /// <summary>The SQLSTATE of the last attempt; null where the server gave no answer.</summary>
    public override string? SqlState => Attempts[^1].SqlState;

    /// <summary>Whether the call may be made again, later, when it may find a node that answers: unless it <see cref="MayHaveWritten"/>.</summary>
    public override bool IsTransient => !MayHaveWritten;
}
