namespace CompileTimeRouting.Sql;

/// <content><c>SelectStmt</c> and its clauses.</content>
internal sealed partial class SqlGrammar
{
    /// <summary>What the query that was read last has outside its set operations: none of them may come twice, brackets or not.</summary>
    private Clauses _clauses;

    [Flags]
    private enum Clauses : byte
    {
        None = 0,
        With = 1,
        Order = 2,
        Limit = 4,
        Offset = 8,
    }

    /// <summary><c>select_no_parens</c>, or one in brackets.</summary>
    private bool Query()
    {
        var hasWith = Word(SqlKeyword.With);
        return (!hasWith || With()) && QueryBehindWith(hasWith);
    }

    private bool QueryBehindWith(bool hasWith) => Term() && QueryBehindTerm() && (!hasWith || Has(Clauses.With));

    /// <summary><c>select_with_parens</c></summary>
    private bool BracketedQuery() => Bracketed(out var what) && what == Bracket.Query;

    /// <summary>The set operations and the tail behind the first term.</summary>
    private bool QueryBehindTerm()
    {
        while (Keyword() is SqlKeyword.Union or SqlKeyword.Intersect or SqlKeyword.Except)
        {
            _position++;
            if (!Accept(SqlKeyword.All))
                Accept(SqlKeyword.Distinct);
            if (!Term())
                return false;
            _clauses = Clauses.None;
        }

        return (!Word(SqlKeyword.Order) || (Order() && Has(Clauses.Order))) && LimitAndLocks();
    }

    /// <summary>Notes a clause; false where it is there already.</summary>
    private bool Has(Clauses clause)
    {
        var isFirst = (_clauses & clause) == 0;
        _clauses |= clause;
        return isFirst;
    }

    /// <summary>LIMIT and OFFSET in either order, the row locks before or behind them.</summary>
    private bool LimitAndLocks()
    {
        var locks = Word(SqlKeyword.For);
        if (locks && !Locks())
            return false;
        var isLimited = false;
        var wasLimited = (_clauses & (Clauses.Limit | Clauses.Offset)) != 0;
        while (Keyword() is SqlKeyword.Limit or SqlKeyword.Fetch or SqlKeyword.Offset)
        {
            isLimited = true;
            // In what is counted may stand queries of their own.
            var clauses = _clauses;
            var clause = Word(SqlKeyword.Offset) ? Clauses.Offset : Clauses.Limit;
            var isTaken = clause == Clauses.Offset ? Offset() : Limit((clauses & Clauses.Order) != 0);
            _clauses = clauses;
            if (!isTaken || wasLimited || !Has(clause))
                return false;
        }

        return locks || !isLimited || !Word(SqlKeyword.For) || Locks();
    }

    private bool Limit(bool isOrdered)
    {
        if (Accept(SqlKeyword.Limit))
            return Accept(SqlKeyword.All) || Expression();
        _position++;
        if (!Accept(SqlKeyword.First) && !Accept("next"))
            return false;
        if (!IsRow() && !(IsSign() ? SignedNumber() : Operand()))
            return false;
        return AcceptRow() && (Accept(SqlKeyword.Only) || (isOrdered && Accept(SqlKeyword.With) && Accept("ties")));
    }

    private bool Offset()
    {
        _position++;
        if (IsSign() && Kind(1) is SqlTokenKind.Integer or SqlTokenKind.Numeric && Keyword(2) is SqlKeyword.Row or SqlKeyword.Rows)
            return SignedNumber() && AcceptRow();
        var beside = default(Beside);
        var first = _position;
        if (!Prefixes(Form.Any, ref beside))
            return false;
        var isPrefixed = _position > first;
        return Operand() && ((!isPrefixed && AcceptRow()) || ExpressionBehindOperand(Form.Any));
    }

    private bool IsSign() => Kind() == SqlTokenKind.Operator && SqlOperator(_position) is '+' or '-';

    private bool SignedNumber()
    {
        _position++;
        return Number();
    }

    // FETCH FIRST ROW ONLY, where no number stands; both words may name a column too.
    private bool IsRow() => Keyword() is SqlKeyword.Row or SqlKeyword.Rows && Keyword(1) is SqlKeyword.Only or SqlKeyword.With;

    private bool AcceptRow() => Accept(SqlKeyword.Row) || Accept(SqlKeyword.Rows);

    private bool Locks()
    {
        while (Accept(SqlKeyword.For))
        {
            if (Accept(SqlKeyword.Read))
                return Accept(SqlKeyword.Only);
            if (Accept(SqlKeyword.No) ? !(Accept(SqlKeyword.Key) && Accept(SqlKeyword.Update))
                : Accept(SqlKeyword.Key) ? !Accept(SqlKeyword.Share)
                : !Accept(SqlKeyword.Update) && !Accept(SqlKeyword.Share))
                return false;
            if (Accept(SqlKeyword.Of))
            {
                do
                {
                    if (!QualifiedName())
                        return false;
                }
                while (Accept(SqlTokenKind.Comma));
            }

            if (!Accept(SqlKeyword.Nowait) && Accept(SqlKeyword.Skip) && !Accept(SqlKeyword.Locked))
                return false;
        }

        return true;
    }

    private bool Term()
    {
        if (Kind() == SqlTokenKind.OpenParen)
            return BracketedQuery();
        var isTaken = Accept(SqlKeyword.Select) ? Select() : Accept(SqlKeyword.Table) ? Relation() : Accept(SqlKeyword.Values) && Rows();
        _clauses = Clauses.None;
        return isTaken;
    }

