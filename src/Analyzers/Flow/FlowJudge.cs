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

    // A read before the write in a loop follows the write of the round before. That matters where it asks for the same again.
    private static bool IsOfAnotherRound(SyntaxNode write, SyntaxNode read, SourceModel source)
    {
        if (write.Ancestors().FirstOrDefault(n => IsLoop(n) && n.Span.Contains(read.Span)) is not StatementSyntax loop || source.Model(loop.SyntaxTree) is not { } model)
            return false;
        if (read.DescendantNodes().Any(static n => n is InvocationExpressionSyntax or AwaitExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression }))
            return true;
        var flow = model.AnalyzeDataFlow(loop);
        if (flow is not { Succeeded: true })
            return true;
        var changing = new HashSet<ISymbol>(flow.WrittenInside.Concat(flow.VariablesDeclared), SymbolEqualityComparer.Default);
        return read.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => model.GetSymbolInfo(n).Symbol is { Kind: SymbolKind.Local or SymbolKind.Parameter } used && changing.Contains(used));
    }

    private static bool IsLoop(SyntaxNode node) => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;
}
