namespace CompileTimeRouting.Sql;

/// <summary>What a token is. The first three are trivia: they separate tokens and mean nothing.</summary>
internal enum SqlTokenKind : byte
{
    /// <summary>A run of white space.</summary>
    WhiteSpace,

    /// <summary><c>-- …</c> up to, not with, the line feed or carriage return.</summary>
    LineComment,

    /// <summary><c>/* … */</c>, nested ones inside.</summary>
    BlockComment,

    /// <summary>A bare word, keyword or not: the lexer doesn't tell them apart.</summary>
    Identifier,

    /// <summary><c>"…"</c></summary>
    QuotedIdentifier,

    /// <summary><c>U&amp;"…"</c>; a UESCAPE clause is two tokens of its own.</summary>
    UnicodeIdentifier,

    /// <summary><c>'…'</c> with its newline-separated continuations.</summary>
    String,

    /// <summary><c>E'…'</c> with its continuations.</summary>
    EscapeString,

    /// <summary><c>N'…'</c>, which the server reads as a cast to <c>bpchar</c>.</summary>
    NationalString,

    /// <summary><c>U&amp;'…'</c>; a UESCAPE clause is two tokens of its own.</summary>
    UnicodeString,

    /// <summary><c>$tag$…$tag$</c></summary>
    DollarString,

    /// <summary><c>B'…'</c></summary>
    BitString,

    /// <summary><c>X'…'</c></summary>
    HexString,

    /// <summary>Decimal, hexadecimal, octal or binary integer.</summary>
    Integer,

    /// <summary>A number with a point or an exponent.</summary>
    Numeric,

    /// <summary><c>$1</c></summary>
    PositionalParameter,

    /// <summary><c>@name</c> or <c>:name</c>, which the client replaces before the server sees the text.</summary>
    NamedParameter,

    /// <summary>An operator of one or more characters, the single ones included, but not <c>*</c> alone.</summary>
    Operator,

    /// <summary><c>*</c> alone: multiplication or all columns.</summary>
    Star,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary><c>(</c></summary>
    OpenParen,

    /// <summary><c>)</c></summary>
    CloseParen,

    /// <summary><c>[</c></summary>
    OpenBracket,

    /// <summary><c>]</c></summary>
    CloseBracket,

    /// <summary><c>.</c></summary>
    Dot,

    /// <summary><c>..</c></summary>
    DotDot,

    /// <summary><c>;</c></summary>
    Semicolon,

    /// <summary><c>:</c></summary>
    Colon,

    /// <summary><c>::</c></summary>
    TypeCast,

    /// <summary><c>:=</c></summary>
    ColonEquals,

    /// <summary><c>=&gt;</c></summary>
    EqualsGreater,

    /// <summary>A number or positional parameter with letters on its tail (<c>12ab</c>, <c>0x</c>, <c>$1a</c>), which the server refuses.</summary>
    Junk,

    /// <summary>A character that starts no token (<c>\</c>, <c>{</c>, NUL, a lone <c>$</c>…), which the server refuses.</summary>
    Invalid,
}
