namespace CompileTimeRouting.Sql;

/// <summary>What makes a statement unfit for a hot standby.</summary>
internal enum SqlEffectKind : byte
{
    Insert,
    Update,
    Delete,

    /// <summary>A MERGE that does more than DO NOTHING.</summary>
    Merge,

    /// <summary>INSERT, UPDATE, DELETE or MERGE in a WITH clause, which runs whether it is referenced or not.</summary>
    DataModifyingWith,

    Truncate,
    SelectInto,

    /// <summary><c>FOR UPDATE</c>, <c>FOR NO KEY UPDATE</c>, <c>FOR SHARE</c>, <c>FOR KEY SHARE</c> over a table.</summary>
    RowLock,

    LockTable,

    /// <summary>CREATE, ALTER, DROP, GRANT, COMMENT…</summary>
    Ddl,

    /// <summary>A temporary table, view or sequence: a standby can't have any.</summary>
    TemporaryObject,

    CopyFrom,

    /// <summary>COPY to a file or program of the server.</summary>
    CopyToServer,

    /// <summary>A function that a standby refuses.</summary>
    RefusedFunction,

    /// <summary>A function that a standby runs and whose effect belongs on the primary.</summary>
    PrimaryFunction,

    /// <summary>A function that is no built-in one: only the database knows what it does.</summary>
    UnknownFunction,

    /// <summary>SQL in a string that a function runs.</summary>
    SqlInString,

    /// <summary>READ WRITE or SERIALIZABLE.</summary>
    TransactionMode,

    /// <summary>BEGIN, COMMIT, SAVEPOINT… in a mode that a standby has.</summary>
    TransactionControl,

    /// <summary>PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED.</summary>
    TwoPhase,

    /// <summary>LISTEN, UNLISTEN.</summary>
    Listen,

    Notify,

    /// <summary>SET, PREPARE, DECLARE, FETCH…: what the session keeps, or kept before.</summary>
    SessionState,

    Call,
    DoBlock,

    /// <summary>VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH, CHECKPOINT.</summary>
    Maintenance,

    /// <summary>What isn't SQL, or none that is known here.</summary>
    UnknownSyntax,

    /// <summary>A function of the database that does, by the catalog, what a standby refuses or what belongs on the primary.</summary>
    WritingRoutine,

    /// <summary>A function of the database whose body the catalog doesn't know.</summary>
    UnknownRoutine,

    /// <summary>A view or table that, by the catalog, calls such a function when it is read.</summary>
    CallingRelation,

    /// <summary>An unlogged table, or a view over one: a standby has none of its rows and refuses to read it.</summary>
    UnloggedTable,
}
