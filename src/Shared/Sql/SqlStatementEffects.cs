namespace CompileTimeRouting.Sql;

/// <summary>What one statement does.</summary>
internal sealed class SqlStatementEffects
{
    public SqlStatementEffects(
        SqlStatement statement,
        SqlRoute route,
        IReadOnlyList<SqlEffect> effects,
        IReadOnlyList<SqlObjectName> reads,
        IReadOnlyList<SqlObjectName> writes,
        IReadOnlyList<SqlObjectName> functions)
    {
        Statement = statement;
        Route = route;
        Effects = effects;
        Reads = reads;
        Writes = writes;
        Functions = functions;
    }

    public SqlStatement Statement { get; }

    public SqlRoute Route { get; }

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<SqlEffect> Effects { get; }

    /// <summary>The tables and views that are read, each once, where first named. A row lock reads too.</summary>
    public IReadOnlyList<SqlObjectName> Reads { get; }

    /// <summary>The tables that are written, each once, where first named.</summary>
    public IReadOnlyList<SqlObjectName> Writes { get; }

    /// <summary>The functions that are called, each once, where first named. What the grammar spells (<c>coalesce</c>, <c>cast</c>) is none.</summary>
    public IReadOnlyList<SqlObjectName> Functions { get; }
}
