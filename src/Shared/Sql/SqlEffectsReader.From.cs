namespace CompileTimeRouting.Sql;

/// <content>The FROM clause and its kin: which tables, by which names.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary><c>from_list</c> with its joins, read flat: the nesting of joins changes no table.</summary>
    private bool FromList()
    {
        if (!TableReference())
            return false;
        while (true)
        {
            if (Kind() == SqlTokenKind.Comma)
                _position++;
            else if (IsJoin(_position))
            {
                if (!Join())
                    return Unknown("JOIN is missing");
            }
            else if (Accept(SqlKeyword.On))
            {
                if (!Expression(Stops.From))
                    return false;
                continue;
            }
            else if (Word(SqlKeyword.Using) && Kind(1) == SqlTokenKind.OpenParen)
            {
                _position++;
                if (!SkipGroup())
                    return Unknown("a bracket is missing");
                if (Accept(SqlKeyword.As))
                    AcceptName();
                continue;
            }
            else
                return true;

            if (!TableReference())
                return false;
        }
    }

    /// <summary><c>CROSS JOIN</c>, or <c>[NATURAL] [INNER | {LEFT | RIGHT | FULL} [OUTER]] JOIN</c>.</summary>
    private bool Join()
    {
        if (Accept(SqlKeyword.Cross))
            return Accept(SqlKeyword.Join);
        Accept(SqlKeyword.Natural);
        if (!Accept(SqlKeyword.Inner) && (Accept(SqlKeyword.Left) || Accept(SqlKeyword.Right) || Accept(SqlKeyword.Full)))
            Accept(SqlKeyword.Outer);
        return Accept(SqlKeyword.Join);
    }

    /// <summary>A word that continues a list of joins; before a bracket LEFT and RIGHT are functions.</summary>
    private bool IsJoin(int index)
        => KeywordAt(index) switch
        {
            SqlKeyword.Join or SqlKeyword.Inner or SqlKeyword.Cross or SqlKeyword.Natural or SqlKeyword.Full => true,
            SqlKeyword.Left or SqlKeyword.Right => KindAt(index + 1) != SqlTokenKind.OpenParen,
            _ => false,
        };

    /// <summary><c>table_ref</c> without joins.</summary>
    private bool TableReference()
    {
        Accept(SqlKeyword.Lateral);
        if (Kind() == SqlTokenKind.OpenParen)
            return BracketedReference();
        if (Word(SqlKeyword.Rows) && Word(SqlKeyword.From, 1) && Kind(2) == SqlTokenKind.OpenParen)
        {
            _position += 2;
            return InGroup(static r => r.Expression(Stops.None)) && FunctionAlias();
        }

        return IsFunction() ? FunctionReference() : Table() && Sample();
    }

    private bool BracketedReference()
    {
        var targets = _lockTargets.Count;
        if (!IsQuery(_position))
        {
            // (a join b on …) [as x]
            if (!InGroup(static r => r.FromList()))
                return false;
            var joined = AnyLockable(targets);
            if (Alias() is { } name)
                AddLockTarget(name, joined);
            return true;
        }

        if (!InGroup(static r => r.Query(null)))
            return false;
        // FOR UPDATE goes into a subquery in FROM (transformLockingClause).
        var lockable = AnyLockable(targets);
        ForgetLockTargets(targets);
        AddLockTarget(Alias(), lockable);
        return true;
    }

    /// <summary>A call, or one of the words that the grammar calls without brackets (<c>from current_date</c>).</summary>
    private bool IsFunction()
    {
        var i = _position;
        if (!SqlIdentifier.IsIdentifier(KindAt(i)))
            return false;
        if (SqlKeywords.IsValueFunction(KeywordAt(i)) || (WordAt(SqlKeyword.Collation, i) && WordAt(SqlKeyword.For, i + 1)))
            return true;
        if (SqlKeywords.IsReserved(KeywordAt(i)) && !WordAt(SqlKeyword.Cast, i))
            return false;
        while (KindAt(i + 1) == SqlTokenKind.Dot && SqlIdentifier.IsIdentifier(KindAt(i + 2)))
            i += 2;
        if (WordAt(SqlKeyword.Uescape, i + 1))
            i += 2;
        return KindAt(i + 1) == SqlTokenKind.OpenParen;
    }

    private bool FunctionReference()
    {
        var first = _position;
        if (!QualifiedName(out var name))
            return Unknown("a table should stand here");
        // COLLATION FOR (value)
        if (WordAt(SqlKeyword.Collation, first))
            Accept(SqlKeyword.For);
        if (Kind() == SqlTokenKind.OpenParen)
        {
            if (KindAt(first + 1) == SqlTokenKind.Dot || !SqlKeywords.IsSyntax(KeywordAt(first)))
                Call(name, first);
            var outer = _inJsonTable;
            _inJsonTable |= WordAt(SqlKeyword.JsonTable, first);
            var read = InGroup(static r => r.Expression(Stops.None));
            _inJsonTable = outer;
            if (!read)
                return false;
        }

        return FunctionAlias(name.Name);
    }

    private bool FunctionAlias(string? name = null)
    {
        Accept(SqlKeyword.With, SqlKeyword.Ordinality);
        AddLockTarget(Alias() ?? name, isLockable: false);
        return true;
    }

    /// <summary><c>relation_expr [alias]</c></summary>
    private bool Table()
    {
        if (!Relation(out var name))
            return false;
        var isTable = !IsCommonTable(name);
        if (isTable)
            Reads(name);
        AddLockTarget(Alias() ?? name.Name, isTable);
        return true;
    }

    /// <summary><c>t</c>, <c>t *</c>, <c>ONLY t</c>, <c>ONLY (t)</c></summary>
    private bool Relation(out SqlObjectName name)
    {
        name = default;
        if (Accept(SqlKeyword.Only) && Kind() == SqlTokenKind.OpenParen)
        {
            _position++;
            if (!QualifiedName(out name) || Kind() != SqlTokenKind.CloseParen)
                return Unknown("a table should stand here");
            _position++;
            return true;
        }

        if (IsReservedWord() && Kind(1) != SqlTokenKind.Dot)
            return Unknown("a table should stand here");
        if (!QualifiedName(out name))
            return Unknown("a table should stand here");
        if (Kind() == SqlTokenKind.Star)
            _position++;
        return true;
    }

    /// <summary>Relations with commas between them.</summary>
    private bool Relations(SqlNameSet into)
    {
        while (IsName() && (!IsReservedWord() || Word(SqlKeyword.Only)) && Relation(out var name))
        {
            into.Add(name);
            if (Kind() != SqlTokenKind.Comma)
                return true;
            _position++;
        }

        return false;
    }

    /// <summary><c>TABLESAMPLE method (…) [REPEATABLE (…)]</c></summary>
    private bool Sample()
    {
        if (!Accept(SqlKeyword.Tablesample))
            return true;
        if (!QualifiedName(out _) || !InGroup(static r => r.Expression(Stops.None)))
            return Unknown("TABLESAMPLE can't be followed");
        return !Accept(SqlKeyword.Repeatable) || InGroup(static r => r.Expression(Stops.None));
    }

    /// <summary><c>[AS] name [(columns)]</c>, or null.</summary>
    private string? Alias()
    {
        string? name = null;
        if (Accept(SqlKeyword.As))
        {
            if (IsName())
                name = Name();
        }
        else if (!IsName() || IsReservedWord())
            return null;
        else
            name = Name();

        if (Kind() == SqlTokenKind.OpenParen)
            SkipGroup();
        return name;
    }
}
