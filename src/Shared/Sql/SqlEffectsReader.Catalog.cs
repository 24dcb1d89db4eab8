namespace CompileTimeRouting.Sql;

/// <content>What the catalog adds: bodies of functions and procedures, tables behind views, rules.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Where functions are called that EXPLAIN may run.</summary>
    private HashSet<int>? _planned;

    /// <summary>The tables that a statement reads, and those behind it when it is a view.</summary>
    private void Reads(in SqlObjectName name)
    {
        _reads.Add(name);
        if (_options.Catalog is not { } catalog)
            return;
        foreach (var relation in catalog.FindRelations(name))
        {
            var reach = catalog.Reach(relation);
            AddNames(reach, name);
            var verdict = catalog.Verdict(relation);
            if (reach.PlansUnlogged)
                Add(SqlEffectKind.UnloggedTable, SqlEffectImpact.Refused, name, relation + ": " + verdict.Reason);
            else if (verdict.Route != SqlRoute.Replica)
                Add(SqlEffectKind.CallingRelation, Impact(verdict), name, relation + ": " + verdict.Reason);
        }
    }

    /// <summary>The table that a statement writes, unless a rule drops the statement. In WITH the server refuses such a rule.</summary>
    private void Writes(in SqlObjectName target, SqlWriteEvents what, CommonTable? of)
    {
        if (of is null && _options.Catalog?.Discards(target, what) == true)
            _effects.RemoveAt(_effects.Count - 1);
        else
            _writes.Add(target);
    }

    /// <summary>
    /// A call of the catalog's functions: the strictest of those that the arguments allow. False when there are none, or
    /// when it may as well be a built-in one.
    /// </summary>
    private bool CallsRoutine(SqlCatalog catalog, in SqlObjectName name, int first, int last, SqlFunctionRole role)
    {
        var routines = Routines(catalog, name, isBuiltIn: role != SqlFunctionRole.Unknown);
        if (routines.Count == 0)
            return false;
        var verdict = Follow(catalog, routines, name);
        if (verdict.Route != SqlRoute.Replica)
        {
            var kind = verdict.Route == SqlRoute.Primary ? SqlEffectKind.WritingRoutine : SqlEffectKind.UnknownRoutine;
            Add(kind, Impact(verdict), first, last, name + ": " + verdict.Reason);
            // The planner runs a function that isn't volatile, or puts its query in the place of the call.
            if (routines.Exists(r => r.Volatility != SqlCatalogVolatility.Volatile))
                (_planned ??= new()).Add(_tokens[first].Start);
        }

        return role == SqlFunctionRole.Unknown;
    }

    /// <summary>The functions that a call with these arguments can mean, with the position at its bracket.</summary>
    private List<SqlCatalogFunction> Routines(SqlCatalog catalog, SqlObjectName name, bool isBuiltIn)
    {
        var all = catalog.FindFunctions(name).ToList();
        if (isBuiltIn && name.Schema is null)
            all.RemoveAll(f => !catalog.SearchPath.Contains(f.Schema));
        if (all.Count == 0 || ArgumentCount() is not { } count)
            return all;
        var fitting = all.FindAll(f => f.Takes(count));
        // None fits: an error, or a catalog that is older than the function.
        return fitting.Count > 0 || isBuiltIn ? fitting : all;
    }

    /// <summary>How many arguments the call passes whose bracket opens here; null in an aggregate with an order of its own.</summary>
    private int? ArgumentCount()
    {
        var closing = _tokens.Closing(_position);
        for (var i = _position + 1; i < closing; i++)
        {
            if (WordAt(SqlKeyword.Order, i))
                return null;
            if (_tokens.Closing(i) > i)
                i = _tokens.Closing(i);
        }

        return Arguments().Count;
    }

    private SqlCatalogVerdict Follow(SqlCatalog catalog, IReadOnlyList<SqlCatalogFunction> routines, in SqlObjectName name)
    {
        var strictest = SqlCatalogVerdict.Reads;
        foreach (var routine in routines)
        {
            AddNames(catalog.Reach(routine), name);
            var verdict = catalog.Verdict(routine);
            if (verdict.IsStricterThan(strictest))
                strictest = verdict;
        }

        return strictest;
    }

    /// <summary>An operator that calls such a function.</summary>
    private void HiddenOperator(SqlCatalog catalog)
    {
        var token = _tokens[_position];
        if (token.Kind is SqlTokenKind.Operator or SqlTokenKind.Star && catalog.OperatorVerdict(token.Text(_sql)) is { } verdict)
            Add(SqlEffectKind.WritingRoutine, Impact(verdict), _position, _position, token.Text(_sql) + ": " + verdict.Reason);
    }

    /// <summary>CALL, which a standby accepts until the procedure comes to a write.</summary>
    private bool CallProcedure()
    {
        var verb = _position++;
        if ((_options.Catalog is null && !_options.IsBody) || !QualifiedName(out var name) || Kind() != SqlTokenKind.OpenParen)
        {
            _position = verb;
            return Accepted(SqlEffectKind.Call);
        }

        _functions.Add(name);
        if (_options.Catalog is { } catalog)
        {
            var routines = Routines(catalog, name, isBuiltIn: false);
            var verdict = Follow(catalog, routines, name);
            // One that only reads is served by a standby, but a procedure is called for what it does: the detail tells them apart.
            if (verdict.Route == SqlRoute.Replica)
                BelongsOnPrimary(SqlEffectKind.Call, verb, verb);
            else
                Add(SqlEffectKind.Call, verdict.IsRefused ? SqlEffectImpact.Refused : SqlEffectImpact.BelongsOnPrimary, verb, verb, name + ": " + verdict.Reason);
        }

        return InGroup(static r => r.Expression(Stops.None));
    }

    /// <summary><c>DO [LANGUAGE name] 'body' [LANGUAGE name]</c>. It returns nothing, so that it is no read whatever it does.</summary>
    private bool DoBlock()
    {
        var verb = _position;
        if ((_options.Catalog is null && !_options.IsBody) || _nesting >= MaxNesting)
            return Accepted(SqlEffectKind.DoBlock);

        var language = "plpgsql";
        string? text = null;
        for (_position++; _position < _end; _position++)
        {
            if (Accept(SqlKeyword.Language) && _position < _end)
            {
                language = SqlLiteral.Text(_sql, _tokens[_position], _options.StandardConformingStrings)
                    ?? (IsName() ? SqlIdentifier.Name(_sql, _tokens[_position]) : "");
            }
            else if (_position < _end)
                text = SqlLiteral.Text(_sql, _tokens[_position], _options.StandardConformingStrings);
        }

        if (text is null)
        {
            BelongsOnPrimary(SqlEffectKind.DoBlock, verb, verb);
            return true;
        }

        var options = new SqlEffectOptions { StandardConformingStrings = _options.StandardConformingStrings, IsBody = true };
        var body = SqlBodyEffects.Analyze(language, text, options, _nesting + 1);
        var block = new SqlCatalogFunction
        {
            Route = body.Route,
            IsRefused = body.IsRefused,
            Reason = body.Reason,
            Reads = body.Reads,
            Writes = body.Writes,
            Calls = body.Calls,
        };
        foreach (var call in body.Calls)
            _functions.Add(call);
        if (_options.Catalog is { } catalog)
        {
            AddNames(catalog.Reach(block), _tokens[verb]);
            var verdict = catalog.Verdict(block);
            Add(SqlEffectKind.DoBlock, verdict.IsRefused ? SqlEffectImpact.Refused : SqlEffectImpact.BelongsOnPrimary, verb, verb, verdict.Reason);
            return true;
        }

        // In a body the block counts as a part of it.
        foreach (var name in body.Reads)
            _reads.Add(name);
        foreach (var name in body.Writes)
            _writes.Add(name);
        if (body.Route == SqlRoute.Unknown)
            Add(SqlEffectKind.DoBlock, SqlEffectImpact.Unknown, verb, verb, body.Reason);
        else if (body.Route == SqlRoute.Primary)
            Add(SqlEffectKind.DoBlock, body.IsRefused ? SqlEffectImpact.Refused : SqlEffectImpact.BelongsOnPrimary, verb, verb, body.Reason);
        return true;
    }

    /// <summary>Whether planning alone meets what the catalog said here.</summary>
    private bool IsPlanned(in SqlEffect effect) => effect.Kind switch
    {
        SqlEffectKind.UnloggedTable or SqlEffectKind.CallingRelation => true,
        SqlEffectKind.WritingRoutine or SqlEffectKind.UnknownRoutine => _planned?.Contains(effect.Start) == true,
        _ => false,
    };

    private void AddNames(SqlCatalogReach reach, in SqlObjectName at) => AddNames(reach, at.Start, at.Length);

    private void AddNames(SqlCatalogReach reach, in SqlToken at) => AddNames(reach, at.Start, at.Length);

    private void AddNames(SqlCatalogReach reach, int start, int length)
    {
        foreach (var name in reach.Reads)
            _reads.Add(new SqlObjectName(name.Schema, name.Name, start, length));
        foreach (var name in reach.Writes)
            _writes.Add(new SqlObjectName(name.Schema, name.Name, start, length));
    }

    private void Add(SqlEffectKind kind, SqlEffectImpact impact, in SqlObjectName at, string detail)
        => _effects.Add(new SqlEffect(kind, impact, at.Start, at.Length, detail));

    private static SqlEffectImpact Impact(SqlCatalogVerdict verdict)
        => verdict.Route == SqlRoute.Unknown ? SqlEffectImpact.Unknown : verdict.IsRefused ? SqlEffectImpact.Refused : SqlEffectImpact.BelongsOnPrimary;
}
