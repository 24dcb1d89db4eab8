namespace CompileTimeRouting.Sql;

/// <summary>
/// The character classes of PostgreSQL's <c>scan.l</c>. The server sees bytes and takes each from 0x80 on for a letter,
/// so here every character from U+0080 on is one, surrogates and no-break spaces included.
/// </summary>
internal static class SqlCharacters
{
    /// <summary><c>space</c>; the vertical tab counts since PostgreSQL 16.</summary>
    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    public static bool IsNewLine(char c) => c is '\n' or '\r';

    /// <summary><c>ident_start</c>, which is <c>dolq_start</c> too.</summary>
    public static bool IsIdentifierStart(char c) => IsAsciiLetter(c) || c == '_' || c >= '\x80';

    /// <summary><c>ident_cont</c></summary>
    public static bool IsIdentifierPart(char c) => IsDollarTagPart(c) || c == '$';

    /// <summary><c>dolq_cont</c>: a dollar ends the tag.</summary>
    public static bool IsDollarTagPart(char c) => IsIdentifierStart(c) || IsDigit(c);

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    public static bool IsAsciiLetter(char c) => (char)(c | 0x20) is >= 'a' and <= 'z';

    /// <summary><c>op_chars</c></summary>
    public static bool IsOperator(char c) => c switch
    {
        '~' or '!' or '@' or '#' or '^' or '&' or '|' or '`' or '?' or '+' or '-' or '*' or '/' or '%' or '<' or '>' or '=' => true,
        _ => false,
    };

    /// <summary>The operator characters outside standard SQL: with one of them an operator may end in <c>+</c> or <c>-</c>.</summary>
    public static bool IsNonStandardOperator(char c) => c switch
    {
        '~' or '!' or '@' or '#' or '^' or '&' or '|' or '`' or '?' or '%' => true,
        _ => false,
    };

    /// <summary>What Npgsql's SqlQueryParser takes into a parameter name, the dot included.</summary>
    public static bool IsParameterName(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    /// <summary>Folds as the server does in a multi-byte encoding: ASCII only.</summary>
    public static char ToLower(char c) => c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c;
}
