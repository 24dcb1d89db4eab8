using System.Collections.Concurrent;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Finds the reads of a method that its writes precede, through the methods that it calls. Bodies are followed on demand and
/// once. Safe to ask from many threads.
/// </summary>
internal sealed class FlowFinder(KnownSymbols known, EffectFinder effects)
{
    private readonly ConcurrentDictionary<IMethodSymbol, FlowSummary> _summaries = new(SymbolEqualityComparer.Default);
    private readonly Lazy<Mentions> _mentions = new(() => new Mentions(known));

    public KnownSymbols Known => known;

    public EffectFinder Effects => effects;

    /// <summary>Whether a method may read by a route and write, by the names that it mentions.</summary>
    public bool MayFollow(SyntaxNode declaration) => _mentions.Value.ReadAndWrite(declaration);

    /// <summary>What is wrong in a method, its lambdas and local functions.</summary>
    public IReadOnlyList<FlowFinding> Find(IMethodSymbol method, IOperation body, CancellationToken cancellationToken)
    {
        var walk = new FlowWalk(cancellationToken);
        walk.Open.Add(method);
        return FlowBody.Read(this, method, body, walk)?.Findings ?? [];
    }

    /// <summary>What a caller must know of a method.</summary>
    public FlowSummary Summarize(IMethodSymbol method, FlowWalk walk)
    {
        if (_summaries.TryGetValue(method, out var summary))
            return summary;
        if (!_mentions.Value.ReadOrWrite(method) || effects.Source.Body(method, walk.CancellationToken) is not { } body)
            return _summaries.GetOrAdd(method, FlowSummary.Nothing);
        if (walk.Open.Count >= FlowWalk.MaxDepth || !walk.Open.Add(method))
        {
            walk.IsCut = true;
            return FlowSummary.Nothing;
        }

        var wasCut = walk.IsCut;
        walk.IsCut = false;
        summary = FlowBody.Read(this, method, body, walk)?.Summary ?? FlowSummary.Nothing;
        walk.Open.Remove(method);
        // What was cut short depends on where the walk began.
        if (!walk.IsCut)
            _summaries.TryAdd(method, summary);
        walk.IsCut |= wasCut;
        return summary;
    }

    /// <summary>Whether a read's answer contains what its session has written: ReadYourWrites and Strong, by their numbers.</summary>
    public static bool IsFresh(AttributeData read, IMethodSymbol method) => RouteReader.Read(read, isRead: true, method).Consistency is 2 or 3;
}
