using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>A write whose tables are known.</summary>
/// <param name="Name">The method that writes.</param>
/// <param name="Tables">What it writes.</param>
/// <param name="Method">The <c>[WriteCommand]</c> that it is, which opens a connection of its own; null for one on a connection at hand.</param>
/// <param name="Place">Where it is called.</param>
/// <param name="Path">The calls that lead there.</param>
internal sealed record FlowWrite(string Name, EquatableArray<TableName> Tables, IMethodSymbol? Method, SyntaxNode Place, ImmutableArray<FlowHop> Path)
{
    public bool IsRouted => Method is not null;

    public FlowWrite Through(FlowHop hop) => this with { Path = Path.Insert(0, hop) };
}
