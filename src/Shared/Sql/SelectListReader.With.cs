namespace CompileTimeRouting.Sql;

/// <content>The WITH clause.</content>
internal sealed partial class SelectListReader
{
    /// <summary><c>with_clause</c>, up to the verb behind it.</summary>
    private bool With()
    {
        _position++;
        // A CTE may be called recursive.
        if (Word("recursive") && !Word("as", 1) && Kind(1) != SqlTokenKind.OpenParen)
            _position++;

        while (CommonTable())
        {
            if (Kind() != SqlTokenKind.Comma)
                return true;
            _position++;
        }

        return false;
    }

    /// <summary><c>common_table_expr</c></summary>
    private bool CommonTable()
    {
        if (!AcceptName() || (Kind() == SqlTokenKind.OpenParen && !SkipGroup()) || !Accept("as"))
            return false;
        Accept("not");
        Accept("materialized");
        return SkipGroup() && Search() && Cycle();
    }

    /// <summary><c>SEARCH {DEPTH | BREADTH} FIRST BY columns SET column</c></summary>
    private bool Search()
    {
        if (!Accept("search"))
            return true;
        return (Accept("depth") || Accept("breadth")) && Accept("first") && Accept("by") && Names() && Accept("set") && AcceptName();
    }

    /// <summary><c>CYCLE columns SET column [TO value DEFAULT value] USING column</c></summary>
    private bool Cycle()
    {
        if (!Accept("cycle"))
            return true;
        if (!Names() || !Accept("set") || !AcceptName())
            return false;
        if (Accept("to") && !(Expression(Precedence.Unary, out _) && Accept("default") && Expression(Precedence.Unary, out _)))
            return false;
        return Accept("using") && AcceptName();
    }

    private bool Names()
    {
        while (AcceptName())
        {
            if (Kind() != SqlTokenKind.Comma)
                return true;
            _position++;
        }

        return false;
    }
}
