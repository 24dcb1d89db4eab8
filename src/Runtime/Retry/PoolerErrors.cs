using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// What PgBouncer says in its own name. It has one SQLSTATE for nearly all of it (08P01), which PostgreSQL gives to messages
/// of a wrong form: the texts, which it never translates, tell them apart.
/// </summary>
internal static class PoolerErrors
{
    // It, or the server behind it, has no connection left for this client.
    private static readonly string[] Full =
    [
        "query_wait_timeout", "no more connections allowed", "client connections exceeded", "too many clients", "remaining connection slots",
    ];

    // The administrator's time-out for statements.
    private static readonly string[] TooLong = ["query_timeout", "query timeout"];

    // It ended a session that was idle for too long, or whose settings have changed. The node is well.
    private static readonly string[] Ended = ["client_idle_timeout", "transaction timeout", "database configuration changed", "obsolete connection"];

    // The login is wrong, not the server.
    private static readonly string[] Refused =
    [
        "no such database", "no such user", "is disabled", "authentication failed", "login rejected", "does not exist", "startup parameter", "bouncer config error",
    ];

    /// <summary>What an error says of the node, where the pooler or the protocol is its subject; null for all others.</summary>
    public static FailureKind? KindOf(PostgresException e)
    {
        if (e.SqlState != PostgresErrorCodes.ProtocolViolation)
            return null;

        // The server's own: a statement that was given too few parameters, for example. The session goes on.
        if (e.InvariantSeverity == "ERROR")
            return FailureKind.Caller;

        // First, for another text may quote it.
        if (Says(e, Full))
            return FailureKind.Overload;
        return Says(e, Ended) ? FailureKind.Conflict : Says(e, TooLong) ? FailureKind.Caller : FailureKind.Node;
    }

    /// <summary>Whether the pooler refused the login.</summary>
    public static bool IsRefusal(PostgresException e) => KindOf(e) == FailureKind.Node && Says(e, Refused);

    /// <summary>The error in words that hold no value of the caller's; null where it isn't the pooler's.</summary>
    public static string? Describe(PostgresException e) => KindOf(e) switch
    {
        FailureKind.Overload => "its pooler had no connection free in time",
        FailureKind.Conflict => "its pooler ended the session",
        FailureKind.Node when Says(e, Refused) => "its pooler refused the login",
        FailureKind.Node => "its pooler has no connection to the server",
        _ => null,
    };

    private static bool Says(PostgresException e, string[] texts) =>
        Array.Exists(texts, text => e.MessageText.Contains(text, StringComparison.OrdinalIgnoreCase));
}
