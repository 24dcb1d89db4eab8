using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Finds where the answers of reads go in one flow: which write is given one, or something made of it, and which conditions ask
/// for one. Of each variable the assignments count that reach the place.
/// </summary>
internal sealed class FlowAnswers
{
    private readonly FlowGraph _flow;
    private readonly FlowValueReader _reader;
    private readonly FlowVariables?[] _before;
    private readonly SortedSet<int> _open = [];
    private readonly Dictionary<int, ulong> _asked = [];

    /// <param name="flow">The flow.</param>
    /// <param name="reads">The bits of the reads that are followed.</param>
    /// <param name="source">Knows the variables.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    public FlowAnswers(FlowGraph flow, IReadOnlyDictionary<FlowStep, ulong> reads, SourceModel source, CancellationToken cancellationToken)
    {
        _flow = flow;
        _reader = new FlowValueReader(flow, reads, source);
        _before = new FlowVariables?[flow.Graph.Blocks.Length];
        Run(cancellationToken);
    }

    /// <summary>What a write is given.</summary>
    public FlowValue GivenTo(FlowStep write) => _reader.Given.TryGetValue(write, out var given) ? given : default;

    /// <summary>The writes that one outcome of a condition with the answer in it leads to, and the other doesn't.</summary>
    /// <param name="read">The bit of the read.</param>
    public ulong DecidedBy(ulong read)
    {
        var decided = 0UL;
        foreach (var asked in _asked)
        {
            if ((asked.Value & read) != 0)
            {
                var block = _flow.Graph.Blocks[asked.Key];
                decided |= Ahead(block.ConditionalSuccessor) ^ Ahead(block.FallThroughSuccessor);
            }
        }

        return decided;
    }

    private ulong Ahead(ControlFlowBranch? branch) => branch?.Destination is { } destination ? _flow.Ahead(destination.Ordinal) : 0;

    private void Run(CancellationToken cancellationToken)
    {
        Enter(0, FlowVariables.None);
        while (_open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ordinal = _open.Min;
            _open.Remove(ordinal);
            var block = _flow.Graph.Blocks[ordinal];
            var variables = _before[ordinal]!.Value;
            foreach (var operation in block.Operations)
                _reader.Read(operation, ref variables);
            if (block.BranchValue is { } value)
            {
                var asked = _reader.Read(value, ref variables).Any;
                if (block.ConditionKind != ControlFlowConditionKind.None)
                    _asked[ordinal] = asked;
            }

            foreach (var next in FlowGraph.Next(block))
                Enter(next, variables);
        }
    }

    private void Enter(int ordinal, FlowVariables variables)
    {
        var before = _before[ordinal] is { } known ? known.Or(variables) : variables;
        if (_before[ordinal] is { } earlier && Same(earlier, before))
            return;
        _before[ordinal] = before;
        _open.Add(ordinal);
    }

    private static bool Same(FlowVariables one, FlowVariables other) =>
        one.Values == other.Values || (one.Values.Count == other.Values.Count && one.Values.All(p => other[p.Key] == p.Value));
}
