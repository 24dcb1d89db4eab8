namespace CompileTimeRouting.Sql;

/// <content><c>from_clause</c></content>
internal sealed partial class SqlGrammar
{
    private bool From()
    {
        do
        {
            if (!TableReference() || !Joins(out _))
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    /// <summary>The joins behind a first table. <c>a join b join c on x on y</c> nests: each condition closes one join.</summary>
    private bool Joins(out int count)
    {
        count = 0;
        for (var open = 0; ;)
        {
            if (Join(out var needsCondition) is { } isJoin)
            {
                if (!isJoin || !TableReference())
                    return false;
                count++;
                if (needsCondition)
                    open++;
            }
            else if (open > 0 && Accept(SqlKeyword.On))
            {
                if (!Expression())
                    return false;
                open--;
            }
            else if (open > 0 && Accept(SqlKeyword.Using))
            {
                if (!Names() || (Accept(SqlKeyword.As) && !Name()))
                    return false;
                open--;
            }
            else
                return open == 0;
        }
    }

    /// <summary>Null where no word of a join stands.</summary>
    private bool? Join(out bool needsCondition)
    {
        needsCondition = true;
        switch (Keyword())
        {
            case SqlKeyword.Join:
                break;
            case SqlKeyword.Cross:
                needsCondition = false;
                _position++;
                break;
            case SqlKeyword.Natural:
                needsCondition = false;
                _position++;
                JoinType();
                break;
            case SqlKeyword.Inner or SqlKeyword.Left or SqlKeyword.Right or SqlKeyword.Full:
                JoinType();
                break;
            default:
                return null;
        }

        return Accept(SqlKeyword.Join);
    }

    private void JoinType()
    {
        if (!Accept(SqlKeyword.Inner) && (Accept(SqlKeyword.Left) || Accept(SqlKeyword.Right) || Accept(SqlKeyword.Full)))
            Accept(SqlKeyword.Outer);
    }

    /// <summary><c>table_ref</c> but for a join without brackets.</summary>
    private bool TableReference()
    {
        if (Kind() == SqlTokenKind.OpenParen)
            return BracketedReference(out _) && Alias(isFunction: false);
        if (Accept(SqlKeyword.Lateral))
            return Kind() == SqlTokenKind.OpenParen ? BracketedQuery() && Alias(isFunction: false) : FunctionReference();
        return IsFunctionReference() ? FunctionReference() : TableName();
    }

    /// <summary>A query, or a table with joins.</summary>
    private bool BracketedReference(out bool isQuery)
    {
        isQuery = BeginsQuery(_position + 1);
        if (!Enter())
            return false;
        if (isQuery)
            return Query() && Leave();
        if (Kind() != SqlTokenKind.OpenParen)
            return TableReference() && FurtherJoins() && Leave();
        if (!BracketedReference(out var isInnerQuery))
            return false;
        // ((select …) union …), not ((select …) as a join …).
        isQuery = isInnerQuery && !IsJoinOrAlias();
        if (isQuery)
            return QueryBehindTerm() && Leave();
        // ((a join b on …))
        if (!isInnerQuery && Kind() == SqlTokenKind.CloseParen)
            return Leave();
        return Alias(isFunction: false) && FurtherJoins() && Leave();
    }

    private bool FurtherJoins() => Joins(out var count) && count > 0;

    private bool IsJoinOrAlias() => Word(SqlKeyword.As) || IsColumnName()
        || Keyword() is SqlKeyword.Join or SqlKeyword.Cross or SqlKeyword.Natural or SqlKeyword.Inner or SqlKeyword.Left or SqlKeyword.Right or SqlKeyword.Full;

    private bool TableName()
    {
        if (!Relation() || !Alias(isFunction: false))
            return false;
        if (!Accept(SqlKeyword.Tablesample))
            return true;
        if (!FunctionName() || !Enter() || !Expressions() || !Leave())
            return false;
        return !Accept(SqlKeyword.Repeatable) || (Enter() && Expression() && Leave());
    }

    /// <summary><c>relation_expr</c></summary>
    private bool Relation()
    {
        if (Accept(SqlKeyword.Only))
            return Kind() == SqlTokenKind.OpenParen ? Enter() && QualifiedName() && Leave() : QualifiedName();
        if (!QualifiedName())
            return false;
        Accept(SqlTokenKind.Star);
        return true;
    }

    private bool IsFunctionReference()
    {
        if (!IsName())
            return false;
        if (IsValueFunction() || (Word(SqlKeyword.Rows) && Word(SqlKeyword.From, 1)) || (Word(SqlKeyword.Collation) && Word(SqlKeyword.For, 1)))
            return true;
        if (SqlKeywords.IsReserved(Keyword()) && !Word(SqlKeyword.Cast))
            return false;
        var i = _position;
        while (true)
        {
            if (KindAt(i) == SqlTokenKind.UnicodeIdentifier && KeywordAt(i + 1) == SqlKeyword.Uescape)
                i += 2;
            if (KindAt(i + 1) != SqlTokenKind.Dot)
                return KindAt(i + 1) == SqlTokenKind.OpenParen;
            i += 2;
        }
    }

    /// <summary><c>func_table</c>, <c>xmltable</c> or <c>json_table</c>, each with its alias.</summary>
    private bool FunctionReference()
    {
        if (Keyword() is SqlKeyword.Xmltable or SqlKeyword.JsonTable && Kind(1) == SqlTokenKind.OpenParen)
            return (Word(SqlKeyword.Xmltable) ? XmlTable() : JsonTable()) && Alias(isFunction: false);
        if (Word(SqlKeyword.Rows) && Word(SqlKeyword.From, 1))
        {
            _position += 2;
            if (!Enter())
                return false;
            do
            {
                if (!Function() || (Accept(SqlKeyword.As) && !ColumnDefinitions()))
                    return false;
            }
            while (Accept(SqlTokenKind.Comma));
            if (!Leave())
                return false;
        }
        else if (!Function())
            return false;

        if (Accept(SqlKeyword.With) && !Accept(SqlKeyword.Ordinality))
            return false;
        return Alias(isFunction: true);
    }

    /// <summary><c>opt_alias_clause</c>, <c>func_alias_clause</c></summary>
    private bool Alias(bool isFunction)
    {
        if (Accept(SqlKeyword.As))
        {
            if (isFunction && Kind() == SqlTokenKind.OpenParen)
                return ColumnDefinitions();
            if (!Name())
                return false;
        }
        // FORMAT JSON ends a query in JSON_ARRAY (FORMAT_LA).
        else if (!IsColumnName() || (Word(SqlKeyword.Json, 1) && Word("format")))
            return true;
        else if (!Name())
            return false;

        if (Kind() != SqlTokenKind.OpenParen)
            return true;
        return isFunction && DefinesColumns() ? ColumnDefinitions() : Names();
    }

    private bool DefinesColumns() => IsName(1) && !(Kind(2) is SqlTokenKind.Comma or SqlTokenKind.CloseParen) && !Word(SqlKeyword.Uescape, 2);

    /// <summary><c>TableFuncElementList</c></summary>
    private bool ColumnDefinitions()
    {
        if (!Enter())
            return false;
        do
        {
            if (!Name() || !Type() || (Accept(SqlKeyword.Collate) && !QualifiedName()))
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }
}
