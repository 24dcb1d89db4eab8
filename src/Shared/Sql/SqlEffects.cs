namespace CompileTimeRouting.Sql;

/// <summary>
/// What a text does, by the rules of a hot standby: everything the server would refuse there, everything that would be
/// lost there, and what the text doesn't tell. Throws nothing and takes linear time on any text.
/// </summary>
internal sealed class SqlEffects
{
    /// <summary>What stands in a text for a part of it that isn't known: a name, because names are what is put in most.</summary>
    public const string UnknownPart = "ctr_hole";

    private SqlEffects(IReadOnlyList<SqlStatementEffects> statements, SqlRoute route)
    {
        Statements = statements;
        Route = route;
    }

    public IReadOnlyList<SqlStatementEffects> Statements { get; }

    /// <summary>The strictest of the statements' routes; a text without a statement does nothing anywhere.</summary>
    public SqlRoute Route { get; }

    public IEnumerable<SqlEffect> Effects => Statements.SelectMany(s => s.Effects);

    /// <summary>The tables read, each once.</summary>
    public IReadOnlyList<SqlObjectName> Reads => Distinct(s => s.Reads);

    /// <summary>The tables written, each once.</summary>
    public IReadOnlyList<SqlObjectName> Writes => Distinct(s => s.Writes);

    /// <summary>The functions called, each once.</summary>
    public IReadOnlyList<SqlObjectName> Functions => Distinct(s => s.Functions);

    public static SqlEffects Analyze(string sql, SqlEffectOptions? options = null)
        => Analyze(sql, options ?? SqlEffectOptions.Default, 0);

    /// <param name="sql">The SQL.</param>
    /// <param name="options">What is known beside it.</param>
    /// <param name="nesting">How many strings the text stands in.</param>
    internal static SqlEffects Analyze(string sql, SqlEffectOptions options, int nesting)
    {
        var statements = SqlEffectsReader.ReadAll(sql, options, nesting);
        var route = statements.Count == 0 && SqlCharacters.IsUnsendable(sql) ? SqlRoute.Unknown : SqlRoute.Replica;
        foreach (var statement in statements)
        {
            if (statement.Route > route)
                route = statement.Route;
        }

        return new SqlEffects(statements, route);
    }

    private List<SqlObjectName> Distinct(Func<SqlStatementEffects, IReadOnlyList<SqlObjectName>> names)
    {
        var set = new SqlNameSet();
        foreach (var statement in Statements)
        {
            foreach (var name in names(statement))
                set.Add(name);
        }

        return set.Names;
    }
}
