namespace CompileTimeRouting.Sql;

/// <content>Attribute notation: <c>t.f</c> is <c>f(t)</c> where the table has no such column, <c>(value).f</c> is <c>f(value)</c>.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Whether a dot here selects from a value. Behind a bare name it asks for a column of a table.</summary>
    private bool SelectsHere()
        => KindAt(_position - 1) is SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket or SqlTokenKind.PositionalParameter;

    /// <summary>The call that the name behind the dot here may be.</summary>
    /// <param name="catalog">When it has operators or functions that are called so.</param>
    /// <param name="selects">It selects from a value, of whatever type.</param>
    /// <returns>Where the selection may go on, or -1.</returns>
    private int Attribute(SqlCatalog? catalog, bool selects)
    {
        if (!(selects || catalog is not null) || !IsName(1))
            return -1;
        var dot = _position++;
        QualifiedName(out var name, parts: 1);
        var next = _position;
        _position = dot;
        if (KindAt(next) == SqlTokenKind.OpenParen || (!selects && KindAt(next) == SqlTokenKind.Dot))
            return -1;

        if (catalog?.AttributeVerdict(name.Name, ofAnyValue: selects) is { } verdict)
        {
            Add(SqlEffectKind.WritingRoutine, Impact(verdict), dot + 1, next - 1, name.Name + ": " + verdict.Reason);
            if (catalog.FindFunctions(name).Any(f => f.Volatility != SqlCatalogVolatility.Volatile))
                (_planned ??= new()).Add(name.Start);
        }

        if (!selects)
            return -1;
        Selected(name, dot + 1, next - 1);
        return next;
    }

    /// <summary>A built-in function by its name alone. What has no effect may as well be a column.</summary>
    private void Selected(in SqlObjectName name, int first, int last)
    {
        var role = SqlFunctionCatalog.Role(null, name.Name);
        if (role == SqlFunctionRole.RunsText)
            Add(SqlEffectKind.SqlInString, SqlEffectImpact.Unknown, first, last, "the SQL that " + name.Name + " runs isn't a constant");
        else if (!AddRole(role, name.Name, first, last))
            return;
        _functions.Add(name);
    }
}
