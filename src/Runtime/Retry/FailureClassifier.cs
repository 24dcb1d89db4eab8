using System.Net.Sockets;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// Sorts failures by SQLSTATE (PostgreSQL, appendix A) and by what Npgsql tells of the connection. The one place that
/// knows which errors are a node's and which are the caller's.
/// </summary>
internal static class FailureClassifier
{
    public static FailureKind Classify(Exception exception) => exception switch
    {
        // "cached plan must not change result type". The state says no more than "feature not supported", the text depends on
        // the server's language.
        PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" } => FailureKind.StalePlan,
        PostgresException e => KindOf(e),

        // A call inside this one, which has made its own attempts.
        RoutedCallException or PrimaryUnavailableException or ReadOverloadException => FailureKind.Caller,
        NodeLostException => FailureKind.Node,
        OperationCanceledException => FailureKind.Caller,

        // A connection the pool couldn't give in time; the node itself wasn't asked.
        NpgsqlException { InnerException: TimeoutException } e when IsPoolExhausted(e) => FailureKind.Overload,

        // The time-out of a statement is the caller's setting; that of a connection attempt is reported by the open itself.
        NpgsqlException { InnerException: TimeoutException } => FailureKind.Caller,
        NpgsqlException { InnerException: IOException or SocketException or ObjectDisposedException } => FailureKind.Node,
        NpgsqlException { InnerException: PostgresException inner } => KindOf(inner),
        IOException or SocketException => FailureKind.Node,
        _ => FailureKind.Caller,
    };

    /// <summary>The same for the opening of a connection, where a time-out is the node's.</summary>
    public static FailureKind ClassifyOpening(Exception exception) => exception switch
    {
        _ when IsFull(exception) => FailureKind.Overload,

        // The monitor knows of it.
        NodeLostException => FailureKind.Conflict,

        // Wrong password, missing database, no CONNECT privilege: another node may be configured rightly.
        PostgresException => FailureKind.Node,
        OperationCanceledException => FailureKind.Caller,
        NpgsqlException e when IsPoolExhausted(e) => FailureKind.Overload,
        NpgsqlException or TimeoutException or IOException or SocketException => FailureKind.Node,
        _ => FailureKind.Caller,
    };

    /// <summary>Whether the server, or the pooler before it, has no connection left.</summary>
    public static bool IsFull(Exception exception) =>
        AnswerOf(exception) is { } e && (e.SqlState == PostgresErrorCodes.TooManyConnections || PoolerErrors.KindOf(e) == FailureKind.Overload);

    /// <summary>
    /// Whether a server that is well refused the login or the question: classes 28 and 3D (who, and which database), 42 (no
    /// permission, no such function) and 0A (not supported).
    /// </summary>
    public static bool IsRefusal(Exception exception) =>
        AnswerOf(exception) is { } e && (IsRefusal(e.SqlState) || PoolerErrors.IsRefusal(e));

    /// <summary>The same, by the state alone.</summary>
    public static bool IsRefusal(string? sqlState) => sqlState is { Length: 5 } && sqlState[..2] is "28" or "3D" or "42" or "0A";

    public static string? SqlStateOf(Exception exception) => AnswerOf(exception)?.SqlState;

    /// <summary>The failure in one word of few that there are, for metrics.</summary>
    public static string ErrorTypeOf(Exception exception) => SqlStateOf(exception) ?? exception switch
    {
        NodeLostException => "node_lost",
        NpgsqlException e when IsPoolExhausted(e) => "pool_exhausted",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "timeout",
        NpgsqlException { InnerException: SocketException } or SocketException => "unreachable",
        NpgsqlException { InnerException: IOException or ObjectDisposedException } or IOException => "connection_broken",
        OperationCanceledException => "cancelled",
        ReadOverloadException => "overload",
        PrimaryUnavailableException => "no_primary",
        _ => "_OTHER",
    };

    /// <summary>The failure in words that hold neither a value of the caller's nor a part of a connection string.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        PostgresException e => PoolerErrors.Describe(e) ?? DescribeState(e.SqlState),
        NodeLostException e => e.Message,
        NpgsqlException { InnerException: PostgresException inner } => PoolerErrors.Describe(inner) ?? DescribeState(inner.SqlState),
        NpgsqlException e when IsPoolExhausted(e) => "its pool had no connection free in time",
        NpgsqlException { InnerException: SocketException socket } => $"it could not be reached ({socket.SocketErrorCode})",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "it did not answer in time",
        NpgsqlException { InnerException: IOException or ObjectDisposedException } or IOException => "the connection broke",
        SocketException socket => $"it could not be reached ({socket.SocketErrorCode})",
        _ => $"the attempt failed ({exception.GetType().Name})",
    };

    private static PostgresException? AnswerOf(Exception exception) => exception as PostgresException ?? exception.InnerException as PostgresException;

    private static FailureKind KindOf(PostgresException e) =>
        PoolerErrors.KindOf(e) ?? (e.InvariantSeverity == "ERROR" && IsElsewheres(e.SqlState) ? FailureKind.Caller : Classify(e.SqlState));

    // What ends this server's own sessions is FATAL. As an ERROR it is what a statement met elsewhere: a foreign table's or
    // dblink's server (08, 57P), a file that it names (58P). Not 57P01: so a parallel worker's end is passed on.
    private static bool IsElsewheres(string sqlState) =>
        sqlState is PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or IdleSessionTimeout
        || sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("58P", StringComparison.Ordinal);

    private static FailureKind Classify(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.DatabaseDropped => FailureKind.Conflict,
        PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => FailureKind.Node,

        // One session's end looks as that of all does: whether the server goes down, the monitor finds out at once.
        PostgresErrorCodes.AdminShutdown or IdleSessionTimeout => FailureKind.Session,
        PostgresErrorCodes.TooManyConnections => FailureKind.Overload,
        PostgresErrorCodes.ReadOnlySqlTransaction => FailureKind.ReadOnly,

        // Class 08: connection exceptions. Class 58: the server's own trouble with its system, such as a broken disk.
        _ when sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("58", StringComparison.Ordinal) => FailureKind.Node,
        _ => FailureKind.Caller,
    };

    /// <summary>The one state that tells of a session's end that the node has no part in.</summary>
    public const string IdleSessionTimeout = "57P05";

    private static string DescribeState(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.FeatureNotSupported => "a prepared statement's result has changed its type",
        PostgresErrorCodes.SerializationFailure => "recovery conflict or serialization failure",
        PostgresErrorCodes.DeadlockDetected => "deadlock",
        PostgresErrorCodes.AdminShutdown => "the server ended the session",
        PostgresErrorCodes.CrashShutdown => "the server crashed",
        IdleSessionTimeout => "the server ended the session, which was idle for too long",
        PostgresErrorCodes.CannotConnectNow => "the server is starting up or shutting down",
        PostgresErrorCodes.TooManyConnections => "the server has no connection left",
        PostgresErrorCodes.ReadOnlySqlTransaction => "the server takes no writes",
        PostgresErrorCodes.InvalidPassword => "the server refused the password",
        PostgresErrorCodes.InvalidAuthorizationSpecification => "the server refused the login",
        PostgresErrorCodes.InvalidCatalogName => "the server has no such database",
        _ => "the server answered with an error",
    };

    // Npgsql tells it by its message alone.
    public static bool IsPoolExhausted(Exception exception) =>
        exception is PoolWaitException || exception is NpgsqlException && exception.Message.Contains("pool has been exhausted", StringComparison.Ordinal);
}
