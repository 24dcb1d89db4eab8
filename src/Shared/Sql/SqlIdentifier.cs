using System.Globalization;
using System.Text;

namespace CompileTimeRouting.Sql;

/// <summary>The name that an identifier token stands for.</summary>
internal static class SqlIdentifier
{
    /// <summary><c>NAMEDATALEN - 1</c></summary>
    private const int MaxBytes = 63;

    public static bool IsIdentifier(SqlTokenKind kind)
        => kind is SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier;

    /// <summary>
    /// Folded to lower case unless quoted, unescaped, cut to 63 bytes
    /// (<c>downcase_truncate_identifier</c> in scansup.c, <c>str_udeescape</c> in parser.c).
    /// </summary>
    /// <param name="sql">The text of the token.</param>
    /// <param name="token">An identifier of any kind.</param>
    /// <param name="escape">What UESCAPE says.</param>
    public static string Name(string sql, in SqlToken token, char escape = '\\')
    {
        var name = token.Kind switch
        {
            SqlTokenKind.QuotedIdentifier => Unquote(sql, token, 1),
            SqlTokenKind.UnicodeIdentifier => Unescape(Unquote(sql, token, 3), escape),
            _ => Fold(sql, token),
        };
        return Truncate(name);
    }

    private static string Fold(string sql, in SqlToken token)
    {
        if (token.Length <= SqlNames.MaxLength)
            return SqlNames.Fold(sql, token.Start, token.Length);
        var folded = new StringBuilder(sql, token.Start, token.Length, token.Length);
        for (var i = 0; i < folded.Length; i++)
            folded[i] = SqlCharacters.ToLower(folded[i]);
        return folded.ToString();
    }

    private static string Unquote(string sql, in SqlToken token, int prefix)
    {
        var end = token.IsUnterminated ? token.End : token.End - 1;
        var start = token.Start + prefix;
        return sql.Substring(start, end - start).Replace("\"\"", "\"");
    }

    /// <summary><c>\0061</c>, <c>\+000061</c>, <c>\\</c>; what is none of them stays, the server refuses it anyway.</summary>
    private static string Unescape(string text, char escape)
    {
        if (text.IndexOf(escape) < 0)
            return text;

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != escape)
                result.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == escape)
                result.Append(text[i++]);
            else if (CodePoint(text, i + 1, 4) is var four and >= 0)
            {
                // A pair of surrogates may be written as two escapes.
                result.Append((char)four);
                i += 4;
            }
            else if (i + 1 < text.Length && text[i + 1] == '+' && CodePoint(text, i + 2, 6) is var six and >= 0 and <= 0x10FFFF
                && six is < 0xD800 or > 0xDFFF)
            {
                result.Append(char.ConvertFromUtf32(six));
                i += 7;
            }
            else
                result.Append(text[i]);
        }

        return result.ToString();
    }

    private static int CodePoint(string text, int start, int digits)
    {
        if (start + digits > text.Length)
            return -1;
        var value = 0;
        for (var i = start; i < start + digits; i++)
        {
            if (!int.TryParse(text[i].ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit))
                return -1;
            value = (value << 4) | digit;
        }

        return value;
    }

    private static string Truncate(string name)
    {
        // No UTF-16 unit takes more than three bytes.
        if (name.Length * 3 <= MaxBytes)
            return name;

        var bytes = 0;
        var i = 0;
        while (i < name.Length)
        {
            var units = char.IsSurrogatePair(name, i) ? 2 : 1;
            bytes += units == 2 ? 4 : name[i] < 0x80 ? 1 : name[i] < 0x800 ? 2 : 3;
            if (bytes > MaxBytes)
                return name.Substring(0, i);
            i += units;
        }

        return name;
    }
}
