using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>One way down through the methods that a body calls.</summary>
internal sealed class FlowWalk(CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Of methods that call each other what is known of them so far.</summary>
    public Dictionary<IMethodSymbol, FlowResult> Provisional { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>How many calls deep this is within bodies whose calls weren't known beforehand.</summary>
    public int Depth { get; set; }
}
