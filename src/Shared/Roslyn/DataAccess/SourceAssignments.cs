using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Where the source may give a member a value, by the member's name: assignments, subscriptions, object initializers and
/// <c>with</c>. Each file is looked through once, however many compilations it is in.
/// </summary>
internal static class SourceAssignments
{
    private static readonly ConditionalWeakTable<SyntaxTree, IReadOnlyList<(string Member, AssignmentExpressionSyntax Assignment)>> PerTree = new();

    public static IReadOnlyList<(string Member, AssignmentExpressionSyntax Assignment)> Of(SyntaxTree tree) => PerTree.GetValue(tree, static t => Find(t.GetRoot()));

    /// <summary>The name of the member or variable that is assigned to.</summary>
    public static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        _ => null,
    };

    private static List<(string Member, AssignmentExpressionSyntax Assignment)> Find(SyntaxNode root)
    {
        var found = new List<(string Member, AssignmentExpressionSyntax Assignment)>();
        foreach (var node in root.DescendantNodes())
        {
            if (node is AssignmentExpressionSyntax assignment && NameOf(assignment.Left) is { } name)
                found.Add((name, assignment));
        }

        return found;
    }
}
