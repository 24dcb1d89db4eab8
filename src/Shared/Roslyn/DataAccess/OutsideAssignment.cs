using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>A value that code outside of its type gives a field or property.</summary>
/// <param name="Within">The type whose code it is.</param>
/// <param name="Value">The value.</param>
internal sealed record OutsideAssignment(INamedTypeSymbol? Within, IOperation Value)
{
    /// <summary>All of a member; null where more than <see cref="SourceModel.MostAssignments"/> may be.</summary>
    public static List<OutsideAssignment>? Of(ISymbol member, SourceModel source, CancellationToken cancellationToken)
    {
        var found = new List<OutsideAssignment>();
        var candidates = 0;
        foreach (var assignment in source.GivingPlaces(member.Name, cancellationToken))
        {
            var element = SourceAssignments.ElementGivenTo(assignment);
            if (assignment is not AssignmentExpressionSyntax && element is null)
                continue;
            if (IsWithin(member.ContainingType, assignment) || source.Model(assignment.SyntaxTree) is not { } model)
                continue;
            if (++candidates > SourceModel.MostAssignments)
                return null;
            var given = element is not null
                ? FixedMember.MayGive(assignment, member, source, cancellationToken) ? source.Operation(element, cancellationToken) : null
                : source.Operation(assignment, cancellationToken) is IAssignmentOperation operation && SymbolEqualityComparer.Default.Equals(BodyIndex.Named(operation.Target)?.OriginalDefinition, member) ? operation.Value : null;
            if (given is not null)
                found.Add(new OutsideAssignment(model.GetEnclosingSymbol(assignment.SpanStart, cancellationToken)?.ContainingType, given));
        }

        return found;
    }

    private static bool IsWithin(INamedTypeSymbol type, SyntaxNode node) =>
        type.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == node.SyntaxTree && r.Span.Contains(node.Span));
}
