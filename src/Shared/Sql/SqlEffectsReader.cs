namespace CompileTimeRouting.Sql;

/// <summary>
/// Finds the effects of one statement, in one pass over its tokens. It follows PostgreSQL's grammar as far as effects,
/// tables and calls depend on it and reads expressions flat; what it can't follow makes the statement unknown.
/// </summary>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Queries in queries; the stack of an IDE's thread is small, and PostgreSQL has a limit of its own.</summary>
    private const int MaxDepth = 200;

    private readonly string _sql;
    private readonly SqlStatement _statement;
    private readonly SqlEffectOptions _options;
    private readonly int _nesting;
    private readonly SqlTokens _tokens;
    private readonly List<SqlEffect> _effects = new();
    private readonly SqlNameSet _reads = new();
    private readonly SqlNameSet _writes = new();
    private readonly SqlNameSet _functions = new();

    private int _position;

    /// <summary>Where the bracket closes that is being read, or the statement ends.</summary>
    private int _end;

    private int _depth;

    public SqlEffectsReader(string sql, in SqlStatement statement, SqlEffectOptions options, int nesting)
    {
        _sql = sql;
        _statement = statement;
        _options = options;
        _nesting = nesting;
        _tokens = new SqlTokens(sql, statement, options.StandardConformingStrings);
        _end = _tokens.Count;
    }

    public SqlStatementEffects Read()
    {
        if (!_statement.IsWellFormed)
            _effects.Add(new SqlEffect(
                SqlEffectKind.UnknownSyntax, SqlEffectImpact.Unknown, _statement.Start, _statement.Length, "an open literal, comment or bracket, or a character that SQL doesn't have"));
        if (Statement() && _position < _end)
            Unknown("the statement goes on where it should end");
        ForgetUnreferencedLocks();
        // MERGE and DDL say what they are late.
        _effects.Sort((x, y) => x.Start != y.Start ? x.Start.CompareTo(y.Start) : x.Kind.CompareTo(y.Kind));
        return new SqlStatementEffects(_statement, Route(), _effects, _reads.Names, _writes.Names, _functions.Names);
    }

    private SqlRoute Route()
    {
        var route = SqlRoute.Replica;
        foreach (var effect in _effects)
        {
            var needs = effect switch
            {
                { Kind: SqlEffectKind.UnknownFunction } => _options.UnknownFunctions,
                { Impact: SqlEffectImpact.Unknown } => SqlRoute.Unknown,
                _ => SqlRoute.Primary,
            };
            if (needs > route)
                route = needs;
        }

        return route;
    }

    /// <summary>An effect of the tokens from one to another.</summary>
    private void Add(SqlEffectKind kind, SqlEffectImpact impact, int first, int last, string? detail = null)
    {
        var start = _tokens[first].Start;
        _effects.Add(new SqlEffect(kind, impact, start, _tokens[last].End - start, detail));
    }

    private void Refused(SqlEffectKind kind, int first, int last) => Add(kind, SqlEffectImpact.Refused, first, last);

    private void BelongsOnPrimary(SqlEffectKind kind, int first, int last) => Add(kind, SqlEffectImpact.BelongsOnPrimary, first, last);

    /// <summary>The text can't be followed from here. Always false.</summary>
    private bool Unknown(string reason)
    {
        var at = Math.Max(0, Math.Min(_position, _tokens.Count - 1));
        Add(SqlEffectKind.UnknownSyntax, SqlEffectImpact.Unknown, at, at, reason);
        return false;
    }
}
