namespace CompileTimeRouting;

/// <summary>What stands between the application and a node's server.</summary>
public enum Pooler
{
    /// <summary>Nothing, or a pooler in session mode: a session is the application's as long as its connection is.</summary>
    None = 0,

    /// <summary>
    /// PgBouncer in transaction mode (<c>pool_mode = transaction</c>), or another pooler that gives each transaction any of
    /// its server connections. Nothing is set for a session, no session is reset, statements are prepared only where the
    /// connection string sets <c>Max Auto Prepare</c> (PgBouncer from 1.21, with <c>max_prepared_statements</c>), and a read
    /// runs in <c>BEGIN READ ONLY</c> wherever the node isn't known to be a standby.
    /// </summary>
    PgBouncerTransaction = 1,
}
