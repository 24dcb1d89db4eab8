namespace CompileTimeRouting.Sql;

/// <content>SQL/XML.</content>
internal sealed partial class SqlGrammar
{
    private bool DocumentOrContent() => Accept(SqlKeyword.Document) || Accept(SqlKeyword.Content);

    private bool WhiteSpaceOption() => !(Accept("preserve") || Accept("strip")) || Accept("whitespace");

    private bool IndentOption()
    {
        var no = Accept(SqlKeyword.No);
        return Accept("indent") || !no;
    }

    private bool ElementContent()
    {
        if (!Word(SqlKeyword.Xmlattributes) || Kind(1) != SqlTokenKind.OpenParen)
            return Expressions();
        _position++;
        return Enter() && XmlLabels() && Leave() && (!Accept(SqlTokenKind.Comma) || Expressions());
    }

    /// <summary><c>xml_attribute_list</c></summary>
    private bool XmlLabels()
    {
        do
        {
            if (!Expression() || (Accept(SqlKeyword.As) && !Label()))
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool InsideXmlRoot()
    {
        if (!Expression() || !Accept(SqlTokenKind.Comma) || !Accept("version") || !(NoValue() || Expression()))
            return false;
        return !Accept(SqlTokenKind.Comma) || (Accept("standalone") && (NoValue() || Accept("yes") || Accept(SqlKeyword.No)));
    }

    private bool NoValue()
    {
        if (!Word(SqlKeyword.No) || !Word("value", 1))
            return false;
        _position += 2;
        return true;
    }

    /// <summary><c>xmlexists_argument</c></summary>
    private bool XmlPassing() => Accept(SqlKeyword.Passing) && Mechanism() && Operand() && Mechanism();

    private bool Mechanism() => !Accept(SqlKeyword.By) || Accept("ref") || Accept("value");

    private bool XmlTable()
    {
        _position++;
        if (!Enter())
            return false;
        if (Word(SqlKeyword.Xmlnamespaces) && Kind(1) == SqlTokenKind.OpenParen)
        {
            _position++;
            if (!Enter() || !XmlNamespaces() || !Leave() || !Accept(SqlTokenKind.Comma))
                return false;
        }

        return Operand() && XmlPassing() && Accept(SqlKeyword.Columns) && XmlColumns() && Leave();
    }

    private bool XmlNamespaces()
    {
        do
        {
            if (!(Accept(SqlKeyword.Default) ? Expression(Form.Restricted) : Expression(Form.Restricted) && Accept(SqlKeyword.As) && Label()))
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool XmlColumns()
    {
        do
        {
            if (!Name())
                return false;
            if (Accept(SqlKeyword.For))
            {
                if (!Accept(SqlKeyword.Ordinality))
                    return false;
                continue;
            }

            if (!Type())
                return false;
            while (!(Kind() is SqlTokenKind.Comma or SqlTokenKind.CloseParen))
            {
                if (Accept(SqlKeyword.Not) ? !Accept(SqlKeyword.Null)
                    : !Accept(SqlKeyword.Null) && !((Accept(SqlKeyword.Default) || Accept(SqlKeyword.Path)) && Expression(Form.Restricted)))
                    return false;
            }
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }
}
