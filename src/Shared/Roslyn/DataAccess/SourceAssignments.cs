using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Where the source may give a member a value, by the member's name: assignments to it and to its elements, subscriptions,
/// object initializers and <c>with</c>, tuples that it is an element of, what is added to a collection, and references to it.
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
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        // out _mode!
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed => NameOf(suppressed.Operand),
        _ => null,
    };

    /// <summary>Whether a method puts its last argument into a collection, by its name.</summary>
    public static bool IsAddition(string method) => method is "Add" or "AddRange" or "TryAdd" or "Insert" or "InsertRange" or "Enqueue" or "Push" or "AddLast" or "AddFirst";

    /// <summary>What <c>(member, other) = (value, …)</c> gives a place that is an element of such a tuple: the element across from it, or all that isn't written as a tuple; null of another place.</summary>
    public static ExpressionSyntax? ElementGivenTo(ExpressionSyntax place)
    {
        if (place.Parent is not ArgumentSyntax { Parent: TupleExpressionSyntax tuple } element || !IsAssignedTo(tuple))
            return null;
        var given = tuple.Parent is AssignmentExpressionSyntax assignment ? assignment.Right : ElementGivenTo(tuple);
        return given is TupleExpressionSyntax values && values.Arguments.Count == tuple.Arguments.Count ? values.Arguments[tuple.Arguments.IndexOf(element)].Expression : given;
    }

    private static bool IsAssignedTo(TupleExpressionSyntax tuple)
    {
        while (tuple.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax outer })
            tuple = outer;
        return tuple.Parent is AssignmentExpressionSyntax assignment && assignment.Left == tuple;
    }

    private static (string Name, ExpressionSyntax Place)? Read(SyntaxNode node)
    {
        var (target, place) = node switch
        {
            AssignmentExpressionSyntax assignment => (assignment.Left, assignment),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var method } access } call when IsAddition(method) => (access.Expression, call),
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument => (argument.Expression, argument.Expression),
            RefExpressionSyntax reference => (reference.Expression, reference),
            // (_a, _b) = (a, b), _n++
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } element when IsAssignedTo(tuple) => (element.Expression, element.Expression),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression } change => (change.Operand, change.Operand),
            PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } change => (change.Operand, change.Operand),
            _ => ((ExpressionSyntax?)null, (ExpressionSyntax?)null),
        };
        return target is not null && NameOf(target) is { } name ? (name, place!) : null;
    }
}
