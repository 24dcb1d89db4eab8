namespace CompileTimeRouting.Sql;

/// <content>Looking at the tokens and moving over them; names and literals.</content>
internal sealed partial class SqlGrammar
{
    private const SqlTokenKind EndOfText = SqlTokenKind.WhiteSpace;

    // Behind the last token stand a few that are none.
    private SqlTokenKind Kind(int offset = 0) => _tokens[_position + offset].Kind;

    private SqlTokenKind KindAt(int index) => _tokens[index].Kind;

    private SqlKeyword Keyword(int offset = 0) => _tokens[_position + offset].Keyword;

    private SqlKeyword KeywordAt(int index) => _tokens[index].Keyword;

    private bool Word(SqlKeyword word, int offset = 0) => Keyword(offset) == word;

    /// <summary>Whether this word stands there, that has no <see cref="SqlKeyword"/> because it isn't reserved and means something in few places.</summary>
    private bool Word(string word, int offset = 0) => SqlKeywords.Is(_sql, _tokens[_position + offset], word);

    private bool Accept(SqlKeyword word)
    {
        if (!Word(word))
            return false;
        _position++;
        return true;
    }

    private bool Accept(string word)
    {
        if (!Word(word))
            return false;
        _position++;
        return true;
    }

    private bool Accept(SqlTokenKind kind)
    {
        if (Kind() != kind)
            return false;
        _position++;
        return true;
    }

    private bool Rest()
    {
        _position = _tokens.Count;
        return true;
    }

    private bool SkipGroup()
    {
        _position = _tokens.Closing(_position) + 1;
        return true;
    }

    /// <summary>Whether a further bracket may open; to be called with what is inside, and <see cref="Leave"/> behind it.</summary>
    private bool Enter()
    {
        if (_depth >= _maxDepth || Kind() != SqlTokenKind.OpenParen)
            return false;
        _depth++;
        _position++;
        return true;
    }

    private bool Leave()
    {
        _depth--;
        return Accept(SqlTokenKind.CloseParen);
    }

    private bool IsName(int offset = 0) => SqlIdentifier.IsIdentifier(Kind(offset));

    /// <summary><c>ColId</c></summary>
    private bool IsColumnName(int offset = 0) => IsName(offset) && !SqlKeywords.IsNoColumn(Keyword(offset));

    /// <summary><c>type_function_name</c></summary>
    private bool IsTypeOrFunctionName() => IsName() && (!SqlKeywords.IsSyntax(Keyword()) || SqlKeywords.IsTypeOrFunction(Keyword()));

    /// <summary><c>ColId</c></summary>
    private bool Name() => IsColumnName() && Label();

    /// <summary><c>ColLabel</c>: any word.</summary>
    private bool Label()
    {
        if (!IsName())
            return false;
        var isUnicode = Kind() == SqlTokenKind.UnicodeIdentifier;
        // ""
        if (_tokens[_position].Length == (isUnicode ? 4 : 2) && Kind() != SqlTokenKind.Identifier)
            return false;
        _position++;
        return !isUnicode || Escape();
    }

    /// <summary><c>BareColLabel</c></summary>
    private bool IsBareLabel() => IsName() && SqlKeywords.IsBareLabel(Keyword());

    /// <summary>The UESCAPE clause, if there is one.</summary>
    private bool Escape() => !Accept(SqlKeyword.Uescape) || Literal();

    /// <summary><c>Sconst</c></summary>
    private bool Literal()
    {
        if (!IsLiteral())
            return false;
        var isUnicode = Kind() == SqlTokenKind.UnicodeString;
        _position++;
        return !isUnicode || Escape();
    }

    // N'…' is a type with its literal.
    private bool IsLiteral(int offset = 0) => Kind(offset) is SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.UnicodeString or SqlTokenKind.DollarString;

    /// <summary><c>qualified_name</c>, <c>any_name</c></summary>
    private bool QualifiedName()
    {
        if (!Name())
            return false;
        for (var dots = 0; Kind() == SqlTokenKind.Dot; dots++)
        {
            if (dots == 2)
                return false;
            _position++;
            if (!Label())
                return false;
        }

        return true;
    }

    /// <summary><c>name_list</c></summary>
    private bool NameList()
    {
        do
        {
            if (!Name())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool Names() => Enter() && NameList() && Leave();

    private bool BeginsQuery(int index) => _tokens.BeginsQuery(index);
}
