using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>The initializers of fields and properties that call or create something, told from the syntax alone.</summary>
internal static class SourceInitializers
{
    /// <summary>Types of the framework that most initializers are about.</summary>
    private static readonly HashSet<string> Harmless = new(
        [
            "Array", "ConcurrentDictionary", "DateTime", "DateTimeOffset", "Dictionary", "Enumerable", "Guid", "HashSet", "ImmutableArray", "Lazy", "List", "Lock",
            "Math", "Path", "Random", "Regex", "SemaphoreSlim", "Stopwatch", "StringBuilder", "StringComparer", "TimeSpan", "object", "string",
        ],
        StringComparer.Ordinal);

    public static IEnumerable<SyntaxNode> Of(INamedTypeSymbol type, bool isStatic, CancellationToken cancellationToken)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellationToken) is not TypeDeclarationSyntax declaration)
                continue;
            foreach (var member in declaration.Members)
            {
                if (member.Modifiers.Any(SyntaxKind.StaticKeyword) != isStatic)
                    continue;
                foreach (var (initializer, declared) in Values(member))
                {
                    if (initializer is not null && initializer.Value.DescendantNodesAndSelf(static n => n is not AnonymousFunctionExpressionSyntax).Any(n => Runs(n, declared)))
                        yield return initializer;
                }
            }
        }
    }

    private static IEnumerable<(EqualsValueClauseSyntax? Initializer, TypeSyntax Type)> Values(MemberDeclarationSyntax member) => member switch
    {
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(v => (v.Initializer, field.Declaration.Type)),
        PropertyDeclarationSyntax property => [(property.Initializer, property.Type)],
        _ => [],
    };

    private static bool Runs(SyntaxNode node, TypeSyntax declared) => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: SimpleNameSyntax owner } } => !Harmless.Contains(owner.Identifier.ValueText),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: PredefinedTypeSyntax } } => false,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } => false,
        InvocationExpressionSyntax => true,
        ObjectCreationExpressionSyntax creation => !IsHarmless(creation.Type),
        // new(…) in a list isn't of the list's type.
        ImplicitObjectCreationExpressionSyntax => node.Parent is not EqualsValueClauseSyntax || !IsHarmless(declared),
        _ => false,
    };

    private static bool IsHarmless(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => IsHarmless(nullable.ElementType),
        PredefinedTypeSyntax => true,
        SimpleNameSyntax name => Harmless.Contains(name.Identifier.ValueText),
        _ => false,
    };
}
