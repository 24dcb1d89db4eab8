using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>One way down through the methods that a body calls.</summary>
internal sealed class FlowWalk(CancellationToken cancellationToken)
{
    /// <summary>How far a call is followed.</summary>
    public const int MaxDepth = 8;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The methods that are looked into.</summary>
    public HashSet<IMethodSymbol> Open { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Whether something was left out that another walk would find.</summary>
    public bool IsCut { get; set; }
}
