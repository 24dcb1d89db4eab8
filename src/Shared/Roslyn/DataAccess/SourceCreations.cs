using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Where the source may create an object of a type, by the type's name: <c>new Query(…)</c>, <c>Query q = new(…)</c> and the
/// constructors that call another one.
/// </summary>
internal static class SourceCreations
{
    private static readonly FileIndex<SyntaxNode> Index = new(static node =>
        node is BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax ? (Created(node) ?? "", node) : null);

    /// <summary>The places of a file, in the order of the text.</summary>
    public static IEnumerable<SyntaxNode> Of(string type, SyntaxTree tree, CancellationToken cancellationToken) => Index.Of(type, tree, cancellationToken);

    private static string? Created(SyntaxNode node) => node switch
    {
        ObjectCreationExpressionSyntax creation => Name(creation.Type),
        ImplicitObjectCreationExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } } } => Name(declaration.Type),
        ImplicitObjectCreationExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } } => Name(property.Type),
        ImplicitObjectCreationExpressionSyntax { Parent: ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax property } } => Name(property.Type),
        ImplicitObjectCreationExpressionSyntax { Parent: ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } } => Name(method.ReturnType),
        ConstructorInitializerSyntax { Parent.Parent: TypeDeclarationSyntax type } initializer => initializer.IsKind(SyntaxKind.ThisConstructorInitializer)
            ? type.Identifier.ValueText
            : type.BaseList?.Types.Select(static t => Name(t.Type)).FirstOrDefault(),
        PrimaryConstructorBaseTypeSyntax { Type: var type } => Name(type),
        _ => null,
    };

    private static string? Name(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => Name(nullable.ElementType),
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}
