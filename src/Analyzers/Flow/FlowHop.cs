using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>A call on the way from a body to a routed method.</summary>
/// <param name="Name">The method that is called.</param>
/// <param name="Call">The call.</param>
internal sealed record FlowHop(string Name, SyntaxNode Call);
