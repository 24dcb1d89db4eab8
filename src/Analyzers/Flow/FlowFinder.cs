using System.Collections.Concurrent;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Finds the reads of a method that its writes precede, through the methods that it calls. Each body is followed on demand and
/// once, after those that it calls; bodies that call each other are gone round until nothing new is found. Safe to ask from many
/// threads.
/// </summary>
internal sealed class FlowFinder
{
    /// <summary>How often bodies that call each other are gone round. What a round finds is right; more rounds find more.</summary>
    private const int MaxRounds = 8;

    /// <summary>How deep bodies are followed whose calls weren't known beforehand.</summary>
    private const int MaxDepth = 4;

    private readonly ConcurrentDictionary<IMethodSymbol, FlowResult> _results = new(SymbolEqualityComparer.Default);
    private readonly Lazy<Mentions> _mentions;
    private readonly FlowCalls _calls;

    public FlowFinder(KnownSymbols known, EffectFinder effects)
    {
        Known = known;
        Effects = effects;
        Sources = new DataSources(known, effects.Source);
        Redirects = new Redirects(known.Compilation, effects.Source);
        _mentions = new Lazy<Mentions>(() => Mentions.For(known));
        _calls = new FlowCalls(this);
    }

    public KnownSymbols Known { get; }

    public EffectFinder Effects { get; }

    public DataSources Sources { get; }

    public Redirects Redirects { get; }

    /// <summary>Whether a method may read by a route and write, by the names that it mentions.</summary>
    public bool MayFollow(SyntaxNode declaration) => _mentions.Value.ReadAndWrite(declaration);

    /// <summary>Whether a method may read by a route or write, by its name.</summary>
    public bool MayLead(IMethodSymbol method) => _mentions.Value.ReadOrWrite(method);

    /// <summary>What is wrong in a method, its lambdas and local functions.</summary>
    public IReadOnlyList<FlowFinding> Find(IMethodSymbol method, IOperation body, CancellationToken cancellationToken)
    {
        if (_results.TryGetValue(method, out var known))
            return known.Findings;
        var read = FlowBody.Read(this, method, body, new FlowWalk(cancellationToken));
        return _results.GetOrAdd(method, read).Findings;
    }

    /// <summary>What a caller must know of a method.</summary>
    public FlowSummary Summarize(IMethodSymbol method, FlowWalk walk)
    {
        if (_results.TryGetValue(method, out var known) || walk.Provisional.TryGetValue(method, out known))
            return known.Summary;
        if (!MayLead(method) || walk.Depth >= MaxDepth)
            return FlowSummary.Nothing;
        walk.Depth++;
        var components = new CallComponents(m => Callees(m, walk)).From(method);
        foreach (var component in components)
            Follow(component, walk);
        walk.Depth--;
        return _results[method].Summary;
    }

    /// <summary>Whether a read's answer contains what its session has written: ReadYourWrites and Strong, by their numbers.</summary>
    public bool IsFresh(AttributeData read, IMethodSymbol method)
    {
        var route = RouteReader.Read(read, isRead: true, method);
        return route.HasConsistency ? route.Consistency is 2 or 3 : _mentions.Value.IsFreshByDefault;
    }

    private List<IMethodSymbol> Callees(IMethodSymbol method, FlowWalk walk) =>
        _calls.Of(method, walk.CancellationToken).FindAll(m => !_results.ContainsKey(m) && !walk.Provisional.ContainsKey(m));

    private void Follow(IReadOnlyList<IMethodSymbol> component, FlowWalk walk)
    {
        foreach (var method in component)
            walk.Provisional[method] = FlowResult.Nothing;
        var rounds = component.Count > 1 || _calls.Of(component[0], walk.CancellationToken).Contains(component[0], SymbolEqualityComparer.Default) ? MaxRounds : 1;
        for (var isChanged = true; isChanged && rounds > 0; rounds--)
        {
            isChanged = false;
            foreach (var method in component)
            {
                var result = Read(method, walk);
                isChanged |= rounds > 1 && !result.Summary.SaysTheSame(walk.Provisional[method].Summary);
                walk.Provisional[method] = result;
            }
        }

        foreach (var method in component)
        {
            _results.TryAdd(method, walk.Provisional[method]);
            walk.Provisional.Remove(method);
        }
    }

    private FlowResult Read(IMethodSymbol method, FlowWalk walk)
    {
        walk.CancellationToken.ThrowIfCancellationRequested();
        return MayDo(method, walk) && Effects.Source.Body(method, walk.CancellationToken) is { } body
            ? FlowBody.Read(this, method, body, walk)
            : FlowResult.Nothing;
    }

    // Most bodies whose names promise something do nothing: they need no graph.
    private bool MayDo(IMethodSymbol method, FlowWalk walk)
    {
        var facts = Effects.Body(method, walk.CancellationToken);
        return facts.Sql.Count > 0 || facts.Apis.Count > 0 || _mentions.Value.NamesRouted(method, walk.CancellationToken) ||
            Effects.Entities(method, walk.CancellationToken).Count > 0 ||
            facts.Calls.Any(static c => c.Target.MethodKind == MethodKind.LocalFunction) ||
            _calls.Of(method, walk.CancellationToken).Exists(m => !Summarize(m, walk).IsNothing || Effects.Body(m, walk.CancellationToken).TakesTexts);
    }
}
