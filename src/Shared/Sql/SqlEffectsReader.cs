namespace CompileTimeRouting.Sql;

/// <summary>
/// Finds the effects of one statement, in one pass over its tokens. It follows PostgreSQL's grammar as far as effects,
/// tables and calls depend on it and reads expressions flat; what it can't follow makes the statement unknown.
/// </summary>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Queries in queries; the stack of an IDE's thread is small, and PostgreSQL has a limit of its own.</summary>
    private const int MaxDepth = 200;

    private readonly SqlTokens _tokens = new("");
    private readonly SqlGrammar _grammar;
    private readonly List<SqlEffect> _effects = new();
    private readonly SqlNameSet _reads = new();
    private readonly SqlNameSet _writes = new();
    private readonly SqlNameSet _functions = new();

    private string _sql = "";
    private SqlEffectOptions _options = SqlEffectOptions.Default;
    private SqlStatement _statement;
    private int _nesting;
    private int _position;

    /// <summary>Where the bracket closes that is being read, or the statement ends.</summary>
    private int _end;

    private int _depth;

    private bool _isUnsendable;

    private SqlEffectsReader() => _grammar = new SqlGrammar(_tokens);

    /// <summary>What each statement of a text does.</summary>
    private List<SqlStatementEffects> ReadAll()
    {
        _isUnsendable = SqlCharacters.IsUnsendable(_sql);
        var all = new List<SqlStatementEffects>(1);
        var splitter = new SqlStatementSplitter();
        var lexer = new SqlLexer(_sql, _options.StandardConformingStrings);
        while (lexer.MovePastSpace())
        {
            var token = lexer.Current;
            if (splitter.Ends(token, out var statement))
                all.Add(Read(statement));
            else if (!token.IsTrivia && splitter.IsInStatement)
                _tokens.Add(token);
        }

        if (splitter.Ends(out var last))
            all.Add(Read(last));
        return all;
    }

    /// <summary>The statement of the tokens that have come together.</summary>
    private SqlStatementEffects Read(in SqlStatement statement)
    {
        _tokens.Complete();
        _statement = statement;
        _position = 0;
        _end = _tokens.Count;
        if (!_statement.IsWellFormed || !_tokens.IsBalanced)
            _effects.Add(new SqlEffect(
                SqlEffectKind.UnknownSyntax, SqlEffectImpact.Unknown, _statement.Start, _statement.Length, "an open literal, comment or bracket, or a character that SQL doesn't have"));
        // None of the statements is sent without the whole text.
        if (_isUnsendable)
            _effects.Add(new SqlEffect(
                SqlEffectKind.UnknownSyntax, SqlEffectImpact.Unknown, _statement.Start, _statement.Length, "a character that can't be sent to a server: NUL, or half of a surrogate pair"));
        if (_end > 0 && Statement() && _position < _end)
            Unknown("the statement goes on where it should end");
        ForgetUnreferencedLocks();
        // Every server refuses such a text: it isn't known for a read either.
        if (Route() == SqlRoute.Replica && _grammar.FirstMisplaced(_sql, _nesting) is >= 0 and var misplaced && !HasUnknownPart())
            Add(SqlEffectKind.UnknownSyntax, SqlEffectImpact.Unknown, misplaced, misplaced, "no query goes on like that");
        // MERGE and DDL say what they are late.
        if (_effects.Count > 1)
            _effects.Sort(static (x, y) => x.Start != y.Start ? x.Start.CompareTo(y.Start) : x.Kind.CompareTo(y.Kind));
        var read = new SqlStatementEffects(_statement, Route(), Items(_effects), Items(_reads.Names), Items(_writes.Names), Items(_functions.Names));
        Clear();
        return read;
    }

    /// <summary>Forgets the statement; the lists keep their memory.</summary>
    private void Clear()
    {
        _tokens.Clear();
        _effects.Clear();
        _reads.Clear();
        _writes.Clear();
        _functions.Clear();
        _lockTargets.Clear();
        _commonTables.Clear();
        _visible?.Clear();
        _dropped.Clear();
        _planned?.Clear();
        _depth = 0;
        _rowLocks = 0;
        _operatorEnd = -1;
        _inserts = false;
    }

    /// <summary>In a literal it is no more than a part of its text.</summary>
    private bool HasUnknownPart()
    {
        for (var i = 0; i < _end; i++)
        {
            var token = _tokens[i];
            if ((SqlIdentifier.IsIdentifier(token.Kind) || token.Kind == SqlTokenKind.NamedParameter)
                && _sql.IndexOf(SqlEffects.UnknownPart, token.Start, token.Length, StringComparison.Ordinal) >= 0)
                return true;
        }

        return false;
    }

    private static T[] Items<T>(List<T> list) => list.Count == 0 ? Array.Empty<T>() : list.ToArray();

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
