namespace CompileTimeRouting.Sql;

/// <summary>What the body of a function, procedure or DO block does, without what it calls; that is in <see cref="Calls"/>.</summary>
internal sealed class SqlBodyEffects
{
    private readonly SqlNameSet _reads = new();
    private readonly SqlNameSet _writes = new();
    private readonly SqlNameSet _calls = new();

    public SqlRoute Route { get; private set; }

    /// <summary>The standby raises an error when it comes to it.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The strictest thing, the first of its kind; null when the body only reads.</summary>
    public string? Reason { get; private set; }

    public IReadOnlyList<SqlObjectName> Reads => _reads.Names;

    public IReadOnlyList<SqlObjectName> Writes => _writes.Names;

    /// <summary>Every function called, the built-in ones too.</summary>
    public IReadOnlyList<SqlObjectName> Calls => _calls.Names;

    /// <summary>Analyzes a body. Throws nothing.</summary>
    /// <param name="language">As <c>pg_language.lanname</c> says: <c>sql</c> and <c>plpgsql</c> can be read.</param>
    /// <param name="body">As <c>pg_proc.prosrc</c> has it.</param>
    /// <param name="standardConformingStrings">The server setting of that name.</param>
    public static SqlBodyEffects Analyze(string language, string body, bool standardConformingStrings = true)
        => Analyze(language, body, new SqlEffectOptions { StandardConformingStrings = standardConformingStrings, IsBody = true }, 0);

    internal static SqlBodyEffects Analyze(string language, string body, SqlEffectOptions options, int nesting)
    {
        var effects = new SqlBodyEffects();
        switch (language)
        {
            case "sql":
                effects.Add(body, SqlEffects.Analyze(body, options, nesting));
                break;
            case "plpgsql":
                new PlPgSqlReader(body, options, nesting, effects).Read();
                break;
            default:
                effects.Unknown("is written in " + language);
                break;
        }

        return effects;
    }

    internal void Unknown(string reason) => Take(SqlRoute.Unknown, false, reason);

    /// <summary>Adds what a piece of SQL in the body does.</summary>
    internal void Add(string sql, SqlEffects effects)
    {
        AddNames(effects, static _ => true);
        foreach (var effect in effects.Effects)
        {
            // Whoever has the catalog follows the calls.
            if (effect.Kind != SqlEffectKind.UnknownFunction)
                Take(
                    effect.Impact == SqlEffectImpact.Unknown ? SqlRoute.Unknown : SqlRoute.Primary, effect.Impact == SqlEffectImpact.Refused, Describe(sql, effect));
        }
    }

    /// <summary>Of a text with holes only what certainly is in it.</summary>
    internal void AddCertain(string sql, SqlEffects effects, char hole)
    {
        AddNames(effects, name => (name.Schema + name.Name).IndexOf(hole) < 0);
        foreach (var effect in effects.Effects)
        {
            if (effect.Impact != SqlEffectImpact.Unknown)
                Take(SqlRoute.Primary, effect.Impact == SqlEffectImpact.Refused, Describe(sql, effect));
        }
    }

    private void AddNames(SqlEffects effects, Func<SqlObjectName, bool> isKnown)
    {
        foreach (var name in effects.Reads.Where(isKnown))
            _reads.Add(name);
        foreach (var name in effects.Writes.Where(isKnown))
            _writes.Add(name);
        foreach (var name in effects.Functions.Where(isKnown))
            _calls.Add(name);
    }

    private void Take(SqlRoute route, bool isRefused, string reason)
    {
        if (route < Route || (route == Route && (IsRefused || !isRefused) && Reason is not null))
            return;
        Route = route;
        IsRefused = isRefused;
        Reason = reason;
    }

    private static string Describe(string sql, in SqlEffect effect)
    {
        switch (effect.Kind)
        {
            case SqlEffectKind.RefusedFunction or SqlEffectKind.PrimaryFunction:
                return "calls " + effect.Detail;
            case SqlEffectKind.SqlInString when effect.Impact != SqlEffectImpact.Unknown:
                return "runs SQL in a string";
            default:
                return effect.Detail ?? Words(sql, effect);
        }
    }

    /// <summary>The keywords alone: a literal may hold what must not get into a file.</summary>
    private static string Words(string sql, in SqlEffect effect)
    {
        const int MaxWords = 8;
        var words = new List<string>();
        foreach (var token in new SqlLexer(sql, effect.Start))
        {
            if (token.Start >= effect.End || words.Count == MaxWords)
                break;
            if (token.Kind == SqlTokenKind.Identifier)
                words.Add(token.Text(sql).ToUpperInvariant());
        }

        return string.Join(" ", words);
    }
}
