namespace CompileTimeRouting.Sql;

/// <summary>A piece of a SQL text. Tokens, trivia included, tile the text without gap or overlap.</summary>
internal readonly struct SqlToken
{
    private readonly SqlTokenFlags _flags;

    public SqlToken(SqlTokenKind kind, int start, int length, SqlTokenFlags flags = SqlTokenFlags.None)
    {
        Kind = kind;
        Start = start;
        Length = length;
        _flags = flags;
    }

    public SqlToken(SqlKeyword keyword, int start, int length)
        : this(SqlTokenKind.Identifier, start, length)
        => Keyword = keyword;

    public int Start { get; }

    public int Length { get; }

    /// <summary>
    /// Which one, of an <see cref="SqlTokenKind.Identifier"/> that is a keyword. The others have <see cref="SqlKeyword.Other"/>,
    /// and so has a word that the lexer knows for a name by what stands before it: <c>t.as</c>, <c>1 as as</c>.
    /// </summary>
    public SqlKeyword Keyword { get; }

    public SqlTokenKind Kind { get; }

    public int End => Start + Length;

    /// <summary>White space or a comment.</summary>
    public bool IsTrivia => Kind <= SqlTokenKind.BlockComment;

    /// <summary>A literal, quoted identifier or block comment that the text ends before its closing mark.</summary>
    public bool IsUnterminated => (_flags & SqlTokenFlags.Unterminated) != 0;

    /// <summary>
    /// A <see cref="SqlTokenKind.NamedParameter"/> that is as well plain SQL: <c>a[:x]</c>, <c>a &lt;@b</c>, <c>@1</c>, <c>@t.x</c>.
    /// Npgsql decides by the names that the command has; see <see cref="SqlParameters"/>.
    /// </summary>
    public bool IsAmbiguous => (_flags & SqlTokenFlags.Ambiguous) != 0;

    public string Text(string sql) => sql.Substring(Start, Length);
}

/// <summary>What else is known of a token.</summary>
[Flags]
internal enum SqlTokenFlags : byte
{
    None = 0,
    Unterminated = 1,
    Ambiguous = 2,
}
