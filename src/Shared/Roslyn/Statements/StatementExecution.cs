namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>What a generated body wants of its statement.</summary>
internal enum StatementExecution
{
    /// <summary>That it has run.</summary>
    Nothing,

    /// <summary>The number of rows it has changed.</summary>
    RowsAffected,

    /// <summary>Its rows.</summary>
    Rows,
}
