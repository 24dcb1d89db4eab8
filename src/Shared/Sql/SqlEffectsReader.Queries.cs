namespace CompileTimeRouting.Sql;

/// <content>SELECT, VALUES, TABLE, and what may stand in their place.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary><c>PreparableStmt</c>: a query, or INSERT, UPDATE, DELETE or MERGE, each with or without WITH.</summary>
    private bool Preparable()
    {
        var locks = _lockTargets.Count;
        var read = Query(null);
        ForgetLockTargets(locks);
        return read;
    }

    /// <summary>
    /// <c>select_no_parens</c> or a data-modifying statement. What a FOR UPDATE behind it would lock stays in
    /// <see cref="_lockTargets"/>.
    /// </summary>
    /// <param name="of">The common table whose body it is.</param>
    private bool Query(CommonTable? of)
    {
        var scope = _commonTables.Count;
        var read = (!Word(SqlKeyword.With) || With()) && QueryBody(of);
        LeaveScope(scope);
        return read;
    }

    private bool QueryBody(CommonTable? of)
    {
        switch (Keyword())
        {
            case SqlKeyword.Insert:
                return Insert(of);
            case SqlKeyword.Update:
                return Update(of);
            case SqlKeyword.Delete:
                return Delete(of);
            case SqlKeyword.Merge:
                return Merge(of);
        }

        var locks = _lockTargets.Count;
        if (!Operand())
            return false;
        while (Keyword() is SqlKeyword.Union or SqlKeyword.Intersect or SqlKeyword.Except)
        {
            _position++;
            if (!Accept(SqlKeyword.All))
                Accept(SqlKeyword.Distinct);
            if (!Operand())
                return false;
        }

        return Tail(locks);
    }

    /// <summary>ORDER BY, and then LIMIT, OFFSET, FETCH and the row locks in whatever order.</summary>
    private bool Tail(int locks)
    {
        while (true)
        {
            switch (Keyword())
            {
                case SqlKeyword.For:
                    if (!RowLock(locks))
                        return false;
                    break;
                case SqlKeyword.Order when Word(SqlKeyword.By, 1):
                    _position += 2;
                    if (!Expression(Stops.Clause))
                        return false;
                    break;
                case SqlKeyword.Limit or SqlKeyword.Offset or SqlKeyword.Fetch:
                    _position++;
                    if (!Expression(Stops.Clause))
                        return false;
                    break;
                default:
                    return true;
            }
        }
    }

    private bool Operand()
    {
        if (Kind() == SqlTokenKind.OpenParen)
            return InGroup(static r => r.Query(null));
        // In a bracket it may be a column.
        if (Accept(SqlKeyword.Values))
            return Expression(Stops.Clause);
        if (Accept(SqlKeyword.Table))
            return Table();
        return Accept(SqlKeyword.Select) ? Select() : Unknown("a query should stand here");
    }

    /// <summary><c>simple_select</c> behind its first word.</summary>
    private bool Select()
    {
        if (Accept(SqlKeyword.Distinct))
        {
            if (Accept(SqlKeyword.On) && !InGroup(static r => r.Expression(Stops.None)))
                return false;
        }
        else
            Accept(SqlKeyword.All);

        if (!Expression(Stops.Clause))
            return false;
        while (true)
        {
            switch (Keyword())
            {
                case SqlKeyword.Into:
                    if (!Into())
                        return false;
                    break;
                case SqlKeyword.From:
                    _position++;
                    if (!FromList())
                        return false;
                    break;
                case SqlKeyword.Group when Word(SqlKeyword.By, 1):
                    _position += 2;
                    if (!Expression(Stops.Grouping))
                        return false;
                    break;
                case SqlKeyword.Where or SqlKeyword.Having or SqlKeyword.Window:
                    _position++;
                    if (!Expression(Stops.Clause))
                        return false;
                    break;
                default:
                    return true;
            }
        }
    }

    /// <summary><c>INTO [TEMPORARY | UNLOGGED] [TABLE] name</c></summary>
    private bool Into()
    {
        var into = _position++;
        var temporary = AcceptTemporary();
        Accept(SqlKeyword.Unlogged);
        Accept(SqlKeyword.Table);
        if (!QualifiedName(out var name))
            return Unknown("INTO needs the name of a table");
        _writes.Add(name);
        Refused(SqlEffectKind.SelectInto, into, into);
        if (temporary || IsTemporarySchema(name))
            Refused(SqlEffectKind.TemporaryObject, into, _position - 1);
        return true;
    }

    /// <summary>Whether the bracket that opens at an index holds a query, by the words that begin nothing else.</summary>
    private bool IsQuery(int open)
    {
        var inside = open + 1;
        if (BeginsQuery(inside))
            return true;
        if (KindAt(inside) != SqlTokenKind.OpenParen || !BeginsQuery(_tokens.FirstInside(inside)))
            return false;

        // ((select …) union …), not ((select …) + 1). With a bracket behind it, the inner one is asked itself.
        var next = _tokens.Closing(inside) + 1;
        return KeywordAt(next) is SqlKeyword.Union or SqlKeyword.Intersect or SqlKeyword.Except or SqlKeyword.Order or SqlKeyword.Limit
            or SqlKeyword.Offset or SqlKeyword.Fetch or SqlKeyword.For;
    }

    private bool BeginsQuery(int index) => _tokens.BeginsQuery(index);
}
