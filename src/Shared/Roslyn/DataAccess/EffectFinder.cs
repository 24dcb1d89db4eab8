using System.Collections.Concurrent;
using System.Collections.Immutable;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Finds what a method does to a database, through the methods that it calls. Bodies are read on demand and once; texts that
/// a method is given are followed into it. Safe to ask from many threads.
/// </summary>
internal sealed partial class EffectFinder
{
    /// <summary>How far a call is followed. Layers of real applications are five to eight deep.</summary>
    private const int MaxDepth = 32;

    /// <summary>How many methods are looked into for one call.</summary>
    private const int MaxMethods = 1000;

    /// <summary>How many methods are looked into for one call in all, where calls have several implementations within each other.</summary>
    private const int MaxWork = 4000;

    private const string RunsUnknown = "which runs SQL that isn't known here and returns no rows";

    private readonly KnownSymbols _known;
    private readonly SqlCatalog? _catalog;
    private readonly SourceModel _source;
    private readonly Implementations _implementations;
    private readonly PublishedEffects _published = new();
    private readonly ConcurrentDictionary<IMethodSymbol, BodyFacts> _facts = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxNode, KnownObject?> _objects = new();
    private readonly ConcurrentDictionary<(IMethodSymbol Method, INamedTypeSymbol? Receiver, string Constants), Outcome> _outcomes = new();

    public EffectFinder(KnownSymbols known, SqlCatalog? catalog)
    {
        _known = known;
        _catalog = catalog;
        _source = new SourceModel(known.Compilation);
        _implementations = new Implementations(_source);
    }

    /// <summary>All that a method does itself, and of each of its calls the nearest write, routine and unknown text.</summary>
    public IReadOnlyList<ReachedEffect> Find(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var entry = new State(method, null, State.NoBindings, null, null);
        var facts = Facts(method, cancellationToken);
        var found = new List<ReachedEffect>();
        found.AddRange(Own(facts, entry, isEntry: true).Where(static e => !e.IsOfReturned));
        foreach (var call in facts.Calls)
        {
            var outcome = Reach(call, entry, cancellationToken).Or(Overridden(call, entry, new Walk(cancellationToken)));
            if (outcome.Write is { IsOfReturned: false } write)
                found.Add(write);
            if (outcome.Routine is { } routine)
                found.Add(routine);
            if (outcome.Unknown is { } unknown && outcome.Write is null)
                found.Add(unknown);
        }

        return found;
    }

    /// <summary>
    /// The words that make any call of a method a write; null where it doesn't write, or what it is given decides. For an
    /// abstract one its implementations speak.
    /// </summary>
    public string? Write(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (method.DeclaringSyntaxReferences.FirstOrDefault() is not { } declaration)
            return null;
        var call = new CallSite(method, declaration.GetSyntax(cancellationToken), null, false, method.IsAbstract, new(static () => new Dictionary<int, SqlTexts>()));
        var entry = new State(method, null, State.NoBindings, null, null);
        return Reach(call, entry, cancellationToken).Write is { IsCertain: true } write && !(write.Reason == RunsUnknown && method.Parameters.Any(static p => BodyReader.MayBeSql(p.Type)))
            ? write.Word
            : null;
    }

    /// <summary>What is unfit for a read in SQL that stands by itself.</summary>
    public IReadOnlyList<SqlFinding> Judge(string sql) => SqlJudge.Judge(sql, Read(sql), _catalog, ofOtherDialects: false);

    /// <summary>Whether a method, or one that it calls, asks the database.</summary>
    public bool RunsSql(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var visited = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default) { method };
        var pending = new Queue<IMethodSymbol>(visited);
        while (pending.Count > 0 && visited.Count < MaxMethods)
        {
            var facts = Facts(pending.Dequeue(), cancellationToken);
            if (facts.Reads)
                return true;
            foreach (var call in facts.Calls)
            {
                if (visited.Add(call.Target.OriginalDefinition))
                    pending.Enqueue(call.Target.OriginalDefinition);
            }
        }

