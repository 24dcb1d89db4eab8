namespace CompileTimeRouting.Sql.Tests;

/// <summary>Tokens as a test writes them down.</summary>
internal static class TokenText
{
    public static List<SqlToken> All(string sql, bool standardConformingStrings = true)
    {
        var tokens = new List<SqlToken>();
        foreach (var token in new SqlLexer(sql, standardConformingStrings))
            tokens.Add(token);
        return tokens;
    }

    public static List<SqlToken> Significant(string sql, bool standardConformingStrings = true)
        => All(sql, standardConformingStrings).FindAll(t => !t.IsTrivia);

    /// <summary>Kind and text of each token but the trivia, an open one marked with "!".</summary>
    public static List<string> Describe(string sql, bool standardConformingStrings = true)
        => Significant(sql, standardConformingStrings)
            .ConvertAll(t => t.Kind + (t.IsUnterminated ? "!" : "") + " " + t.Text(sql));

    /// <summary>The texts of the tokens but the trivia, parted by a middle dot.</summary>
    public static string Cut(string sql, bool standardConformingStrings = true)
        => string.Join('·', Significant(sql, standardConformingStrings).ConvertAll(t => t.Text(sql)));
}
