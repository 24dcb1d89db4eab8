using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Sql;

/// <summary>The extent of <c>FOR UPDATE [OF …] [NOWAIT | SKIP LOCKED]</c> and its likes.</summary>
internal static class RowLockClause
{
    /// <summary>The clause with the white space before it, as far as the text that remains means the same without.</summary>
    /// <param name="sql">The whole text.</param>
    /// <param name="statement">The statement that locks.</param>
    /// <param name="effect">Its first words.</param>
    public static TextSpan Find(string sql, in SqlStatement statement, in SqlEffect effect)
    {
        var end = End(new SqlTokens(sql, statement), effect);
        var start = effect.Start;
        SqlToken last = default, beforeLast = default;
        foreach (var token in new SqlLexer(sql, statement.Start))
        {
            if (token.Start >= effect.Start)
                break;
            (beforeLast, last) = (last, token);
        }

        // The end of a line ends a comment, and white space may part what stood on both sides.
        var endsText = string.IsNullOrWhiteSpace(sql.Substring(end));
        if (last is { Kind: SqlTokenKind.WhiteSpace, Length: > 0 } &&
            (endsText || (beforeLast.Kind != SqlTokenKind.LineComment && (char.IsWhiteSpace(sql[end]) || sql[end] is ')' or ';'))))
        {
            start = last.Start;
        }

        return TextSpan.FromBounds(start, end);
    }

    private static int End(SqlTokens tokens, in SqlEffect effect)
    {
        var i = 0;
        while (i < tokens.Count && tokens[i].Start < effect.End)
            i++;
        if (IsWord(tokens, i, "of"))
        {
            do
            {
                i += 2;
                while (Is(tokens, i, SqlTokenKind.Dot))
                    i += 2;
            }
            while (Is(tokens, i, SqlTokenKind.Comma));
        }

        if (IsWord(tokens, i, "nowait"))
            i++;
        else if (IsWord(tokens, i, "skip") && IsWord(tokens, i + 1, "locked"))
            i += 2;
        return tokens[Math.Min(i, tokens.Count) - 1].End;
    }

    private static bool Is(SqlTokens tokens, int index, SqlTokenKind kind) => index < tokens.Count && tokens[index].Kind == kind;

    private static bool IsWord(SqlTokens tokens, int index, string word) =>
        Is(tokens, index, SqlTokenKind.Identifier) && string.Equals(tokens[index].Text(tokens.Sql), word, StringComparison.OrdinalIgnoreCase);
}
