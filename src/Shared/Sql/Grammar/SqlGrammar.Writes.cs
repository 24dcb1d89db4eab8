namespace CompileTimeRouting.Sql;

/// <content>INSERT, UPDATE, DELETE and MERGE, which EXPLAIN plans on a standby too.</content>
internal sealed partial class SqlGrammar
{
    /// <summary><c>PreparableStmt</c></summary>
    private bool Preparable()
    {
        var hasWith = Word(SqlKeyword.With);
        if (hasWith && !With())
            return false;
        return Keyword() switch
        {
            SqlKeyword.Insert => Insert(),
            SqlKeyword.Update => Update(),
            SqlKeyword.Delete => Delete(),
            SqlKeyword.Merge => Merge(),
            _ => QueryBehindWith(hasWith),
        };
    }

    private bool Insert()
    {
        _position++;
        if (!Accept(SqlKeyword.Into) || !QualifiedName() || (Accept(SqlKeyword.As) && !Name()))
            return false;
        if (Kind() == SqlTokenKind.OpenParen && !BeginsQuery(_tokens.FirstInside(_position)) && !AssignedColumns())
            return false;
        if (!Overriding())
            return false;
        if (Accept(SqlKeyword.Default) ? !Accept(SqlKeyword.Values) : !Query())
            return false;
        return (!Accept(SqlKeyword.On) || OnConflict()) && ReturningTargets();
    }

    private bool Overriding() => !Accept(SqlKeyword.Overriding) || ((Accept(SqlKeyword.User) || Accept(SqlKeyword.System)) && Accept("value"));

    private bool OnConflict()
    {
        if (!Accept(SqlKeyword.Conflict))
            return false;
        if (Accept(SqlKeyword.On))
        {
            if (!Accept(SqlKeyword.Constraint) || !Name())
                return false;
        }
        else if (Kind() == SqlTokenKind.OpenParen && !(Enter() && IndexElements() && Leave() && (!Accept(SqlKeyword.Where) || Expression())))
            return false;

        if (!Accept(SqlKeyword.Do))
            return false;
        return Accept(SqlKeyword.Nothing) || (Accept(SqlKeyword.Update) && Accept(SqlKeyword.Set) && Assignments() && (!Accept(SqlKeyword.Where) || Expression()));
    }

    private bool IndexElements()
    {
        do
        {
            if (!Expression() || (IsColumnName() && !QualifiedName()))
                return false;
            if (!Accept(SqlKeyword.Asc))
                Accept(SqlKeyword.Desc);
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool Update()
    {
        _position++;
        return Target() && Accept(SqlKeyword.Set) && Assignments() && (!Accept(SqlKeyword.From) || From()) && WhereOrCurrent() && ReturningTargets();
    }

    private bool Delete()
    {
        _position++;
        return Accept(SqlKeyword.From) && Target() && (!Accept(SqlKeyword.Using) || From()) && WhereOrCurrent() && ReturningTargets();
    }

    private bool Merge()
    {
        _position++;
        if (!Accept(SqlKeyword.Into) || !Target() || !Accept(SqlKeyword.Using) || !TableReference() || !Joins(out _) || !Accept(SqlKeyword.On) || !Expression())
            return false;
        if (!Word(SqlKeyword.When))
            return false;
        while (Accept(SqlKeyword.When))
        {
            var inserts = Accept(SqlKeyword.Not);
            if (!Accept("matched"))
                return false;
            if (inserts && Accept(SqlKeyword.By))
            {
                inserts = Accept("target");
                if (!inserts && !Accept("source"))
                    return false;
            }

            if ((Accept(SqlKeyword.And) && !Expression()) || !Accept(SqlKeyword.Then) || !MergeThen(inserts))
                return false;
        }

        return ReturningTargets();
    }

    /// <param name="inserts">What is missing in the target is inserted; what it has is updated or deleted.</param>
    private bool MergeThen(bool inserts)
    {
        if (Accept(SqlKeyword.Do))
            return Accept(SqlKeyword.Nothing);
        if (!inserts)
            return Accept(SqlKeyword.Delete) || (Accept(SqlKeyword.Update) && Accept(SqlKeyword.Set) && Assignments());
        if (!Accept(SqlKeyword.Insert) || (Kind() == SqlTokenKind.OpenParen && !AssignedColumns()) || !Overriding())
            return false;
        return Accept(SqlKeyword.Default) ? Accept(SqlKeyword.Values) : Accept(SqlKeyword.Values) && Enter() && Expressions() && Leave();
    }

    /// <summary><c>relation_expr_opt_alias</c>: SET can't be the alias without AS.</summary>
    private bool Target()
    {
        if (!Relation())
            return false;
        if (Accept(SqlKeyword.As))
            return Name();
        return !IsColumnName() || Word(SqlKeyword.Set) || Name();
    }

    private bool WhereOrCurrent()
    {
        if (!Accept(SqlKeyword.Where))
            return true;
        if (!Word("current") || !Word(SqlKeyword.Of, 1))
            return Expression();
        _position += 2;
        return Name();
    }

    /// <summary><c>set_clause_list</c></summary>
    private bool Assignments()
    {
        do
        {
            if (!(Kind() == SqlTokenKind.OpenParen ? AssignedColumns() : AssignedColumn()))
                return false;
            if (Kind() != SqlTokenKind.Operator || SqlOperator(_position) != '=')
                return false;
            _position++;
            if (!Expression())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool AssignedColumns()
    {
        if (!Enter())
            return false;
        do
        {
            if (!AssignedColumn())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }

    private bool AssignedColumn() => Name() && Indirection();

    private bool ReturningTargets()
    {
        if (!Accept(SqlKeyword.Returning))
            return true;
        // RETURNING WITH (OLD AS o, NEW AS n), of version 18.
        if (Accept(SqlKeyword.With) && !OldAndNew())
            return false;
        return Targets();
    }

    private bool OldAndNew()
    {
        if (!Enter())
            return false;
        do
        {
            if (!(Accept("old") || Accept("new")) || !Accept(SqlKeyword.As) || !Name())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }
}
