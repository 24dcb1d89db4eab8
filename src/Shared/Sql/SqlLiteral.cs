using System.Text;

namespace CompileTimeRouting.Sql;

/// <summary>The text that a literal stands for.</summary>
internal static class SqlLiteral
{
    /// <summary>Of a plain literal, one with E escapes or one in dollars; null for the other kinds and for escapes that aren't decoded.</summary>
    public static string? Text(string sql, in SqlToken token, bool standardConformingStrings) => token.IsUnterminated ? null : token.Kind switch
    {
        SqlTokenKind.String or SqlTokenKind.NationalString => Quoted(sql, token, token.Kind == SqlTokenKind.String ? 0 : 1, !standardConformingStrings),
        SqlTokenKind.EscapeString => Quoted(sql, token, 1, escapes: true),
        SqlTokenKind.DollarString => Dollars(sql, token),
        _ => null,
    };

    private static string Dollars(string sql, in SqlToken token)
    {
        var mark = sql.IndexOf('$', token.Start + 1) + 1 - token.Start;
        return sql.Substring(token.Start + mark, token.Length - (2 * mark));
    }

    /// <summary>Between two quotes only white space and comments part a literal from its continuation.</summary>
    private static string? Quoted(string sql, in SqlToken token, int prefix, bool escapes)
    {
        var text = new StringBuilder(token.Length);
        var i = token.Start + prefix + 1;
        while (i < token.End)
        {
            var c = sql[i++];
            if (c == '\\' && escapes)
            {
                // Octal, hexadecimal and Unicode escapes have no place in SQL in a string; who uses them hides something.
                if (i >= token.End || Escaped(sql[i++]) is not { } escaped)
                    return null;
                text.Append(escaped);
            }
            else if (c != '\'')
                text.Append(c);
            else if (i < token.End && sql[i] == '\'')
            {
                text.Append('\'');
                i++;
            }
            else
                i = NextPart(sql, i, token.End);
        }

        return text.ToString();
    }

    private static int NextPart(string sql, int start, int end)
    {
        var i = start;
        while (i < end && sql[i] != '\'')
        {
            // A quote in the comment between two parts is none.
            if (sql[i] == '-')
            {
                while (i < end && !SqlCharacters.IsNewLine(sql[i]))
                    i++;
            }
            else
                i++;
        }

        return i + 1;
    }

    private static char? Escaped(char c) => c switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        'x' or 'u' or 'U' or (>= '0' and <= '7') => null,
        _ => c,
    };
}
