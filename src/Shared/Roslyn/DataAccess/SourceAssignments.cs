using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Where the source may give a member a value, by the member's name: assignments to it and to its elements, subscriptions,
/// object initializers and <c>with</c>, what is added to a collection, and references to it.
/// </summary>
internal static class SourceAssignments
{
    private static readonly FileIndex<ExpressionSyntax> Index = new(Read);

    /// <summary>The places of a file, in the order of the text.</summary>
    public static IEnumerable<ExpressionSyntax> Of(string member, SyntaxTree tree, CancellationToken cancellationToken) => Index.Of(member, tree, cancellationToken);

    /// <summary>The name of the member or variable that is assigned to; of an element, that of the collection.</summary>
    public static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        ElementAccessExpressionSyntax element => NameOf(element.Expression),
        _ => null,
    };

    /// <summary>Whether a method puts its last argument into a collection, by its name.</summary>
    public static bool IsAddition(string method) => method is "Add" or "AddRange" or "TryAdd" or "Insert" or "InsertRange" or "Enqueue" or "Push" or "AddLast" or "AddFirst";

    private static (string Name, ExpressionSyntax Place)? Read(SyntaxNode node)
    {
        var (target, place) = node switch
        {
            AssignmentExpressionSyntax assignment => (assignment.Left, assignment),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var method } access } call when IsAddition(method) => (access.Expression, call),
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument => (argument.Expression, argument.Expression),
            RefExpressionSyntax reference => (reference.Expression, reference),
            _ => ((ExpressionSyntax?)null, (ExpressionSyntax?)null),
        };
        return target is not null && NameOf(target) is { } name ? (name, place!) : null;
    }
}
