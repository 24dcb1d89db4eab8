using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// When the work of a call is done: at once, where its task is awaited, or, for one that nobody awaits, at no time that the
/// code could count on.
/// </summary>
internal readonly record struct FlowCompletion(SyntaxNode? Await, string? Holder, bool IsNever)
{
    private static readonly FlowCompletion Now = new(null, null, false);
    private static readonly FlowCompletion Never = new(null, null, true);

    public bool IsNow => this == Now;

    /// <param name="call">The call.</param>
    /// <param name="type">What it returns.</param>
    public static FlowCompletion Of(SyntaxNode call, ITypeSymbol? type)
    {
        if (type is not { Name: "Task" or "ValueTask" })
            return Now;
        for (var node = call; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case AwaitExpressionSyntax:
                    return new FlowCompletion(parent, null, false);
                // Blocking, or left to whoever gets the task.
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" or "Wait" or "GetAwaiter" }:
                case ReturnStatementSyntax or ArrowExpressionClauseSyntax or YieldStatementSyntax:
                    return Now;
                case AnonymousFunctionExpressionSyntax function when function.Body == node:
                    return Now;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }:
                    return new FlowCompletion(null, variable.Identifier.ValueText, false);
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: not "_" } target } assignment when assignment.Right == node:
                    return new FlowCompletion(null, target.Identifier.ValueText, false);
                // tasks.Add(SaveAsync())
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax list, Name.Identifier.ValueText: "Add" } }:
                    return new FlowCompletion(null, list.Identifier.ValueText, false);
                case StatementSyntax or AssignmentExpressionSyntax or MemberDeclarationSyntax:
                    return Never;
            }
        }

        return Never;
    }

    /// <summary>Whether an await waits for it.</summary>
    public bool IsAt(SyntaxNode await)
    {
        if (Await is not null)
            return Await == await;
        return Holder is not null && await.DescendantNodes().OfType<IdentifierNameSyntax>().Any(Names);
    }

    private bool Names(IdentifierNameSyntax name) => name.Identifier.ValueText == Holder;
}
