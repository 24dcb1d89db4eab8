namespace CompileTimeRouting.Sql;

/// <content>Calls of functions.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>
    /// Words that take a bracket and are no function: <c>COL_NAME_KEYWORD</c>s, which the grammar itself gives a meaning
    /// to, type names among them, and unreserved words of clauses.
    /// </summary>
    private static readonly HashSet<string> Syntax = new(
        ("between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval "
        + "json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value "
        + "least merge_action national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring "
        + "time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi "
        + "xmlroot xmlserialize xmltable "
        + "by columns conflict content cube document escape filter groups keys operator ordinality over passing path plan range rollup rows sets "
        + "within zone").Split(' '),
        StringComparer.Ordinal);

    /// <summary>The keywords of <c>TYPE_FUNC_NAME_KEYWORD</c> that are functions in fact.</summary>
    private static readonly HashSet<string> NamedLikeJoins = new(["left", "right", "current_schema", "overlaps"], StringComparer.Ordinal);

    /// <summary>The call whose bracket opens here, if it is one's.</summary>
    /// <param name="first">Where the expression starts: no name reaches further back.</param>
    private void CallBefore(int first)
    {
        var i = _position - 1;
        // U&"…" UESCAPE '!'
        if (i - 2 >= first && WordAt("uescape", i - 1))
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
        if (KindAt(i - 1) == SqlTokenKind.TypeCast || (i > first && WordAt("as", i - 1)))
            return;

        var open = _position;
        _position = i;
        QualifiedName(out var name);
        _position = open;
        if (!IsSyntax(i, name))
            Call(name, i);
    }

    /// <summary>
    /// <c>@f(1)</c> and the slice <c>a[1:f(1)]</c>: a parameter takes no bracket, so the mark is an operator or a colon and
    /// what follows it a name.
    /// </summary>
    private void CallBehindMark(int index)
    {
        var token = _tokens[index];
        var parts = SqlIdentifier.Name(_sql, new SqlToken(SqlTokenKind.Identifier, token.Start + 1, token.Length - 1)).Split('.');
        var schema = parts.Length > 1 ? parts[parts.Length - 2] : null;
        var name = new SqlObjectName(schema, parts[parts.Length - 1], token.Start + 1, token.Length - 1);
        if (schema is not null || !SqlKeywords.IsReserved(name.Name))
            Call(name, index);
    }

    private bool IsSyntax(int index, in SqlObjectName name)
    {
        if (name.Schema is not null || _tokens[index].Kind != SqlTokenKind.Identifier)
            return false;
        if (Syntax.Contains(name.Name) || SqlKeywords.IsReserved(name.Name))
            return true;
        if (SqlKeywords.IsTypeOrFunction(name.Name))
            return !NamedLikeJoins.Contains(name.Name);
        // DO UPDATE SET (a, b) = …, WHEN NOT MATCHED THEN INSERT (a, b), INTERVAL '1' SECOND (3)
        return name.Name switch
        {
            "set" => WordAt("update", index - 1),
            "insert" => WordAt("then", index - 1),
            "second" => WordAt("to", index - 1) || KindAt(index - 1) == SqlTokenKind.String,
            "over" or "filter" => KindAt(index - 1) == SqlTokenKind.CloseParen,
            "varying" => WordAt("character", index - 1) || WordAt("char", index - 1) || WordAt("bit", index - 1),
            _ => false,
        };
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
            case SqlFunctionRole.Refused or SqlFunctionRole.RefusedInPlanning:
                Add(SqlEffectKind.RefusedFunction, SqlEffectImpact.Refused, first, last, name.Name);
                break;
            case SqlFunctionRole.Primary:
                Add(SqlEffectKind.PrimaryFunction, SqlEffectImpact.BelongsOnPrimary, first, last, name.Name);
                break;
            case SqlFunctionRole.RunsRemotely:
                Add(SqlEffectKind.SqlInString, SqlEffectImpact.BelongsOnPrimary, first, last, name.Name);
                break;
            case SqlFunctionRole.RunsText:
                RunsText(name.Name, first, last);
                break;
            case SqlFunctionRole.OpensLargeObject when OpensForWriting():
                Add(SqlEffectKind.RefusedFunction, SqlEffectImpact.Refused, first, last, name.Name);
                break;
            case SqlFunctionRole.Unknown:
                Add(SqlEffectKind.UnknownFunction, SqlEffectImpact.Unknown, first, last, name.ToString());
                break;
        }
    }
}
