using Microsoft.CodeAnalysis;
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
        foreach (var assignment in source.Assignments(member.Name, cancellationToken))
        {
            if (IsWithin(member.ContainingType, assignment) || source.Model(assignment.SyntaxTree) is not { } model)
                continue;
            if (++candidates > SourceModel.MostAssignments)
                return null;
            if (source.Operation(assignment, cancellationToken) is IAssignmentOperation operation &&
                SymbolEqualityComparer.Default.Equals(BodyIndex.Named(operation.Target)?.OriginalDefinition, member))
            {
                found.Add(new OutsideAssignment(model.GetEnclosingSymbol(assignment.SpanStart, cancellationToken)?.ContainingType, operation.Value));
            }
        }

        return found;
    }

    private static bool IsWithin(INamedTypeSymbol type, SyntaxNode node) =>
        type.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == node.SyntaxTree && r.Span.Contains(node.Span));
}
