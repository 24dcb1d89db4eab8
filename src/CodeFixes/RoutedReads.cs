using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes;

/// <summary>Finds the methods marked [ReadQuery] that a place in the code belongs to.</summary>
internal static class RoutedReads
{
    /// <summary>
    /// The method, local function or lambda around the node that has the attribute; where none has, those that call the method
    /// around it as their core.
    /// </summary>
    public static IReadOnlyList<(IMethodSymbol Method, AttributeData Attribute)> Around(FixContext context)
    {
        foreach (var node in context.Node.AncestorsAndSelf())
        {
            if (Function(node, context) is not { } function)
                continue;
            if (ReadOf(function, context.Known) is { } attribute)
                return [(function, attribute)];
            if (node is MethodDeclarationSyntax)
                return WithCore(function, context.Known);
        }

        return [];
    }

    private static IMethodSymbol? Function(SyntaxNode node, FixContext context) => node switch
    {
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => context.Model.GetDeclaredSymbol(node, context.CancellationToken) as IMethodSymbol,
        LambdaExpressionSyntax => context.Model.GetSymbolInfo(node, context.CancellationToken).Symbol as IMethodSymbol,
        _ => null,
    };

    private static List<(IMethodSymbol Method, AttributeData Attribute)> WithCore(IMethodSymbol core, KnownSymbols known)
    {
        var shims = new List<(IMethodSymbol Method, AttributeData Attribute)>();
        var withoutCore = new List<(IMethodSymbol Method, AttributeData Attribute)>();
        foreach (var member in core.ContainingType.GetMembers(core.Name))
        {
            if (member is not IMethodSymbol { PartialDefinitionPart: null } shim || ReadOf(shim, known) is not { } attribute)
                continue;
            if (CoreFinder.Find(shim, known).Core is not { } found)
                withoutCore.Add((shim, attribute));
            else if (SymbolEqualityComparer.Default.Equals(found, core))
                shims.Add((shim, attribute));
        }

        // One that doesn't match its core yet means this one, if no other can be meant.
        return shims.Count == 0 && withoutCore.Count == 1 ? withoutCore : shims;
    }

    // A method that has both attributes must become one of the two first.
    private static AttributeData? ReadOf(IMethodSymbol method, KnownSymbols known) =>
        RoutingAttributes.Find(method.PartialDefinitionPart ?? method, known) is ({ } read, null) ? read : null;
}
