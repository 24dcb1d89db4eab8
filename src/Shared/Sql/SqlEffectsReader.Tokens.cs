namespace CompileTimeRouting.Sql;

/// <content>Looking at the tokens and moving over them.</content>
internal sealed partial class SqlEffectsReader
{
    private const SqlTokenKind EndOfText = SqlTokenKind.WhiteSpace;

    private SqlTokenKind Kind(int offset = 0) => KindAt(_position + offset);

    private SqlTokenKind KindAt(int index) => (uint)index < (uint)_end ? _tokens[index].Kind : EndOfText;

    /// <summary>Whether the token at an offset from here is this keyword, from here is this keyword.</summary>
    private bool Word(SqlKeyword word, int offset = 0) => WordAt(word, _position + offset);

    private bool WordAt(SqlKeyword word, int index) => KeywordAt(index) == word;

    private SqlKeyword Keyword(int offset = 0) => KeywordAt(_position + offset);

    private SqlKeyword KeywordAt(int index) => (uint)index < (uint)_end ? _tokens[index].Keyword : SqlKeyword.Other;

    private bool Accept(SqlKeyword word)
    {
        if (!Word(word))
            return false;
        _position++;
        return true;
    }

    private bool Accept(SqlKeyword first, SqlKeyword second)
    {
        if (!Word(first) || !Word(second, 1))
            return false;
        _position += 2;
        return true;
    }

    /// <summary>Goes on to the end of the statement or bracket.</summary>
    private bool Rest()
    {
        _position = _end;
        return true;
    }

    /// <summary>In an expression every word behind AS is a name. Behind a dot the lexer knows it for one.</summary>
    private bool IsLabel(int index) => index > 0 && _tokens[index - 1].Keyword == SqlKeyword.As;

    private bool IsName(int offset = 0) => SqlIdentifier.IsIdentifier(Kind(offset));

    /// <summary>A bare word of the class that names neither table nor column.</summary>
    private bool IsReservedWord(int offset = 0) => SqlKeywords.IsNoColumn(Keyword(offset));

    /// <summary>Takes an identifier with the UESCAPE clause that may follow.</summary>
    private string Name()
    {
        var token = _tokens[_position++];
        if (token.Kind != SqlTokenKind.UnicodeIdentifier || !Word(SqlKeyword.Uescape) || Kind(1) == EndOfText)
            return SqlIdentifier.Name(_sql, token);

        // Any literal will do: '!', E'!', $$!$$.
        var escape = SqlLiteral.Text(_sql, _tokens[_position + 1], _options.StandardConformingStrings);
        _position += 2;
        if (escape is { Length: 1 })
            return SqlIdentifier.Name(_sql, token, escape[0]);
        Add(SqlEffectKind.UnknownSyntax, SqlEffectImpact.Unknown, _position - 1, _position - 1, "what UESCAPE says isn't known, so that the name before it isn't");
        return SqlIdentifier.Name(_sql, token);
    }

    /// <summary><c>a</c>, <c>a.b</c>, <c>database.a.b</c>; false where no name stands.</summary>
    private bool QualifiedName(out SqlObjectName name, int parts = int.MaxValue)
    {
        name = default;
        if (!IsName())
            return false;
        var first = _position;
        string? schema = null;
        var last = Name();
        while (--parts > 0 && Kind() == SqlTokenKind.Dot && IsName(1))
        {
            _position++;
            schema = last;
            last = Name();
        }

        var start = _tokens[first].Start;
        name = new SqlObjectName(schema, last, start, _tokens[_position - 1].End - start);
        return true;
    }

    private bool SkipGroup()
    {
        if (Kind() is not (SqlTokenKind.OpenParen or SqlTokenKind.OpenBracket) || _tokens.Closing(_position) < 0)
            return false;
        _position = _tokens.Closing(_position) + 1;
        return true;
    }

    /// <summary>Reads what stands in the bracket that opens here, all of it, and goes on behind it.</summary>
    private bool InGroup(Func<SqlEffectsReader, bool> read)
    {
        var closing = Kind() == SqlTokenKind.OpenParen ? _tokens.Closing(_position) : -1;
        if (closing < 0)
            return Unknown("a bracket is missing");
        if (_depth >= MaxDepth >> _nesting)
            return Unknown("queries are nested too deeply");

        var end = _end;
        _position++;
        _end = closing;
        _depth++;
        var followed = read(this) && (_position == closing || Unknown("the bracket goes on where it should close"));
        _depth--;
        _end = end;
        _position = closing + 1;
        return followed;
    }
}
