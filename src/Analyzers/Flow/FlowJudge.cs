using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Says which reads of a flow may miss what it has written (CTR201), and which can't see it at all (CTR203).</summary>
internal static class FlowJudge
{
    /// <summary>One for each read: that of the first write in the source.</summary>
    public static IReadOnlyList<FlowFinding> Judge(FlowGraph flow, SourceModel source)
    {
        List<FlowFinding>? found = null;
        foreach (var step in flow.Steps)
        {
            foreach (var read in step.Reads)
            {
                var (done, unseen) = flow.Before(step, read);
                if (Find(RuleIds.OutsideTransaction, unseen, step, read) is { } missed)
                    (found ??= []).Add(missed);
                else if (!read.IsFresh && Find(RuleIds.ReadAfterWrite, done, step, read) is { } stale)
                    (found ??= []).Add(stale);
            }
        }

        return found ?? (IReadOnlyList<FlowFinding>)[];

        FlowFinding? Find(string rule, ulong writes, FlowStep at, FlowRead read)
        {
            foreach (var step in flow.Writing)
            {
                if ((writes & step.Bit) == 0)
                    continue;
                foreach (var write in step.Writes)
                {
                    if (TableAccess.Common(write.Tables, read.Tables) is { } table && (flow.LeadsStraight(step, at) || !IsOfAnotherRound(step.Syntax, at.Syntax, source)))
                        return new FlowFinding(rule, at.Syntax, read, step.Syntax, write, table.ToString());
                }
            }

            return null;
        }
    }

    // A read before the write in a loop follows the write of the round before. That matters where it asks for the same again: the
    // arguments tell, and the object that is asked where it isn't the same in each round.
    private static bool IsOfAnotherRound(SyntaxNode write, SyntaxNode read, SourceModel source)
    {
        if (write.Ancestors().FirstOrDefault(n => IsLoop(n) && n.Span.Contains(read.Span)) is not StatementSyntax loop || source.Model(loop.SyntaxTree) is not { } model)
            return false;
        var flow = model.AnalyzeDataFlow(loop);
        if (flow is not { Succeeded: true })
            return true;
        var changing = new HashSet<ISymbol>(flow.WrittenInside.Concat(flow.VariablesDeclared), SymbolEqualityComparer.Default);
        return Arguments(read).Any(a => !IsService(model.GetTypeInfo(a.Expression).Type) && Changes(a.Expression)) || (Asked(read) is { } asked && IsAnother(asked));

        bool Changes(ExpressionSyntax expression) => expression.DescendantNodesAndSelf().Any(n =>
            n is InvocationExpressionSyntax or AwaitExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression } || (n is IdentifierNameSyntax name && IsChanging(name, out _)));

        // What each round makes anew of what stays the same, as a service of a scope, asks for the same.
        bool IsAnother(ExpressionSyntax expression) => expression.DescendantNodesAndSelf().Any(n => n switch
        {
            InvocationExpressionSyntax call => !(model.GetSymbolInfo(call).Symbol is IMethodSymbol method && (IsOfInjection(method.ContainingType) || method.Name.StartsWith("Create", StringComparison.Ordinal))),
            IdentifierNameSyntax name => IsChanging(name, out var used) && !(Made(used, name) is { } made && !IsAnother(made)),
            _ => false,
        });

        // What a variable is given, if once in a round.
        ExpressionSyntax? Made(ISymbol variable, SyntaxNode use) =>
            variable.DeclaringSyntaxReferences is [var declaration] && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value } && value.Span.End <= use.SpanStart &&
            !source.Assignments(variable.Name, CancellationToken.None).Any(loop.Contains) ? value : null;

        bool IsChanging(IdentifierNameSyntax name, out ISymbol used)
        {
            used = model.GetSymbolInfo(name).Symbol!;
            return used is { Kind: SymbolKind.Local or SymbolKind.Parameter } && changing.Contains(used);
        }
    }

    private static SeparatedSyntaxList<ArgumentSyntax> Arguments(SyntaxNode read) => read switch
    {
        InvocationExpressionSyntax call => call.ArgumentList.Arguments,
        ElementAccessExpressionSyntax element => element.ArgumentList.Arguments,
        BaseObjectCreationExpressionSyntax { ArgumentList: { } given } => given.Arguments,
        _ => default,
    };

    private static ExpressionSyntax? Asked(SyntaxNode read) => read switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
        MemberAccessExpressionSyntax property => property.Expression,
        ElementAccessExpressionSyntax element => element.Expression,
        _ => null,
    };

    // What doesn't say which row is meant.
    private static bool IsService(ITypeSymbol? type) => type is { Name: "CancellationToken" or "IServiceProvider" } || IsOfInjection(type);

    private static bool IsOfInjection(ITypeSymbol? type) => type is { ContainingNamespace: { Name: "DependencyInjection", ContainingNamespace.Name: "Extensions" } };

    private static bool IsLoop(SyntaxNode node) => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;
}
