using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
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
                return WithCore(function, context);
        }

        return [];
    }

    private static IMethodSymbol? Function(SyntaxNode node, FixContext context) => node switch
    {
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => context.Model.GetDeclaredSymbol(node, context.CancellationToken) as IMethodSymbol,
        LambdaExpressionSyntax => context.Model.GetSymbolInfo(node, context.CancellationToken).Symbol as IMethodSymbol,
        _ => null,
    };

    private static List<(IMethodSymbol Method, AttributeData Attribute)> WithCore(IMethodSymbol core, FixContext context)
    {
        var shims = new List<(IMethodSymbol Method, AttributeData Attribute)>();
        var withoutCore = new List<(IMethodSymbol Method, AttributeData Attribute)>();
        foreach (var member in TypesThatCall(core, context).SelectMany(type => type.GetMembers(core.Name)))
        {
            if (member is not IMethodSymbol { PartialDefinitionPart: null } shim || ReadOf(shim, context.Known) is not { } attribute)
                continue;
            if (CoreFinder.Find(shim, context.Known).Core is not { } found)
                withoutCore.Add((shim, attribute));
            else if (SymbolEqualityComparer.Default.Equals(found.OriginalDefinition, core))
                shims.Add((shim, attribute));
        }

        // One that doesn't match its core yet means this one, if no other can be meant.
        return shims.Count == 0 && withoutCore.Count == 1 ? withoutCore : shims;
    }

    // Its own and those of the file that derive from it: of other files the shim itself is reported.
    private static IEnumerable<INamedTypeSymbol> TypesThatCall(IMethodSymbol core, FixContext context)
    {
        yield return core.ContainingType;
        foreach (var declaration in context.Root.DescendantNodes().OfType<TypeDeclarationSyntax>())
        {
            var type = context.Model.GetDeclaredSymbol(declaration, context.CancellationToken);
            for (var t = type?.BaseType; t is not null; t = t.BaseType)
            {
                if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, core.ContainingType))
                {
                    yield return type!;
                    break;
                }
            }
        }
    }

    // A method that has both attributes must become one of the two first.
    private static AttributeData? ReadOf(IMethodSymbol method, KnownSymbols known) =>
        RoutingAttributes.Find(method.PartialDefinitionPart ?? method, known) is ({ } read, null) ? read : null;
}