    private bool Rows()
    {
        do
        {
            if (!Enter() || !Expressions() || !Leave())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool Select()
    {
        if (Accept(SqlKeyword.Distinct))
        {
            if (Accept(SqlKeyword.On) && !(Enter() && Expressions() && Leave()))
                return false;
            if (!Targets())
                return false;
        }
        else
        {
            Accept(SqlKeyword.All);
            // INSERT … SELECT ON CONFLICT …
            if (!EndsItem(0) && Keyword() is not (SqlKeyword.On or SqlKeyword.Returning or SqlKeyword.With) && !Targets())
                return false;
        }

        return (!Accept(SqlKeyword.Into) || Into())
            && (!Accept(SqlKeyword.From) || From())
            && (!Accept(SqlKeyword.Where) || Expression())
            && (!Accept(SqlKeyword.Group) || Grouping())
            && (!Accept(SqlKeyword.Having) || Expression())
            && (!Accept(SqlKeyword.Window) || Windows());
    }

    /// <summary><c>INTO [TEMPORARY | UNLOGGED] [TABLE] name</c>, which EXPLAIN lets pass.</summary>
    private bool Into()
    {
        if (!Accept(SqlKeyword.Unlogged))
            AcceptTemporary();
        Accept(SqlKeyword.Table);
        return QualifiedName();
    }

    private void AcceptTemporary()
    {
        if (Keyword() is SqlKeyword.Local or SqlKeyword.Global && Keyword(1) is SqlKeyword.Temporary or SqlKeyword.Temp)
            _position++;
        if (!Accept(SqlKeyword.Temporary))
            Accept(SqlKeyword.Temp);
    }

    private bool Targets()
    {
        do
        {
            if (Accept(SqlTokenKind.Star))
                continue;
            if (!Expression(Form.Item))
                return false;
            if (Accept(SqlKeyword.As) ? !Label() : IsBareLabel() && !Label())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    /// <summary>Whether the item of a select list ends before a token: a word of a clause, a comma, a bracket or the end.</summary>
    private bool EndsItem(int offset) => Kind(offset) switch
    {
        SqlTokenKind.Comma or SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket or EndOfText => true,
        _ => Keyword(offset) is SqlKeyword.From or SqlKeyword.Where or SqlKeyword.Group or SqlKeyword.Having or SqlKeyword.Window or SqlKeyword.Union or SqlKeyword.Intersect
            or SqlKeyword.Except or SqlKeyword.Order or SqlKeyword.Limit or SqlKeyword.Offset or SqlKeyword.Fetch or SqlKeyword.For or SqlKeyword.Into,
    };

    /// <summary><c>GROUP BY [ALL | DISTINCT] items</c>, behind the first word.</summary>
    private bool Grouping()
    {
        if (!Accept(SqlKeyword.By))
            return false;
        // GROUP BY ALL alone is of version 19.
        if (Accept(SqlKeyword.All) ? EndsItem(0) : Accept(SqlKeyword.Distinct) && EndsItem(0))
            return KeywordAt(_position - 1) == SqlKeyword.All;
        return GroupingItems();
    }

    private bool GroupingItems()
    {
        do
        {
            if (!GroupingItem())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool GroupingItem()
    {
        if (Kind() == SqlTokenKind.OpenParen && Kind(1) == SqlTokenKind.CloseParen)
        {
            _position += 2;
            return true;
        }

        if (Word(SqlKeyword.Grouping) && Word(SqlKeyword.Sets, 1))
        {
            _position += 2;
            return Enter() && GroupingItems() && Leave();
        }

        if (Keyword() is not (SqlKeyword.Cube or SqlKeyword.Rollup) || Kind(1) != SqlTokenKind.OpenParen)
            return Expression();
        _position++;
        return Enter() && Expressions() && Leave();
    }

    private bool Windows()
    {
        do
        {
            if (!Name() || !Accept(SqlKeyword.As) || !WindowSpecification())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    /// <summary><c>sort_clause</c></summary>
    private bool Order()
    {
        var clauses = _clauses;
        _position++;
        if (!Accept(SqlKeyword.By))
            return false;
        do
        {
            if (!Expression())
                return false;
            if (Accept(SqlKeyword.Using))
            {
                if (!AnyOperator())
                    return false;
            }
            else if (!Accept(SqlKeyword.Asc))
                Accept(SqlKeyword.Desc);
            if (Accept("nulls") && !Accept(SqlKeyword.First) && !Accept("last"))
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        _clauses = clauses;
        return true;
    }

    private bool With()
    {
        _position++;
        // A common table may be called recursive.
        if (Word(SqlKeyword.Recursive) && !Word(SqlKeyword.As, 1) && Kind(1) != SqlTokenKind.OpenParen)
            _position++;
        do
        {
            if (!Name() || (Kind() == SqlTokenKind.OpenParen && !Names()) || !Accept(SqlKeyword.As))
                return false;
            var not = Accept(SqlKeyword.Not);
            if (!Accept(SqlKeyword.Materialized) && not)
                return false;
            if (!Enter() || !Preparable() || !Leave() || !SearchAndCycle())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool SearchAndCycle()
    {
        if (Accept(SqlKeyword.Search)
            && !((Accept("depth") || Accept("breadth")) && Accept(SqlKeyword.First) && Accept(SqlKeyword.By) && NameList() && Accept(SqlKeyword.Set) && Name()))
            return false;
        if (!Accept(SqlKeyword.Cycle))
            return true;
        if (!NameList() || !Accept(SqlKeyword.Set) || !Name())
            return false;
        if (Accept(SqlKeyword.To) && !(Operand() && Accept(SqlKeyword.Default) && Operand()))
            return false;
        return Accept(SqlKeyword.Using) && Name();
    }
}
