namespace CompileTimeRouting.Sql;

/// <summary>Splits a text into its statements, as <see cref="SqlStatementSplitter"/> says.</summary>
internal static class SqlStatements
{
    /// <summary>The statements in order, without those of trivia alone.</summary>
    public static IReadOnlyList<SqlStatement> Split(string sql, bool standardConformingStrings = true)
    {
        var statements = new List<SqlStatement>();
        var splitter = new SqlStatementSplitter();
        foreach (var token in new SqlLexer(sql, standardConformingStrings))
        {
            if (splitter.Ends(token, out var statement))
                statements.Add(statement);
        }

        if (splitter.Ends(out var last))
            statements.Add(last);
        return statements;
    }
}
