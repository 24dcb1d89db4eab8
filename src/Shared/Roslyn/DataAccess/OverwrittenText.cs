using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// The text of a command that gets another one a few statements further on, before anything can run it: told from the syntax,
/// for a command that nobody but these statements knows.
/// </summary>
internal static class OverwrittenText
{
    public static bool Is(SyntaxNode text, ILocalSymbol command)
    {
        var statement = text.FirstAncestorOrSelf<StatementSyntax>();
        if (statement?.Parent is not BlockSyntax block || !Gives(statement, text, command.Name))
            return false;
        for (var i = block.Statements.IndexOf(statement) + 1; i < block.Statements.Count; i++)
        {
            var next = block.Statements[i];
            if (Text(next, command.Name) is { } other)
                return !Mentions(other, command.Name).Any() && !Runs(other, command.Name) && IsKnownToTheseOnly(statement, next, command);
            if (!IsHarmless(next, command.Name))
                return false;
        }

        return false;
    }

    private static bool Gives(StatementSyntax statement, SyntaxNode text, string command) => statement switch
    {
        ExpressionStatementSyntax => Text(statement, command) is { } given && given.Span.Contains(text.Span),
        LocalDeclarationStatementSyntax { Declaration.Variables: [{ Identifier.ValueText: var name, Initializer.Value: BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList: { } arguments } }] } =>
            name == command && arguments.Arguments.Any(a => a.Expression == text),
        _ => false,
    };

    // command.CommandText = text;
    private static ExpressionSyntax? Text(StatementSyntax statement, string command) =>
        statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: var left, Right: var right } } && IsMember(left, command, "CommandText")
            ? right
            : null;

    // command.Transaction = transaction; command.Parameters.Add(…);
    private static bool IsHarmless(StatementSyntax statement, string command) =>
        statement is ExpressionStatementSyntax && !Runs(statement, command) && Mentions(statement, command).All(n =>
            n.Parent is MemberAccessExpressionSyntax access && access.Expression == n && (access.Name.Identifier.ValueText == "Parameters" || (access.Parent is AssignmentExpressionSyntax assignment && assignment.Left == access)));

    // Whatever is called may run the command, if it has got hold of it.
    private static bool Runs(SyntaxNode node, string command) => node.DescendantNodesAndSelf().Any(n => n switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } => !IsMember(receiver, command, "Parameters"),
        InvocationExpressionSyntax or AwaitExpressionSyntax or BaseObjectCreationExpressionSyntax or AnonymousFunctionExpressionSyntax => true,
        _ => false,
    });

    // No function may run it in between, no way leads back from what stands behind, and no handler sees the first text.
    private static bool IsKnownToTheseOnly(StatementSyntax first, StatementSyntax last, ILocalSymbol command)
    {
        if (command.DeclaringSyntaxReferences is not [var reference] || reference.GetSyntax() is not VariableDeclaratorSyntax declarator || !IsNew(declarator.Initializer?.Value))
            return false;
        for (SyntaxNode? at = first; at is not null && !(at != first && at.Span.Contains(declarator.Span)); at = at.Parent)
        {
            if (at is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax or LabeledStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
                return false;
            // What throws in between leaves the first text to what stands behind.
            if (at is TryStatementSyntax attempt && (attempt.Catches.Count > 0 || (attempt.Finally is { } final && Mentions(final, command.Name).Any())))
                return false;
        }

        var body = declarator.Ancestors().FirstOrDefault(static n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax);
        return body is not null && !body.DescendantNodes().Any(static n => n is GotoStatementSyntax) && Mentions(body, command.Name).All(n =>
            !SourceFlow.IsInNested(n, first) && (n.SpanStart > last.Span.End || (n.Parent is MemberAccessExpressionSyntax access && access.Expression == n)));
    }

    // Else somebody has it already.
    private static bool IsNew(ExpressionSyntax? command) => command is BaseObjectCreationExpressionSyntax
        or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CreateCommand" }, ArgumentList.Arguments.Count: 0 };

    private static bool IsMember(ExpressionSyntax expression, string command, string member) =>
        expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name }, Name.Identifier.ValueText: var named } && name == command && named == member;

    private static IEnumerable<IdentifierNameSyntax> Mentions(SyntaxNode node, string name) =>
        node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == name);
}
