namespace CompileTimeRouting.Sql;

/// <summary>What a statement does by its main verb; after WITH that is the verb behind the common table expressions.</summary>
internal enum SqlStatementKind
{
    /// <summary>No statement.</summary>
    None,
    Select,
    Values,
    Table,
    Insert,
    Update,
    Delete,
    Merge,
    Call,

    /// <summary>A utility statement, or what isn't SQL.</summary>
    Other,
}
