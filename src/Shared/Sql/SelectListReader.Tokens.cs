namespace CompileTimeRouting.Sql;

/// <content>Looking at the tokens and moving over them.</content>
internal sealed partial class SelectListReader
{
    private SqlTokenKind Kind(int offset = 0)
        => _position + offset < _tokens.Count ? _tokens[_position + offset].Kind : EndOfText;

    /// <summary>Whether the token is this keyword, given in lower case.</summary>
    private bool Word(string word, int offset = 0)
        => _position + offset < _tokens.Count && SqlKeywords.Is(_tokens.Sql, _tokens[_position + offset], word);

    /// <summary>The name of the identifier at an offset from here.</summary>
    private string Name(int offset = 0) => SqlIdentifier.Name(_tokens.Sql, _tokens[_position + offset]);

    private bool Accept(string word)
    {
        if (!Word(word))
            return false;
        _position++;
        return true;
    }

    private bool AcceptName()
    {
        if (!SqlIdentifier.IsIdentifier(Kind()))
            return false;
        Label();
        return true;
    }

    /// <summary><c>a.b.c</c></summary>
    private bool NameChain()
    {
        while (AcceptName())
        {
            if (Kind() != SqlTokenKind.Dot)
                return true;
            _position++;
        }

        return false;
    }

    /// <summary>Takes an identifier with the UESCAPE clause that may follow.</summary>
    private string Label()
    {
        var token = _tokens[_position++];
        if (token.Kind != SqlTokenKind.UnicodeIdentifier || !Word("uescape") || Kind(1) != SqlTokenKind.String)
            return SqlIdentifier.Name(_tokens.Sql, token);

        var escape = _tokens.Sql[_tokens[_position + 1].Start + 1];
        _position += 2;
        return SqlIdentifier.Name(_tokens.Sql, token, escape);
    }

    /// <summary>After AS or a dot a reserved word is a name.</summary>
    private bool IsLabelPosition()
        => _position > 0 && (_tokens[_position - 1].Kind == SqlTokenKind.Dot || _tokens[_position - 1].Keyword == SqlKeyword.As);

    /// <summary>Skips brackets with what is in them.</summary>
    private bool SkipGroup()
    {
        if (Kind() is not (SqlTokenKind.OpenParen or SqlTokenKind.OpenBracket))
            return false;
        var closing = _tokens.Closing(_position);
        if (closing < 0)
            return false;
        _position = closing + 1;
        return true;
    }

    /// <summary>Skips a token, or brackets with what is in them.</summary>
    private bool SkipOne()
    {
        if (Kind() is SqlTokenKind.OpenParen or SqlTokenKind.OpenBracket)
            return SkipGroup();
        _position++;
        return true;
    }
}
