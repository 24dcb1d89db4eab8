namespace CompileTimeRouting.Sql;

/// <content>Calls of functions, and windows.</content>
internal sealed partial class SqlGrammar
{
    /// <summary><c>func_expr_windowless</c></summary>
    private bool Function()
    {
        var word = Keyword();
        if (word == SqlKeyword.Cast || (word == SqlKeyword.Collation && Word(SqlKeyword.For, 1)) || IsValueFunction())
            return WordOperand();
        if (IsGrammarCall(word) && Kind(1) == SqlTokenKind.OpenParen)
            return word is not (SqlKeyword.Row or SqlKeyword.Exists or SqlKeyword.Grouping) && GrammarCall();
        return FunctionName() && Arguments(out _);
    }

    /// <summary><c>func_name</c></summary>
    private bool FunctionName()
    {
        var isName = IsTypeOrFunctionName();
        if (!isName && !IsColumnName())
            return false;
        if (!Label() || !(isName || Kind() == SqlTokenKind.Dot))
            return false;
        while (Accept(SqlTokenKind.Dot))
        {
            if (!Label())
                return false;
        }

        return true;
    }

    /// <summary>The call whose bracket opens here, with FILTER and OVER, or the literal of a type that has arguments.</summary>
    private bool Call() => Arguments(out var isList) && (isList && IsLiteral() ? Literal() : CallTail());

    /// <param name="isList">Whether they are what a type may have before its literal: neither none nor ALL, DISTINCT, VARIADIC or a star.</param>
    private bool Arguments(out bool isList)
    {
        isList = false;
        if (!Enter())
            return false;
        if (Kind() == SqlTokenKind.CloseParen)
            return Leave();
        if (Kind() == SqlTokenKind.Star && Kind(1) == SqlTokenKind.CloseParen)
        {
            _position++;
            return Leave();
        }

        var isQuantified = Accept(SqlKeyword.All) || Accept(SqlKeyword.Distinct);
        var isLast = false;
        do
        {
            isLast = !isQuantified && Accept(SqlKeyword.Variadic);
            if (!Argument())
                return false;
        }
        while (!isLast && Accept(SqlTokenKind.Comma));
        isList = !isLast && !isQuantified;
        return (!Word(SqlKeyword.Order) || Order()) && Leave();
    }

    /// <summary><c>func_arg_expr</c></summary>
    private bool Argument()
    {
        if (Kind(1) is SqlTokenKind.ColonEquals or SqlTokenKind.EqualsGreater)
        {
            if (!IsTypeOrFunctionName())
                return false;
            _position += 2;
        }

        return Expression();
    }

    /// <summary><c>within_group_clause filter_clause over_clause</c></summary>
    private bool CallTail()
    {
        if (!IsName())
            return true;
        if (Accept(SqlKeyword.Within) && !(Accept(SqlKeyword.Group) && Enter() && Word(SqlKeyword.Order) && Order() && Leave()))
            return false;
        if (Accept(SqlKeyword.Filter) && !(Enter() && Accept(SqlKeyword.Where) && Expression() && Leave()))
            return false;
        // Of version 19.
        if (Word("nulls", 1) && (Word("ignore") || Word("respect")))
            _position += 2;
        if (!Accept(SqlKeyword.Over))
            return true;
        return Kind() == SqlTokenKind.OpenParen ? WindowSpecification() : Name();
    }

    private bool WindowSpecification()
    {
        if (!Enter())
            return false;
        if (IsColumnName() && Keyword() is not (SqlKeyword.Partition or SqlKeyword.Range or SqlKeyword.Rows or SqlKeyword.Groups) && !Name())
            return false;
        if (Accept(SqlKeyword.Partition) && !(Accept(SqlKeyword.By) && Expressions()))
            return false;
        return (!Word(SqlKeyword.Order) || Order()) && Frame() && Leave();
    }

    private bool Frame()
    {
        if (!Accept(SqlKeyword.Range) && !Accept(SqlKeyword.Rows) && !Accept(SqlKeyword.Groups))
            return true;
        if (!Extent())
            return false;
        if (!Accept("exclude"))
            return true;
        return (Accept("current") && Accept(SqlKeyword.Row)) || Accept(SqlKeyword.Group) || Accept("ties") || (Accept(SqlKeyword.No) && Accept("others"));
    }

    /// <summary><c>frame_extent</c>: it can't end before it starts.</summary>
    private bool Extent()
    {
        if (!Accept(SqlKeyword.Between))
            return Bound(out var only) && only <= FrameBound.CurrentRow;
        return Bound(out var start) && Accept(SqlKeyword.And) && Bound(out var end)
            && start <= end && start != FrameBound.UnboundedFollowing && end != FrameBound.UnboundedPreceding;
    }

    private bool Bound(out FrameBound bound)
    {
        bound = FrameBound.CurrentRow;
        if (Word("current") && Word(SqlKeyword.Row, 1))
        {
            _position += 2;
            return true;
        }

        var isUnbounded = Word("unbounded") && (Word("preceding", 1) || Word("following", 1));
        if (isUnbounded)
            _position++;
        else if (!Expression())
            return false;
        var isPreceding = Accept("preceding");
        bound = isPreceding ? isUnbounded ? FrameBound.UnboundedPreceding : FrameBound.Preceding : isUnbounded ? FrameBound.UnboundedFollowing : FrameBound.Following;
        return isPreceding || Accept("following");
    }

    /// <summary>In the order in which they stand in a partition.</summary>
    private enum FrameBound : byte
    {
        UnboundedPreceding,
        Preceding,
        CurrentRow,
        Following,
        UnboundedFollowing,
    }
}
