namespace CompileTimeRouting;

/// <summary>What a failed attempt says about the node and about another attempt.</summary>
internal enum FailureKind
{
    /// <summary>The caller's own doing (syntax, constraint, his time-out, his cancellation): never tried again.</summary>
    Caller = 0,

    /// <summary>The node can't be reached, broke the connection, or is starting or stopping.</summary>
    Node,

    /// <summary>The server ended this session alone, as it does one that was idle too long or that an administrator ends. Nothing was run.</summary>
    Session,

    /// <summary>The node is healthy and refused this attempt: a recovery conflict, a deadlock, a serialization failure.</summary>
    Conflict,

    /// <summary>A prepared statement's result has changed its type since: after a change of the schema nothing was run.</summary>
    StalePlan,

    /// <summary>The node has no connection left, or its pool has none: it is busy, not bad.</summary>
    Overload,

    /// <summary>The node takes no writes: it was demoted, or never was the primary.</summary>
    ReadOnly,
}
