namespace CompileTimeRouting.Sql;

/// <summary>How much of a result's shape the text tells.</summary>
internal enum SelectListState
{
    /// <summary>Every column and its ordinal.</summary>
    Known,

    /// <summary>A star makes number and ordinals a matter of the catalog.</summary>
    Star,

    /// <summary>No result by its nature; see <see cref="SelectList.ReturnsRows"/>.</summary>
    NoRows,

    /// <summary>The text can't be decided: not SQL that this reads, or a utility statement with its own columns.</summary>
    Unknown,

    /// <summary>More than one statement.</summary>
    ManyStatements,
}

/// <summary>The result columns of a single statement, as far as its text determines them.</summary>
internal sealed class SelectList
{
    internal SelectList(SqlStatementKind kind, SelectListState state, bool? returnsRows, IReadOnlyList<ResultColumn> items)
    {
        Kind = kind;
        State = state;
        ReturnsRows = returnsRows;
        Items = items;
    }

    public SqlStatementKind Kind { get; }

    public SelectListState State { get; }

    /// <summary>Whether the statement answers with rows; null where only the catalog or the session knows (CALL, EXECUTE).</summary>
    public bool? ReturnsRows { get; }

    /// <summary>The items as written, stars among them; empty unless the state is Known or Star.</summary>
    public IReadOnlyList<ResultColumn> Items { get; }

    /// <summary>The columns with their ordinals, or null when the text doesn't determine them.</summary>
    public IReadOnlyList<ResultColumn>? Columns => State == SelectListState.Known ? Items : null;

    public static SelectList Read(string sql)
    {
        var statements = SqlStatements.Split(sql);
        if (statements.Count == 0)
            return new SelectList(SqlStatementKind.None, SelectListState.NoRows, false, Array.Empty<ResultColumn>());
        return statements.Count == 1
            ? Read(sql, statements[0])
            : new SelectList(SqlStatementKind.Other, SelectListState.ManyStatements, null, Array.Empty<ResultColumn>());
    }

    /// <summary>Reads one statement of a text; spans count from the start of the text.</summary>
    public static SelectList Read(string sql, in SqlStatement statement)
        => new SelectListReader(new SqlTokens(sql, statement)).Read(statement.IsWellFormed);
}
