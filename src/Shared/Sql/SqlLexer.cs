namespace CompileTimeRouting.Sql;

/// <summary>
/// PostgreSQL's own lexer (<c>src/backend/parser/scan.l</c> of PostgreSQL 18, with which <c>psqlscan.l</c> agrees),
/// plus Npgsql's named parameters. Allocates nothing, throws nothing, takes linear time on any text.
/// </summary>
/// <remarks>
/// A mutable struct, as enumerators are: pass it by reference or not at all.
/// <code>foreach (var token in new SqlLexer(sql)) …</code>
/// </remarks>
internal partial struct SqlLexer
{
    private readonly string _text;
    private readonly bool _standardConformingStrings;
    private int _position;
    private int _signsEnd;
    private SqlBrackets _brackets;
    private SqlTokenKind _previousKind;
    private SqlKeyword _previousKeyword;

    /// <param name="text">The SQL.</param>
    /// <param name="standardConformingStrings">
    /// The server setting of that name, on by default since 9.1; off, a backslash escapes in plain literals too.
    /// </param>
    public SqlLexer(string text, bool standardConformingStrings = true)
        : this(text, 0, standardConformingStrings)
    {
    }

    /// <param name="text">The SQL.</param>
    /// <param name="start">Where a token starts, as the start of a statement does.</param>
    /// <param name="standardConformingStrings">See above.</param>
    public SqlLexer(string text, int start, bool standardConformingStrings = true)
    {
        _text = text;
        _standardConformingStrings = standardConformingStrings;
        _position = start;
        _signsEnd = 0;
        _brackets = default;
        _previousKind = default;
        _previousKeyword = default;
        Current = default;
    }

    public SqlToken Current { get; private set; }

    public readonly SqlLexer GetEnumerator() => this;

    /// <summary>Moves to the next token, trivia included.</summary>
    public bool MoveNext()
    {
        if (_position >= _text.Length)
            return false;
        var token = Next();
        if (token.Keyword != SqlKeyword.Other && IsNamed(token.Keyword))
            token = new SqlToken(SqlTokenKind.Identifier, token.Start, token.Length);
        Current = token;
        _position = token.End;
        if (token.IsTrivia)
            return true;
        if (token.Kind is >= SqlTokenKind.OpenParen and <= SqlTokenKind.Semicolon)
            _brackets.Track(token.Kind, _previousKind, _previousKeyword);
        _previousKind = token.Kind;
        _previousKeyword = token.Keyword;
        return true;
    }

    /// <summary>Moves to the next token that is no white space, for those who don't look at it: half of all tokens are.</summary>
    public bool MovePastSpace()
    {
        _position = SqlCharacters.SpaceEnd(_text, _position);
        return MoveNext();
    }

    /// <summary>
    /// Behind a dot every word is a name, and behind AS another AS is one. What else stands behind AS may be either:
    /// <c>1 as select</c>, <c>with c as materialized (…)</c>.
    /// </summary>
    private readonly bool IsNamed(SqlKeyword word)
        => _previousKind == SqlTokenKind.Dot || (word == SqlKeyword.As && _previousKeyword == SqlKeyword.As);

    private SqlToken Next()
    {
        var c = _text[_position];
        if (SqlCharacters.IsSpace(c))
            return WhiteSpace();
        if (SqlCharacters.IsIdentifierStart(c))
            return Peek(1) is '\'' or '&' ? PrefixedLiteral(c) ?? Identifier() : Identifier();
        if (c == '-' && Peek(1) == '-')
            return LineComment();
        if (c == '/' && Peek(1) == '*')
            return BlockComment();
        if (SqlCharacters.IsDigit(c) || (c == '.' && SqlCharacters.IsDigit(Peek(1))))
            return Number();
        if (c is '@' or ':' && StartsParameter(_position))
            return NamedParameter();
        if (SqlCharacters.IsOperator(c))
            return Operator();
        return c switch
        {
            '\'' => Quoted(SqlTokenKind.String, _position, '\'', escapes: !_standardConformingStrings),
            '"' => Quoted(SqlTokenKind.QuotedIdentifier, _position, '"', escapes: false),
            '$' => Dollar(),
            _ => Punctuation(c),
        };
    }

    private readonly SqlToken WhiteSpace() => Token(SqlTokenKind.WhiteSpace, SqlCharacters.SpaceEnd(_text, _position + 1));

    private readonly SqlToken LineComment() => Token(SqlTokenKind.LineComment, LineCommentEnd(_position));

    /// <summary>A lone carriage return ends the comment as well; the new line isn't part of it.</summary>
    private readonly int LineCommentEnd(int start)
    {
        var end = start + 2;
        while (end < _text.Length && !SqlCharacters.IsNewLine(_text[end]))
            end++;
        return end;
    }

    private readonly SqlToken BlockComment()
    {
        var depth = 1;
        var i = _position + 2;
        while (i + 1 < _text.Length)
        {
            if (_text[i] == '/' && _text[i + 1] == '*')
            {
                depth++;
                i += 2;
            }
            else if (_text[i] == '*' && _text[i + 1] == '/')
            {
                i += 2;
                if (--depth == 0)
                    return Token(SqlTokenKind.BlockComment, i);
            }
            else
                i++;
        }

        return Token(SqlTokenKind.BlockComment, _text.Length, SqlTokenFlags.Unterminated);
    }

    private readonly SqlToken Identifier()
    {
        var length = SqlCharacters.IdentifierEnd(_text, _position + 1) - _position;
        return new(SqlKeywords.Find(_text, _position, length), _position, length);
    }

    private readonly SqlToken Punctuation(char c)
    {
        var (kind, length) = (c, Peek(1)) switch
        {
            (':', ':') => (SqlTokenKind.TypeCast, 2),
            (':', '=') => (SqlTokenKind.ColonEquals, 2),
            ('.', '.') => (SqlTokenKind.DotDot, 2),
            (':', _) => (SqlTokenKind.Colon, 1),
            ('.', _) => (SqlTokenKind.Dot, 1),
            (',', _) => (SqlTokenKind.Comma, 1),
            ('(', _) => (SqlTokenKind.OpenParen, 1),
            (')', _) => (SqlTokenKind.CloseParen, 1),
            ('[', _) => (SqlTokenKind.OpenBracket, 1),
            (']', _) => (SqlTokenKind.CloseBracket, 1),
            (';', _) => (SqlTokenKind.Semicolon, 1),
            _ => (SqlTokenKind.Invalid, 1),
        };
        return Token(kind, _position + length);
    }

    /// <summary>The character at an offset from here, or NUL past the end.</summary>
    private readonly char Peek(int offset) => At(_position + offset);

    private readonly char At(int index) => index < _text.Length ? _text[index] : '\0';

    private readonly SqlToken Token(SqlTokenKind kind, int end, SqlTokenFlags flags = SqlTokenFlags.None)
        => new(kind, _position, end - _position, flags);
}
