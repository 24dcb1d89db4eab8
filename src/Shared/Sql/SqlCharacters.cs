namespace CompileTimeRouting.Sql;

/// <summary>
/// The character classes of PostgreSQL's <c>scan.l</c>. The server sees bytes and takes each from 0x80 on for a letter,
/// so here every character from U+0080 on is one, surrogates and no-break spaces included.
/// </summary>
internal static class SqlCharacters
{
    private static readonly Classes[] Ascii = Classify();

    [Flags]
    private enum Classes : byte
    {
        None = 0,
        Space = 1,
        IdentifierStart = 2,
        Digit = 4,
        Dollar = 8,
        Operator = 16,
        NonStandardOperator = 32,
        IdentifierPart = IdentifierStart | Digit | Dollar,
    }

    /// <summary>
    /// Whether the text has a character that no client can send: NUL ends the text in its message, and half of a
    /// surrogate pair has no bytes in UTF-8.
    /// </summary>
    public static bool IsUnsendable(string text)
    {
        if (HasNul(text))
            return true;
        var i = NextSurrogate(text, 0);
        while (i >= 0 && i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            i = NextSurrogate(text, i + 2);
        return i >= 0;
    }

    /// <summary><c>space</c>; the vertical tab counts since PostgreSQL 16.</summary>
    public static bool IsSpace(char c) => Is(c, Classes.Space);

    public static bool IsNewLine(char c) => c is '\n' or '\r';

    /// <summary><c>ident_start</c>, which is <c>dolq_start</c> too.</summary>
    public static bool IsIdentifierStart(char c) => c >= Ascii.Length || Is(c, Classes.IdentifierStart);

    /// <summary><c>ident_cont</c></summary>
    public static bool IsIdentifierPart(char c) => c >= Ascii.Length || Is(c, Classes.IdentifierPart);

    /// <summary>Where the space ends that may begin at an index.</summary>
    public static int SpaceEnd(string text, int start)
    {
        var ascii = Ascii;
        var end = start;
        while (end < text.Length && text[end] is var c && c < ascii.Length && (ascii[c] & Classes.Space) != 0)
            end++;
        return end;
    }

    /// <summary>Where the identifier ends that goes on at an index.</summary>
    public static int IdentifierEnd(string text, int start)
    {
        var ascii = Ascii;
        var end = start;
        while (end < text.Length && text[end] is var c && (c >= ascii.Length || (ascii[c] & Classes.IdentifierPart) != 0))
            end++;
        return end;
    }

    /// <summary><c>dolq_cont</c>: a dollar ends the tag.</summary>
    public static bool IsDollarTagPart(char c) => c >= Ascii.Length || Is(c, Classes.IdentifierStart | Classes.Digit);

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    public static bool IsAsciiLetter(char c) => (char)(c | 0x20) is >= 'a' and <= 'z';

    /// <summary><c>op_chars</c></summary>
    public static bool IsOperator(char c) => Is(c, Classes.Operator);

    /// <summary>The operator characters outside standard SQL: with one of them an operator may end in <c>+</c> or <c>-</c>.</summary>
    public static bool IsNonStandardOperator(char c) => Is(c, Classes.NonStandardOperator);

    /// <summary>What Npgsql's SqlQueryParser takes into a parameter name, the dot included.</summary>
    public static bool IsParameterName(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    /// <summary>Folds as the server does in a multi-byte encoding: ASCII only.</summary>
    public static char ToLower(char c) => c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c;

    private static bool HasNul(string text)
#if NET
        => text.Contains('\0', StringComparison.Ordinal);
#else
        => text.IndexOf('\0') >= 0;
#endif

    private static int NextSurrogate(string text, int start)
    {
#if NET
        var found = text.AsSpan(start).IndexOfAnyInRange('\uD800', '\uDFFF');
        return found < 0 ? -1 : start + found;
#else
        for (var i = start; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
                return i;
        }

        return -1;
#endif
    }

    private static bool Is(char c, Classes classes)
    {
        var ascii = Ascii;
        return c < ascii.Length && (ascii[c] & classes) != 0;
    }

    private static Classes[] Classify()
    {
        var classes = new Classes[0x80];
        for (var c = '\0'; c < classes.Length; c++)
        {
            if (IsAsciiLetter(c) || c == '_')
                classes[c] = Classes.IdentifierStart;
            else if (IsDigit(c))
                classes[c] = Classes.Digit;
        }

        Mark(" \t\n\r\f\v", Classes.Space);
        Mark("$", Classes.Dollar);
        Mark("+-*/<>=", Classes.Operator);
        Mark("~!@#^&|`?%", Classes.Operator | Classes.NonStandardOperator);
        return classes;

        void Mark(string characters, Classes @class)
        {
            foreach (var c in characters)
                classes[c] = @class;
        }
    }
}
