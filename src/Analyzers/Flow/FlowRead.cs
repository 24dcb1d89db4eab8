using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>A call of a <c>[ReadQuery]</c> whose tables are known.</summary>
/// <param name="Method">The method that has the attribute.</param>
/// <param name="Tables">What it reads.</param>
/// <param name="IsFresh">Whether its consistency promises what the session has written.</param>
/// <param name="Place">Where it is called.</param>
/// <param name="Path">The calls that lead there.</param>
internal sealed record FlowRead(IMethodSymbol Method, EquatableArray<TableName> Tables, bool IsFresh, SyntaxNode Place, ImmutableArray<FlowHop> Path)
{
    /// <summary>Whether it comes with the next request, which a redirect leads to: after the end of all that is open here.</summary>
    public bool IsOfNextRequest { get; init; }

    public FlowRead Through(FlowHop hop) => this with { Path = Path.Insert(0, hop) };
}
