using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Where a transaction is ended by the same condition that it is begun by, or where there is one at all, no way leaves it open:
/// <c>if (isOuter) begin … if (isOuter) commit</c>, <c>if (transaction is not null) commit</c>, <c>transaction?.Commit()</c>. The
/// end then stands where the condition is asked.
/// </summary>
internal static class GuardedEnds
{
    public static void Lift(ControlFlowGraph graph, List<FlowAction>[] blocks)
    {
        var begun = new List<SyntaxNode>();
        foreach (var action in blocks.SelectMany(static b => b))
        {
            if (action.Kind == FlowActionKind.Begins && Guard(action.Syntax) is { } guard)
                begun.Add(guard);
        }

        foreach (var actions in blocks)
        {
            for (var i = actions.Count - 1; i >= 0; i--)
            {
                var action = actions[i];
                if (action.Kind is FlowActionKind.Commits or FlowActionKind.Ends && Guard(action.Syntax) is { } guard &&
                    (begun.Exists(b => b != guard && SyntaxFactory.AreEquivalent(b, guard)) || AsksForIt(guard, action.Syntax)) &&
                    Block(graph, guard) is { } asked && blocks[asked.Ordinal] != actions)
                {
                    actions.RemoveAt(i);
                    blocks[asked.Ordinal].Add(action);
                }
            }
        }
    }

    // What must be true, or not null, for the code to run, as far as it is asked right around it.
    private static ExpressionSyntax? Guard(SyntaxNode code)
    {
        for (var node = code; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case IfStatementSyntax choice:
                    return choice.Statement == node ? choice.Condition : null;
                case ConditionalExpressionSyntax choice:
                    return choice.WhenTrue == node ? choice.Condition : null;
                case ConditionalAccessExpressionSyntax access when access.WhenNotNull == node:
                    return access.Expression;
                case BlockSyntax { Parent: not IfStatementSyntax } or MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax:
                    return null;
            }
        }

        return null;
    }

    private static bool AsksForIt(SyntaxNode guard, SyntaxNode end)
    {
        if (guard.Parent is ConditionalAccessExpressionSyntax)
            return true;
        var asked = guard switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression, Left: IdentifierNameSyntax left, Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression } } => left,
            IsPatternExpressionSyntax { Expression: IdentifierNameSyntax name } => name,
            _ => null,
        };
        return asked is not null && end.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == asked.Identifier.ValueText);
    }

    private static BasicBlock? Block(ControlFlowGraph graph, SyntaxNode guard)
    {
        foreach (var block in graph.Blocks)
        {
            if (block.ConditionKind != ControlFlowConditionKind.None && block.BranchValue?.Syntax == guard)
                return block;
        }

        return null;
    }
}