        return false;
    }

    private BodyFacts Facts(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (_facts.TryGetValue(method, out var facts))
            return facts;
        facts = method.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor
            ? BodyReader.ReadConstruction(method, _source, _implementations, _known, _published, cancellationToken)
            : _source.Body(method, cancellationToken) is { } body ? BodyReader.Read(body, _source, _implementations, _known, _published, cancellationToken) : BodyFacts.Nothing;
        return _facts.GetOrAdd(method, facts);
    }

    // Members with many implementations, as an event that half of the application handles, can take all of the work: then what
    // runs for certain is followed without them.
    private Outcome Reach(CallSite call, State entry, CancellationToken cancellationToken)
    {
        var walk = new Walk(cancellationToken);
        var outcome = Follow(call, entry, walk);
        return outcome.Write is null && walk.Work > MaxWork
            ? Follow(call, entry, new Walk(cancellationToken) { LeavesOutSeveral = true }).Or(outcome)
            : outcome;
    }

    private Outcome Follow(CallSite call, State from, Walk walk)
    {
        var targets = Targets(call, from);
        switch (targets.Length)
        {
            case 0:
                // Nothing implements it here; its name may say enough.
                return OfLibrary(call.Target, call).Or(Escaped(call));
            case 1 when call.Doubt is null:
                return Search(Enter(call, from, targets[0]), call, walk);
        }

        // Several may run.
        if (walk.LeavesOutSeveral || !walk.Open.Add(call.Target))
        {
            walk.IsCut = true;
            return Outcome.Nothing;
        }

        try
        {
            var outcome = targets.Length > 1 ? OfSeveral(call, from, targets, walk) : Search(Enter(call, from, targets[0]), call, walk);
            return call.Doubt is null ? outcome : outcome.WithoutWrite(call);
        }
        finally
        {
            walk.Open.Remove(call.Target);
        }
    }

    // A member that is named for a change writes when one of its implementations does: the others change something that isn't
    // known here, as another kind of database or memory. One that isn't writes when at least half do and none of the others
    // reads. Of those that a loop calls one after the other, one that writes is enough. Where implementations have nothing in
    // common, because a library declares the member or the type argument chooses, all must; of the handlers of any event not
    // even that says something about the one at hand. Those that hand on to the same member, or do nothing, have no say.
    private Outcome OfSeveral(CallSite call, State from, IMethodSymbol[] targets, Walk walk)
    {
        Outcome? first = null;
        var (others, advice) = (Outcome.Nothing, Outcome.Nothing);
        var (writing, asked) = (0, 0);
        var isNamedForChange = ChangeNames.IsChange(call.Target.Name);
        foreach (var target in targets)
        {
            if (IsNeutral(target, call.Target, walk.CancellationToken))
                continue;
            var outcome = Search(Enter(call, from, target), call with { Target = target, IsChosen = true }, walk);
            advice = advice.Or(outcome);
            if (outcome.Write is null && HandsOn(target, call.Target, walk.CancellationToken))
                continue;
            asked++;
            if (outcome.Write is null)
            {
                others = others.Or(outcome);
                continue;
            }

            writing++;
            first ??= outcome;
            if (isNamedForChange)
                break;
        }

        if (first is null)
            return advice;
        var isOfAnyType = call.Target.ContainingType.TypeArguments.Any(static t => t.TypeKind == TypeKind.TypeParameter);
        var isOfLibrary = call.Target.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty;
        var isWrite = isNamedForChange || call.IsOnEach || (writing == asked && !(isOfAnyType && ChangeNames.IsHandler(call.Target.Name))) ||
            (!isOfAnyType && !isOfLibrary && !others.Reads && 2 * writing >= asked);
        return isWrite
            ? first.Or(advice)
            : advice.WithoutWrite(call);
    }

    private bool IsNeutral(IMethodSymbol target, IMethodSymbol called, CancellationToken cancellationToken)
    {
        if (target.DeclaringSyntaxReferences.IsEmpty)
            return DataAccessApis.EffectOf(target) == ApiEffect.None && _published.Write(target) is null;
        var facts = Facts(target, cancellationToken);
        return facts.IsNothing || (facts.Sql.Count == 0 && facts.Calls.All(c => IsCallOf(c, called)) && facts.Apis.Count == 0);
    }

    private bool HandsOn(IMethodSymbol target, IMethodSymbol called, CancellationToken cancellationToken) =>
        Facts(target, cancellationToken).Calls.Any(c => IsCallOf(c, called));

    private static bool IsCallOf(CallSite call, IMethodSymbol called) =>
        SymbolEqualityComparer.Default.Equals(call.Target.OriginalDefinition, called.OriginalDefinition);

    // Nearest first, so that a message shows the shortest way.
    private Outcome Search(State start, CallSite first, Walk walk)
    {
        if (!SourceModel.IsInSource(start.Method))
            return DataAccessApis.IsKnown(start.Method.ContainingType) ? OfLibrary(start.Method, first) : OfLibrary(start.Method, first).Or(Escaped(first));
        var key = (start.Method, start.Receiver, start.ConstantsKey);
        var isReusable = start.Bindings.Count == 0 && start.Types.Count == 0 && !start.IsNonQuery;
        if (isReusable && _outcomes.TryGetValue(key, out var known))
            return known.Through(first);

        var wasCut = walk.IsCut;
        walk.IsCut = false;
        var root = start with { Parent = null, Via = null };
        // Most searches end where they begin.
        HashSet<(IMethodSymbol, INamedTypeSymbol?, string)>? visited = null;
        var pending = new Queue<State>();
        pending.Enqueue(root);
        var result = Outcome.Nothing;
        while (pending.Count > 0 && result.Write is null)
        {
            walk.CancellationToken.ThrowIfCancellationRequested();
            if (++walk.Work > MaxWork)
            {
                walk.IsCut = true;
                result = result.Or(TooDeep(first, ImmutableArray<CallSite>.Empty));
                break;
            }

            var state = pending.Dequeue();
            var facts = Facts(state.Method, walk.CancellationToken);
            result = result with { Reads = result.Reads || facts.Reads };
            foreach (var effect in Own(facts, state, isEntry: false))
                result = result.Or(Outcome.Of(effect with { Path = state.Path, IsOfReturned = effect.IsOfReturned && state.Path.All(static c => c.IsReturned) }));
            if (result.Write is not null)
                continue;
            foreach (var call in facts.Calls)
            {
                if (state.IsExcluded(call.Guards))
                    continue;
                if (result.Unknown is null && Overridden(call, state, walk) is { Unknown: not null } overridden)
                    result = result.Or(Through(overridden, state));
                var targets = Targets(call, state);
                var isDeepest = state.Depth >= MaxDepth || visited?.Count >= MaxMethods;
                if (targets.Length == 1 && call.Doubt is null && SourceModel.IsInSource(targets[0]))
                {
                    var next = Enter(call, state, targets[0]);
                    visited ??= [root.Key];
                    if (visited.Contains(next.Key))
                        continue;
                    if (isDeepest)
                    {
                        result = result.Or(TooDeep(call, state.Path));
                        continue;
                    }

                    visited.Add(next.Key);
                    pending.Enqueue(next);
                    continue;
                }

                if (isDeepest && targets.Length > 1)
                {
                    result = result.Or(TooDeep(call, state.Path));
                    continue;
                }

                result = result.Or(Through(Follow(call, state, walk), state));
            }
        }

        // Depth and number count from here, so that what they cut off is the same for every caller. Work and what is open don't.
        if (isReusable && !walk.IsCut)
            _outcomes.TryAdd(key, result);
        walk.IsCut |= wasCut;
        return result.Through(first);
    }

    private static Outcome Through(Outcome outcome, State state)
    {
        foreach (var via in state.Path.Reverse())
            outcome = outcome.Through(via);
        return outcome;
    }

    // The object may be of a class below the one that it is declared as: what that does instead is told as unknown.
    private Outcome Overridden(CallSite call, State from, Walk walk)
    {
        if (!call.IsVirtual || call.IsExact || call.Target.ContainingType is not { TypeKind: TypeKind.Class, IsSealed: false })
            return Outcome.Nothing;
        var receiver = (call.IsOnThis ? from.Receiver ?? from.Method.ContainingType : call.Receiver) ?? call.Target.ContainingType;
        if (receiver.IsSealed || receiver.TypeKind != TypeKind.Class || !walk.Open.Add(call.Target))
            return Outcome.Nothing;
        var result = Outcome.Nothing;
        var targets = Targets(call, from);
        foreach (var target in _implementations.Overriding(call.Target, receiver).OfType<IMethodSymbol>())
        {
            if (targets.Contains(target, (IEqualityComparer<IMethodSymbol>)SymbolEqualityComparer.Default))
                continue;
            var possible = call with { Target = target, IsChosen = true, Doubt = $"'{target.Name}' of '{target.ContainingType.Name}', which may run instead, writes" };
            if (Search(Enter(possible, from, target), possible, walk) is { Write: not null } outcome)
                result = new Outcome(null, null, outcome.WithoutWrite(possible).Unknown);
            if (result.Unknown is not null)
                break;
        }

        walk.Open.Remove(call.Target);
        return result;
    }

    private static Outcome TooDeep(CallSite call, ImmutableArray<CallSite> path) => Outcome.Of(
        new ReachedEffect(RuleIds.UnknownSql, call.Syntax, null, call.Target.Name, "the calls go deeper than is followed", true, path));

    private static Outcome Escaped(CallSite call) => call.HandsConnection
        ? Outcome.Of(new ReachedEffect(RuleIds.UnknownSql, call.Syntax, null, call.Target.Name, GetsConnection(call.Target.Name), true, ImmutableArray<CallSite>.Empty))
        : Outcome.Nothing;

    private static string GetsConnection(string method) => $"'{method}' gets the connection, and what it does isn't known here";

    private State Enter(CallSite call, State from, IMethodSymbol target)
    {
        var receiver = call.IsOnThis ? from.Receiver ?? from.Method.ContainingType : call.Receiver;
        if (target.IsStatic || receiver is null || receiver.TypeKind == TypeKind.Interface || SymbolEqualityComparer.Default.Equals(receiver.OriginalDefinition, target.ContainingType))
            receiver = null;
        var parameters = (target.PartialImplementationPart ?? target).Parameters;
        var bindings = State.NoBindings;
        if (!parameters.IsEmpty && UsesTexts(target))
        {
            foreach (var argument in call.Arguments.Value)
            {
                if (argument.Key < parameters.Length && argument.Value.Where(g => !from.IsExcluded(g)).Bind(s => Fill(s, from, call.Syntax)).WithoutGuards() is var texts && texts.Alternatives.Any(static t => t.Pieces.Count == 0 || t.Pieces.Any(static p => p.Kind == SqlPieceKind.Text)))
                    bindings = bindings.SetItem(parameters[argument.Key], texts);
            }
        }

        // Methods that call each other with more and more in a text would never come to an end.
        if (bindings.Count > 0 && from.Earlier(target) is { } earlier)
            bindings = bindings.RemoveRange(bindings.Where(b => !earlier.Bindings.TryGetValue(b.Key, out var before) || !before.IsSame(b.Value)).Select(static b => b.Key));

        var constants = parameters.IsEmpty || call.Constants.Count == 0 ? State.NoConstants : Constants(call, from, target, parameters);
        return new State(target, receiver?.OriginalDefinition, bindings, from, call) { Constants = constants, Types = Types(call, from), Object = ObjectOf(call, from, target), IsNonQuery = call.IsNonQuery || (from.IsNonQuery && call.IsReturned) };
    }

    // Only those that something in the method depends on.
    private ImmutableDictionary<ISymbol, object?> Constants(CallSite call, State from, IMethodSymbol target, ImmutableArray<IParameterSymbol> parameters)
    {
        var constants = State.NoConstants;
        var decisive = Facts(target, CancellationToken.None).Decisive;
        if (decisive.Count == 0)
            return constants;
        foreach (var argument in call.Constants)
        {
            if (argument.Ordinal >= parameters.Length || !decisive.Contains(parameters[argument.Ordinal]))
                continue;
            if (argument.Value is IObjectCreationOperation creation)
            {
                if (Known(creation) is { } known)
                    constants = constants.SetItem(parameters[argument.Ordinal], known);
            }
            else if (argument.From is null)
            {
                constants = constants.SetItem(parameters[argument.Ordinal], argument.Value);
            }
            else if (from.Constants.TryGetValue(argument.From, out var value))
            {
                constants = constants.SetItem(parameters[argument.Ordinal], value);
            }
        }

        return constants;
    }

    private static ImmutableDictionary<ITypeParameterSymbol, INamedTypeSymbol> Types(CallSite call, State from)
    {
        var types = State.NoTypes;
        foreach (var (parameter, argument) in call.Types)
        {
            if (argument is INamedTypeSymbol named)
                types = types.SetItem(parameter, named);
            else if (argument is ITypeParameterSymbol own && from.Types.TryGetValue(own, out var known))
                types = types.SetItem(parameter, known);
        }

        return types;
    }

    private KnownObject? Known(IObjectCreationOperation creation) => _objects.TryGetValue(creation.Syntax, out var known)
        ? known
        : _objects.GetOrAdd(creation.Syntax, KnownObject.Of(creation, _source, CancellationToken.None));

    private KnownObject? ObjectOf(CallSite call, State from, IMethodSymbol target) =>
        target.IsStatic && target.MethodKind != MethodKind.LocalFunction ? null
        : call.IsOnNew ? null
        : call.IsOnThis ? from.Object
        : call.Created is { } creation && target.MethodKind != MethodKind.Constructor && Known(creation) is { HasMembers: true } known ? known
        : null;

    private bool UsesTexts(IMethodSymbol target)
    {
        var facts = Facts(target, CancellationToken.None);
        return facts.TakesTexts;
    }

    private SqlTexts? Fill(SqlPiece piece, State state, SyntaxNode reference)
    {
        var symbol = piece.Symbol!;
        if (piece.Holder is { } holder)
            return state.TypeOf(holder) is { } chosen ? new SqlTextReader(_source, _implementations, CancellationToken.None).ReadOfType(symbol, chosen, reference) : null;
        if (symbol is IParameterSymbol)
            return state.Bindings.TryGetValue(symbol, out var texts) ? texts : null;
        var type = state.Receiver ?? state.Method.ContainingType;
        return type is null ? null : new SqlTextReader(_source, _implementations, CancellationToken.None).ReadVirtual(symbol, type, reference);
    }

    private IMethodSymbol[] Targets(CallSite call, State from)
    {
        var target = call.Target;
        var receiver = call.IsOnThis ? from.Receiver ?? from.Method.ContainingType : call.Receiver;
        if (call.TypeParameter is { } parameter && from.Types.TryGetValue(parameter, out var chosen))
            receiver = chosen;
        if (target.ContainingType is { TypeKind: TypeKind.Interface })
        {
            if (target.IsStatic && !target.IsAbstract)
                return [target];
            if (receiver is { TypeKind: TypeKind.Class or TypeKind.Struct } && receiver.FindImplementationForInterfaceMember(target) is IMethodSymbol implementation)
                return implementation.ContainingType.TypeKind == TypeKind.Interface ? [implementation.OriginalDefinition] : [.. _implementations.Of(implementation.OriginalDefinition, receiver).OfType<IMethodSymbol>()];
            var found = _implementations.OfCall(target).ToArray();
            return found.Length == 0 && !target.IsAbstract ? [target.OriginalDefinition] : found;
        }

        if (!call.IsVirtual)
            return [target];
        return [.. _implementations.Of(target, receiver ?? target.ContainingType).OfType<IMethodSymbol>()];
    }

    private Outcome OfLibrary(IMethodSymbol method, CallSite call) => _published.Write(method) is { } write ? OfPublished(method, write, call) : DataAccessApis.EffectOf(method) switch
    {
        ApiEffect.Writes => Outcome.Of(new ReachedEffect(RuleIds.ApiWrites, call.Syntax, null, method.Name, "which writes", true, ImmutableArray<CallSite>.Empty)),
        ApiEffect.RunsCommand => Outcome.Of(new ReachedEffect(RuleIds.ApiWrites, call.Syntax, null, method.Name, RunsUnknown, true, ImmutableArray<CallSite>.Empty)),
        ApiEffect.TracksChange => Outcome.Of(new ReachedEffect(RuleIds.TracksChange, call.Syntax, null, method.Name, "which is never saved", true, ImmutableArray<CallSite>.Empty)),
        _ => Outcome.Nothing,
    };

    // The call is all that can be shown of it.
    private static Outcome OfPublished(IMethodSymbol method, string write, CallSite call) => Outcome.Of(new ReachedEffect(
        RuleIds.ApiWrites, call.Syntax, null, write, $"as the assembly '{method.ContainingAssembly.Name}' says of it", true, ImmutableArray.Create(call)));

    private IEnumerable<ReachedEffect> Own(BodyFacts facts, State state, bool isEntry)
    {
        foreach (var api in facts.Apis)
        {
            if (!state.IsExcluded(api.Guards) && OfApi(api, isEntry) is { } effect)
                yield return effect;
        }

        foreach (var site in facts.Sql)
        {
            if (state.IsExcluded(site.Guards))
                continue;
            foreach (var effect in OfSql(site, state))
                yield return site.IsReturned ? effect with { IsOfReturned = true } : effect;
        }
    }

    private static ReachedEffect? OfApi(ApiSite api, bool isEntry)
    {
        switch (api.Effect)
        {
            case ApiEffect.Writes:
                return Effect(RuleIds.ApiWrites, "which writes");
            case ApiEffect.RunsCommand when !api.IsOfParameter || isEntry:
                return Effect(RuleIds.ApiWrites, RunsUnknown);
            case ApiEffect.NeedsPrimary:
                return Effect(RuleIds.SqlNeedsPrimary, "which a replica refuses");
            case ApiEffect.RoutedWrite:
                return Effect(RuleIds.CallsWriteCommand, "which is marked [WriteCommand]");
            case ApiEffect.TracksChange:
                return Effect(RuleIds.TracksChange, "which is never saved");
            case ApiEffect.Unknown when !api.IsOfParameter || isEntry:
                return Effect(RuleIds.UnknownSql, GetsConnection(api.Name));
            default:
                return null;
        }

        ReachedEffect Effect(string ruleId, string reason) => new(ruleId, api.Syntax, null, api.Name, reason, true, ImmutableArray<CallSite>.Empty);
    }

    private IEnumerable<ReachedEffect> OfSql(SqlSite site, State state)
    {
        var texts = site.Texts.Where(g => !state.IsExcluded(g)).Bind(s => Fill(s, state, site.Syntax));
        var said = new HashSet<(string, string)>();
        if (texts.Alternatives.Count == 0 && site.Texts.Alternatives.Count == 0 && site.Syntax is not LiteralExpressionSyntax)
            yield return new ReachedEffect(RuleIds.UnknownSql, site.Syntax, null, site.Api, "what gives the SQL its text isn't found", true, ImmutableArray<CallSite>.Empty);
        foreach (var text in texts.Alternatives)
        {
            var hole = text.FirstHole;
            if (site.IsRoutine)
            {
                if (said.Add((RuleIds.CallsRoutine, text.Rendered)) && OfRoutine(site, text) is { } routine)
                    yield return routine;
                continue;
            }

            // Most builders are handed on empty.
            if (text.WithoutBuilder() is { } begun)
            {
                foreach (var finding in SqlJudge.Judge(begun.Rendered, Read(begun.Rendered), _catalog, ofOtherDialects: true))
                {
                    if (finding.RuleId != RuleIds.UnknownSql && said.Add((finding.RuleId, finding.Word)))
                        yield return new ReachedEffect(finding.RuleId, site.Syntax, begun.Locate(finding.Start, finding.Length), begun.Describe(finding.Word, finding.Start), finding.Reason, finding.IsCertain, ImmutableArray<CallSite>.Empty);
                }
            }

            var findings = SqlJudge.Judge(text.Rendered, Read(text.Rendered), _catalog, ofOtherDialects: true);
            if (findings.Count > 0 && findings.All(static f => f.RuleId == RuleIds.UnknownSql) && IsVerbUnknown(text) && SqlJudge.JudgeTail(text.Rendered) is { } tail)
                findings = [tail];
            foreach (var finding in findings)
            {
                if (finding.RuleId != RuleIds.UnknownSql && said.Add((finding.RuleId, finding.Word)))
                    yield return new ReachedEffect(finding.RuleId, site.Syntax, text.Locate(finding.Start, finding.Length), text.Describe(finding.Word, finding.Start), finding.Reason, finding.IsCertain, ImmutableArray<CallSite>.Empty);
            }

            var unknown = findings.FirstOrDefault(static f => f.RuleId == RuleIds.UnknownSql);
            if (unknown is not null && (site.IsNonQuery || (site.IsReturned && state.IsNonQuery)) && IsVerbUnknown(text) && said.Add((RuleIds.ApiWrites, "")))
                yield return new ReachedEffect(RuleIds.ApiWrites, site.Syntax, null, site.Api, RunsUnknown, true, ImmutableArray<CallSite>.Empty);
            else if ((unknown is not null || hole is not null) && said.Count == 0 && said.Add((RuleIds.UnknownSql, "")))
                yield return new ReachedEffect(RuleIds.UnknownSql, site.Syntax, null, site.Api, hole is null ? unknown!.Reason : $"{hole.Text} puts in a part of the SQL", true, ImmutableArray<CallSite>.Empty);
        }
    }

    private static bool IsVerbUnknown(SqlText text) =>
        text.Pieces.Count == 0 || text.Rendered.TrimStart().StartsWith(SqlText.Placeholder, StringComparison.Ordinal);

    private ReachedEffect? OfRoutine(SqlSite site, SqlText text)
    {
        var name = text.Rendered;
        if (_catalog is not null && RoutineName(name) is { } routine)
        {
            var candidates = _catalog.FindFunctions(routine);
            foreach (var candidate in candidates)
            {
                var verdict = _catalog.Verdict(candidate);
                if (verdict.Route != SqlRoute.Replica)
                    return Routine($"which by the catalog snapshot doesn't only read ({verdict.Reason})", verdict.Route == SqlRoute.Primary);
            }

            if (candidates.Count > 0)
                return null;
        }

        return Routine("which only the database knows", false);

        ReachedEffect Routine(string reason, bool isCertain) => new(RuleIds.CallsRoutine, site.Syntax, null, name, reason, isCertain, ImmutableArray<CallSite>.Empty);
    }

    private static SqlObjectName? RoutineName(string text)
    {
        var parts = text.Split('.');
        return parts.Length switch
        {
            1 => new SqlObjectName(null, parts[0].Trim('"'), 0, text.Length),
            2 => new SqlObjectName(parts[0].Trim('"'), parts[1].Trim('"'), 0, text.Length),
            _ => null,
        };
    }

    /// <summary>A method on the way, with what is known of what it was given.</summary>
    private sealed record State(IMethodSymbol Method, INamedTypeSymbol? Receiver, ImmutableDictionary<ISymbol, SqlTexts> Bindings, State? Parent, CallSite? Via)
    {
        public static readonly ImmutableDictionary<ISymbol, SqlTexts> NoBindings =
            ImmutableDictionary<ISymbol, SqlTexts>.Empty.WithComparers((IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default);

        public static readonly ImmutableDictionary<ISymbol, object?> NoConstants =
            ImmutableDictionary<ISymbol, object?>.Empty.WithComparers((IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default);

        public static readonly ImmutableDictionary<ITypeParameterSymbol, INamedTypeSymbol> NoTypes =
            ImmutableDictionary<ITypeParameterSymbol, INamedTypeSymbol>.Empty.WithComparers((IEqualityComparer<ITypeParameterSymbol>)SymbolEqualityComparer.Default);

        private string? _given;

        /// <summary>What type parameters are in this call.</summary>
        public ImmutableDictionary<ITypeParameterSymbol, INamedTypeSymbol> Types { get; init; } = NoTypes;

        /// <summary>The parameters that are constants in this call, or a <see cref="KnownObject"/>.</summary>
        public ImmutableDictionary<ISymbol, object?> Constants { get; init; } = NoConstants;

        /// <summary>The object that it runs on, where members of it are known.</summary>
        public KnownObject? Object { get; init; }

        /// <summary>The same as text.</summary>
        public string ConstantsKey => Constants.Count == 0
            ? Object?.ToString() ?? ""
            : Object + string.Join(",", Constants.OrderBy(static c => ((IParameterSymbol)c.Key).Ordinal).Select(static c => $"{((IParameterSymbol)c.Key).Ordinal}={c.Value ?? "null"}"));

        /// <summary>Whether the command that it returns is run for no rows.</summary>
        public bool IsNonQuery { get; init; }

        public int Depth => Parent is null || Via is null ? 0 : Parent.Depth + 1;

        /// <summary>The calls since the search began.</summary>
        public ImmutableArray<CallSite> Path => Parent is null || Via is null ? ImmutableArray<CallSite>.Empty : Parent.Path.Add(Via);

        /// <summary>The nearest call of a method on the way here.</summary>
        public State? Earlier(IMethodSymbol method)
        {
            for (var at = this; at is not null; at = at.Parent)
            {
                if (SymbolEqualityComparer.Default.Equals(at.Method, method))
                    return at;
            }

            return null;
        }

        /// <summary>The same for two ways that lead to the same method with the same texts and constants.</summary>
        public (IMethodSymbol Method, INamedTypeSymbol? Receiver, string Given) Key => (Method, Receiver, _given ??= Render());

        /// <summary>The type that a type parameter is, or that an object is of that is a parameter; null where that isn't known.</summary>
        public INamedTypeSymbol? TypeOf(ISymbol holder) => holder is ITypeParameterSymbol type
            ? Types.TryGetValue(type, out var chosen) ? chosen : null
            : Constants.TryGetValue(holder, out var given) && given is KnownObject known ? known.Type : null;

        public bool IsExcluded(ValueGuard guard)
        {
            if (guard.Parameter is { } parameter && Constants.TryGetValue(parameter, out var constant))
                return constant is KnownObject known ? known.Excludes(guard) : guard.Member is null && guard.Excludes(constant);
            // Those of a primary constructor are in its object.
            return Object is not null && (guard.Parameter is null ? guard.Asked.IsOnThis && Object.Excludes(guard)
                : guard.Member is null && Object.Has(guard.Parameter, out var given) && guard.Excludes(given));
        }

        public bool IsExcluded(IReadOnlyList<ValueGuard> guards)
        {
            if (Constants.Count == 0 && Object is null)
                return false;
            foreach (var guard in guards)
            {
                if (IsExcluded(guard))
                    return true;
            }

            return false;
        }

        private string Render()
        {
            var given = IsNonQuery ? "no rows:" + ConstantsKey : ConstantsKey;
            // There is rarely more than one.
            var bindings = Bindings.Count > 1 ? Bindings.OrderBy(static b => ((IParameterSymbol)b.Key).Ordinal) : (IEnumerable<KeyValuePair<ISymbol, SqlTexts>>)Bindings;
            foreach (var binding in bindings)
            {
                var texts = binding.Value.Alternatives;
                given += $"|{((IParameterSymbol)binding.Key).Ordinal}={(texts.Count == 1 ? texts[0].Rendered : string.Join("¦", texts.Select(static t => t.Rendered)))}";
            }

            foreach (var type in Types.OrderBy(static t => t.Key.Name, StringComparer.Ordinal))
                given += $"|{type.Key.Name}={type.Value.ToDisplayString()}";
            return given;
        }
    }

    /// <summary>The search for one call.</summary>
    private sealed class Walk(CancellationToken cancellationToken)
    {
        public CancellationToken CancellationToken { get; } = cancellationToken;

        /// <summary>The members with several implementations that are looked into.</summary>
        public HashSet<ISymbol> Open { get; } = new(SymbolEqualityComparer.Default);

        public int Work { get; set; }

        /// <summary>Whether calls that may run one of several methods aren't followed.</summary>
        public bool LeavesOutSeveral { get; init; }

        /// <summary>Whether something was left out that another search would find.</summary>
        public bool IsCut { get; set; }
    }

    /// <summary>The nearest of each kind.</summary>
    /// <param name="Write">What is unfit for a read.</param>
    /// <param name="Routine">A routine of the database.</param>
    /// <param name="Unknown">What isn't known.</param>
    /// <param name="Reads">Whether a database is asked at all.</param>
    private sealed record Outcome(ReachedEffect? Write, ReachedEffect? Routine, ReachedEffect? Unknown, bool Reads = false)
    {
        public static readonly Outcome Nothing = new(null, null, null);

        public static Outcome Of(ReachedEffect effect) =>
            effect.IsWrite ? new(effect, null, null)
            : effect.RuleId == RuleIds.CallsRoutine ? new(null, effect, null)
            : new(null, null, effect);

        // Most calls come to nothing: no object is made of that.
        public Outcome Or(Outcome other) => ReferenceEquals(other, Nothing) ? this : ReferenceEquals(this, Nothing) ? other : new(Write ?? other.Write, Routine ?? other.Routine, Unknown ?? other.Unknown, Reads || other.Reads);

        public Outcome Through(CallSite call) => Write is null && Routine is null && Unknown is null ? this : new(Write?.Through(call), Routine?.Through(call), Unknown?.Through(call), Reads);

        // A change that one implementation tracks and saves isn't "never saved".
        public Outcome WithoutWrite(CallSite call) => Write is null
            ? this
            : this with
            {
                Write = null,
                Unknown = Unknown is { RuleId: not RuleIds.TracksChange }
                    ? Unknown
                    : new ReachedEffect(RuleIds.UnknownSql, Write.Syntax, Write.Words, call.Target.Name, call.Doubt ?? $"one of the implementations of '{call.Target.Name}' writes", true, Write.Path),
            };
    }
}
