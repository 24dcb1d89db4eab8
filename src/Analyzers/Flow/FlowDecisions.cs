using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Finds the writes that a replica's answer feeds or decides (CTR202). It is certain where the value goes into a write of a table
/// that was read, and advice where it only decides on one, only names the row, or goes into another table.
/// </summary>
internal static class FlowDecisions
{
    /// <summary>One for each read: its weightiest write, of those the first.</summary>
    public static IReadOnlyList<FlowFinding> Judge(FlowGraph flow)
    {
        List<FlowFinding>? found = null;
        if (!flow.Steps.Any(static s => s.Writes.Count > 0))
            return [];
        foreach (var step in flow.Steps)
        {
            if (!flow.IsExposed(step) || step.Reads.Find(static r => !r.IsFresh && r.Path.IsEmpty) is not { } read)
                continue;
            var answer = FlowAnswer.Of(step.Syntax, flow);
            FlowFinding? weightiest = null;
            foreach (var write in flow.Steps)
            {
                if (write == step || write.Writes.Count == 0 || !(answer.IsIn(write.Syntax) || flow.LeadsForward(step, write)))
                    continue;
                if (Find(flow, step, read, answer, write) is { } finding && (weightiest is null || (finding.IsCertain && !weightiest.IsCertain)))
                    weightiest = finding;
            }

            if (weightiest is not null)
                (found ??= []).Add(weightiest);
        }

        return found ?? (IReadOnlyList<FlowFinding>)[];
    }

    private static FlowFinding? Find(FlowGraph flow, FlowStep step, FlowRead read, FlowAnswer answer, FlowStep writing)
    {
        var use = answer.UseIn(writing.Syntax);
        foreach (var write in writing.Writes)
        {
            if (TableAccess.Common(write.Tables, read.Tables) is { } table)
            {
                if (use == FlowAnswer.Use.Value)
                    return new FlowFinding(RuleIds.DecidesWrite, step.Syntax, read, writing.Syntax, write, $"both of '{table}'") { Verb = "goes into" };
                if (use == FlowAnswer.Use.Key || Decides(flow, answer, writing))
                    return new FlowFinding(RuleIds.DecidesWrite, step.Syntax, read, writing.Syntax, write, $"both of '{table}'") { Verb = "decides on", IsCertain = false };
            }
        }

        return use == FlowAnswer.Use.Value
            ? new FlowFinding(RuleIds.DecidesWrite, step.Syntax, read, writing.Syntax, writing.Writes[0], $"of '{writing.Writes[0].Tables[0]}', from '{read.Tables[0]}'") { Verb = "goes into", IsCertain = false }
            : null;
    }

    // Of a switch the value stands where it was computed.
    private static bool Asks(IOperation condition, FlowAnswer answer) =>
        answer.IsIn(condition.Syntax) || condition.Descendants().Any(part => part is IFlowCaptureReferenceOperation && answer.IsIn(part.Syntax));

    // One outcome of a condition with the answer in it leads to the write, the other doesn't.
    private static bool Decides(FlowGraph flow, FlowAnswer answer, FlowStep writing)
    {
        foreach (var block in flow.Graph.Blocks)
        {
            if (block is not { ConditionKind: not ControlFlowConditionKind.None, BranchValue: { } condition, ConditionalSuccessor: { } conditional, FallThroughSuccessor: { } other } ||
                !Asks(condition, answer))
            {
                continue;
            }

            if (Leads(conditional) != Leads(other))
                return true;
        }

        return false;

        bool Leads(ControlFlowBranch branch) => branch.Destination is { } destination && flow.LeadsForward(destination.Ordinal, writing);
    }
}
