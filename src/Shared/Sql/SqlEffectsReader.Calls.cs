namespace CompileTimeRouting.Sql;

/// <content>Calls of functions.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>The call whose bracket opens here, if it is one's.</summary>
    /// <param name="first">Where the expression starts: no name reaches further back.</param>
    /// <param name="isItem">Whether an item of GROUP BY or GROUPING SETS may stand here.</param>
    private void CallBefore(int first, bool isItem)
    {
        var i = _position - 1;
        // U&"…" UESCAPE '!'
        if (i - 2 >= first && WordAt(SqlKeyword.Uescape, i - 1))
            i -= 2;
        if (i >= first && _tokens[i].Kind == SqlTokenKind.NamedParameter)
        {
            CallBehindMark(i);
            return;
        }

        if (i < first || !SqlIdentifier.IsIdentifier(_tokens[i].Kind))
            return;
        while (i - 2 >= first && _tokens[i - 1].Kind == SqlTokenKind.Dot && SqlIdentifier.IsIdentifier(_tokens[i - 2].Kind))
            i -= 2;

        // A cast's type, or a label with columns.
        if (KindAt(i - 1) == SqlTokenKind.TypeCast || (i > first && WordAt(SqlKeyword.As, i - 1)))
            return;

        if (IsSyntax(i, first, isItem))
            return;

        var open = _position;
        _position = i;
        QualifiedName(out var name);
        _position = open;
        Call(name, i);
    }

    /// <summary>
    /// <c>@f(1)</c> and the slice <c>a[1:f(1)]</c>: a parameter takes no bracket, so the mark is an operator or a colon and
    /// what follows it a name.
    /// </summary>
    private void CallBehindMark(int index)
    {
        var token = _tokens[index];
        var start = token.Start + 1;
        if (SqlKeywords.IsSyntax(SqlKeywords.Find(_sql, start, token.End - start)))
            return;
        string? schema = null;
        var first = start;
        for (var dot = _sql.IndexOf('.', first, token.End - first); dot >= 0; dot = _sql.IndexOf('.', first, token.End - first))
        {
            schema = Part(first, dot);
            first = dot + 1;
        }

        Call(new SqlObjectName(schema, Part(first, token.End), start, token.End - start), index);

        string Part(int from, int to) => SqlIdentifier.Name(_sql, new SqlToken(SqlTokenKind.Identifier, from, to - from));
    }

    /// <summary>A call, with the position at its bracket.</summary>
    private void Call(in SqlObjectName name, int first)
    {
        _functions.Add(name);
        var last = _position - 1;
        var role = SqlFunctionCatalog.Role(name.Schema, name.Name);
        if (_options.Catalog is { } catalog && CallsRoutine(catalog, name, first, last, role))
            return;
        if (role == SqlFunctionRole.Unknown)
            role = _options.Functions?.Invoke(name.Schema, name.Name) ?? role;
        switch (role)
        {
            case SqlFunctionRole.RunsText:
                RunsText(name.Name, first, last);
                break;
            case SqlFunctionRole.OpensLargeObject when OpensForWriting():
                Add(SqlEffectKind.RefusedFunction, SqlEffectImpact.Refused, first, last, name.Name);
                break;
            case SqlFunctionRole.Unknown:
                Add(SqlEffectKind.UnknownFunction, SqlEffectImpact.Unknown, first, last, name.ToString());
                break;
            default:
                AddRole(role, name.Name, first, last);
                break;
        }
    }

    /// <summary>The effect of a role that needs no look at the arguments; false when it has none.</summary>
    private bool AddRole(SqlFunctionRole role, string name, int first, int last)
    {
        switch (role)
        {
            case SqlFunctionRole.Refused or SqlFunctionRole.RefusedInPlanning:
                Add(SqlEffectKind.RefusedFunction, SqlEffectImpact.Refused, first, last, name);
                return true;
            case SqlFunctionRole.Primary:
                Add(SqlEffectKind.PrimaryFunction, SqlEffectImpact.BelongsOnPrimary, first, last, name);
                return true;
            case SqlFunctionRole.RunsRemotely:
                Add(SqlEffectKind.SqlInString, SqlEffectImpact.BelongsOnPrimary, first, last, name);
                return true;
            default:
                return false;
        }
    }
}
