using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using CompileTimeRouting.Roslyn.DataAccess.Tables;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Finds the writes that a replica's answer feeds or decides (CTR202). It is certain where the value goes into a write of a table
/// that was read, and advice where it only decides on one, only names the row, or goes into another table.
/// </summary>
internal static class FlowDecisions
{
    private const int Bits = 64;

    /// <summary>One for each read: its weightiest write, of those the first.</summary>
    public static IReadOnlyList<FlowFinding> Judge(FlowGraph flow, SourceModel source, CancellationToken cancellationToken)
    {
        if (flow.Writing.Count == 0)
            return [];
        var reads = new Dictionary<FlowStep, ulong>();
        foreach (var step in flow.Steps)
        {
            if (reads.Count < Bits && Read(flow, step) is not null && flow.MayReachWrite(step))
                reads.Add(step, 1UL << reads.Count);
        }

        if (reads.Count == 0)
            return [];
        List<FlowFinding>? found = null;
        var answers = new FlowAnswers(flow, reads, source, cancellationToken);
        foreach (var step in flow.Steps)
        {
            if (reads.TryGetValue(step, out var bit) && Weightiest(flow, step, bit, answers) is { } finding)
                (found ??= []).Add(finding);
        }

        return found ?? (IReadOnlyList<FlowFinding>)[];
    }

    // Of itself, outside of a unit of work.
    private static FlowRead? Read(FlowGraph flow, FlowStep step) => step.Reads.Find(r => !r.IsFresh && r.Path.IsEmpty && flow.IsExposed(step, r));

    private static FlowFinding? Weightiest(FlowGraph flow, FlowStep step, ulong bit, FlowAnswers answers)
    {
        FlowFinding? weightiest = null;
        var read = Read(flow, step)!;
        var ahead = flow.Ahead(step);
        var decided = answers.DecidedBy(bit);
        foreach (var write in flow.Writing)
        {
            var given = answers.GivenTo(write);
            var isGiven = (given.Any & bit) != 0;
            if (write == step || !(isGiven || (ahead & write.Bit) != 0))
                continue;
            if (Find(step, read, write, (given.Whole & bit) != 0, isGiven || (decided & write.Bit) != 0) is { } finding && (weightiest is null || (finding.IsCertain && !weightiest.IsCertain)))
                weightiest = finding;
        }

        return weightiest;
    }

    private static FlowFinding? Find(FlowStep step, FlowRead read, FlowStep writing, bool isFed, bool isDecided)
    {
        if (!isFed && !isDecided)
            return null;
        foreach (var write in writing.Writes)
        {
            if (TableAccess.Common(write.Tables, read.Tables) is { } table)
            {
                return isFed
                    ? new FlowFinding(RuleIds.DecidesWrite, step.Syntax, read, writing.Syntax, write, $"both of '{table}'") { Verb = "goes into" }
                    : new FlowFinding(RuleIds.DecidesWrite, step.Syntax, read, writing.Syntax, write, $"both of '{table}'") { Verb = "decides on", IsCertain = false };
            }
        }

        return isFed
            ? new FlowFinding(RuleIds.DecidesWrite, step.Syntax, read, writing.Syntax, writing.Writes[0], $"of '{writing.Writes[0].Tables[0]}', from '{read.Tables[0]}'") { Verb = "goes into", IsCertain = false }
            : null;
    }
}
