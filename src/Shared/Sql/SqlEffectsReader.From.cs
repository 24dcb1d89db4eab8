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
                while (!Accept("join"))
                {
                    if (!IsJoin(_position) && !Word("outer"))
                        return Unknown("JOIN is missing");
                    _position++;
                }
            }
            else if (Accept("on"))
            {
                if (!Expression(Stops.From))
                    return false;
                continue;
            }
            else if (Word("using") && Kind(1) == SqlTokenKind.OpenParen)
            {
                _position++;
                if (!SkipGroup())
                    return Unknown("a bracket is missing");
                if (Accept("as"))
                    AcceptName();
                continue;
            }
            else
                return true;

            if (!TableReference())
                return false;
        }
    }

    /// <summary>A word that continues a list of joins; before a bracket LEFT and RIGHT are functions.</summary>
    private bool IsJoin(int index)
        => WordAt("join", index) || WordAt("inner", index) || WordAt("cross", index) || WordAt("natural", index) || WordAt("full", index)
            || ((WordAt("left", index) || WordAt("right", index)) && KindAt(index + 1) != SqlTokenKind.OpenParen);

    /// <summary><c>table_ref</c> without joins.</summary>
    private bool TableReference()
    {
        Accept("lateral");
        if (Kind() == SqlTokenKind.OpenParen)
            return BracketedReference();
        if (Word("rows") && Word("from", 1) && Kind(2) == SqlTokenKind.OpenParen)
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
        if (!SqlIdentifier.IsIdentifier(KindAt(i)) || WordAt("only", i))
            return false;
        if (IsSqlValue(i))
            return true;
        while (KindAt(i + 1) == SqlTokenKind.Dot && SqlIdentifier.IsIdentifier(KindAt(i + 2)))
            i += 2;
        if (WordAt("uescape", i + 1))
            i += 2;
        return KindAt(i + 1) == SqlTokenKind.OpenParen;
    }

    private bool IsSqlValue(int index)
        => WordAt("current_date", index) || WordAt("current_time", index) || WordAt("current_timestamp", index) || WordAt("localtime", index)
            || WordAt("localtimestamp", index) || WordAt("current_user", index) || WordAt("session_user", index) || WordAt("current_role", index)
            || WordAt("current_catalog", index) || WordAt("current_schema", index) || WordAt("system_user", index) || WordAt("user", index);

    private bool FunctionReference()
    {
        var first = _position;
        if (!QualifiedName(out var name))
            return Unknown("a table should stand here");
        if (Kind() == SqlTokenKind.OpenParen)
        {
            if (!IsSyntax(first, name))
                Call(name, first);
            if (!InGroup(static r => r.Expression(Stops.None)))
                return false;
        }

        return FunctionAlias(name.Name);
    }

    private bool FunctionAlias(string? name = null)
    {
        Accept("with", "ordinality");
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
        if (Accept("only") && Kind() == SqlTokenKind.OpenParen)
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
        while (IsName() && (!IsReservedWord() || Word("only")) && Relation(out var name))
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
        if (!Accept("tablesample"))
            return true;
        if (!QualifiedName(out _) || !InGroup(static r => r.Expression(Stops.None)))
            return Unknown("TABLESAMPLE can't be followed");
        return !Accept("repeatable") || InGroup(static r => r.Expression(Stops.None));
    }

    /// <summary><c>[AS] name [(columns)]</c>, or null.</summary>
    private string? Alias()
    {
        string? name = null;
        if (Accept("as"))
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
