using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Finds what may have been written on the ways to each read of one flow: branches, loops, early returns, handlers of
/// exceptions, and <c>finally</c>, which is gone through once for each way that leads into it.
/// </summary>
internal sealed class FlowGraph
{
    /// <summary>Of one body this many reads and writes are known to its callers.</summary>
    public const int MaxSummarized = 16;

    private const int Bits = 64;

    private readonly ControlFlowGraph _graph;
    private readonly List<FlowAction>[] _actions;
    private readonly CancellationToken _cancellationToken;
    private readonly FlowState?[] _before;
    private readonly Dictionary<(ControlFlowRegion Region, FlowState State), FlowState> _throughFinally = [];
    private readonly Dictionary<FlowStep, (ulong Done, ulong Uncommitted)> _seen = [];
    private readonly SortedSet<int> _open = [];

    public FlowGraph(ControlFlowGraph graph, List<FlowAction>[] actions, CancellationToken cancellationToken)
    {
        _graph = graph;
        _actions = actions;
        _cancellationToken = cancellationToken;
        _before = new FlowState?[graph.Blocks.Length];
        Steps = [.. actions.SelectMany(static a => a).Where(static a => a.Step is not null).Select(static a => a.Step!)];
        var bit = 0;
        foreach (var step in Steps)
        {
            if (step.Writes.Count > 0 && bit < Bits)
                step.Bit = 1UL << bit++;
        }
    }

    public ControlFlowGraph Graph => _graph;

    /// <summary>In the order of the blocks.</summary>
    public IReadOnlyList<FlowStep> Steps { get; }

    /// <summary>What may have happened where the flow returns.</summary>
    public FlowState AtExit => _before[_graph.Blocks.Length - 1] ?? default;

    /// <summary>The steps whose writes may precede one, by their bits; none where it runs in a unit of work only.</summary>
    public (ulong Done, ulong Uncommitted) Before(FlowStep step) => _seen.TryGetValue(step, out var masks) ? masks : default;

    /// <summary>Whether it runs at all, and outside of a unit of work.</summary>
    public bool IsExposed(FlowStep step) => _seen.ContainsKey(step);

    public void Run(bool isInUnitOfWork)
    {
        if (Steps.Count == 0)
            return;
        Enter(0, isInUnitOfWork ? default(FlowState).Begin(FlowTransactions.UnitOfWork) : default);
        while (_open.Count > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var ordinal = _open.Min;
            _open.Remove(ordinal);
            var block = _graph.Blocks[ordinal];
            var after = Through(block, _before[ordinal]!.Value);
            Follow(block.FallThroughSuccessor, after, Enter);
            Follow(block.ConditionalSuccessor, after, Enter);
        }
    }

    /// <summary>Whether a way leads from one step to another without going round a loop that both stand in.</summary>
    public bool LeadsStraight(FlowStep from, FlowStep to)
    {
        if (from.Position.Block == to.Position.Block && from.Position.Index < to.Position.Index)
            return true;
        return LeadsStraight(from.Position.Block, to.Position.Block, [from.Position.Block, to.Position.Block]);
    }

    /// <summary>Whether a way leads from one step to another without going back.</summary>
    public bool LeadsForward(FlowStep from, FlowStep to) =>
        from.Position.Block == to.Position.Block ? from.Position.Index < to.Position.Index : LeadsStraight(from.Position.Block, to.Position.Block, []);

    /// <summary>Whether a way leads from the beginning of a block to a step without going back.</summary>
    public bool LeadsForward(int block, FlowStep to) => block == to.Position.Block || LeadsStraight(block, to.Position.Block, []);

    // A way back goes to a block before: the loop is all blocks between. One around other blocks than the two may be gone.
    private bool LeadsStraight(int from, int to, int[] both)
    {
        var visited = new HashSet<int> { from };
        var pending = new Stack<int>(visited);
        while (pending.Count > 0)
        {
            var block = _graph.Blocks[pending.Pop()];
            foreach (var next in Next(block))
            {
                if (next <= block.Ordinal && Array.TrueForAll(both, b => next <= b && b <= block.Ordinal))
                    continue;
                if (next == to)
                    return true;
                if (visited.Add(next))
                    pending.Push(next);
            }
        }

        return false;
    }

    private static IEnumerable<int> Next(BasicBlock block)
    {
        foreach (var branch in new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
        {
            if (branch is null)
                continue;
            if (branch.Destination is { } destination)
                yield return destination.Ordinal;
            foreach (var region in branch.FinallyRegions)
                yield return region.FirstBlockOrdinal;
        }

        // Any block of a try may lead to its handlers.
        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { Kind: ControlFlowRegionKind.TryAndCatch, NestedRegions: var nested } })
            {
                foreach (var handler in nested.Skip(1))
                    yield return handler.FirstBlockOrdinal;
            }
        }
    }

    private void Enter(int ordinal, FlowState state)
    {
        var before = _before[ordinal] is { } known ? known.Or(state) : state;
        if (_before[ordinal] == before)
            return;
        _before[ordinal] = before;
        _open.Add(ordinal);
    }

    private FlowState Through(BasicBlock block, FlowState state)
    {
        EnterHandlers(block, state);
        foreach (var action in _actions[block.Ordinal])
        {
            // What throws here hasn't done its own work.
            if (action.Kind == FlowActionKind.Step)
                EnterHandlers(block, state);
            state = Through(action, state);
        }

        return state;
    }

    private FlowState Through(FlowAction action, FlowState state)
    {
        switch (action.Kind)
        {
            case FlowActionKind.Step:
                Look(action.Step!, state);
                return action.Step!.Bit == 0 ? state : state.Write(action.Step);
            case FlowActionKind.Await:
                foreach (var step in Steps)
                {
                    if ((state.Pending & step.Bit) != 0 && step.Completion.IsAt(action.Syntax))
                        state = state.Complete(step);
                }

                return state;
            case FlowActionKind.BeginsUnitOfWork:
                return state.Begin(FlowTransactions.UnitOfWork);
            case FlowActionKind.BeginsTransaction:
                return state.Begin(FlowTransactions.Connection);
            case FlowActionKind.BeginsScope:
                return state.Begin(FlowTransactions.Scope);
            case FlowActionKind.Commits:
                return state.Commit();
            default:
                return state.End();
        }
    }

    // In a unit of work a read sees all that was written.
    private void Look(FlowStep step, FlowState state)
    {
        if (state.IsInUnitOfWork)
            return;
        _seen.TryGetValue(step, out var masks);
        _seen[step] = (masks.Done | state.Done, masks.Uncommitted | state.Uncommitted);
    }

    private void Follow(ControlFlowBranch? branch, FlowState state, Action<int, FlowState> enter)
    {
        if (branch?.Destination is not { } destination)
            return;
        foreach (var region in branch.FinallyRegions)
            state = ThroughFinally(region, state);
        enter(destination.Ordinal, state);
    }

    private FlowState ThroughFinally(ControlFlowRegion region, FlowState state)
    {
        if (_throughFinally.TryGetValue((region, state), out var known))
            return known;
        var before = new Dictionary<int, FlowState>();
        var open = new SortedSet<int>();
        FlowState? after = null;
        EnterHere(region.FirstBlockOrdinal, state);
        while (open.Count > 0)
        {
            var ordinal = open.Min;
            open.Remove(ordinal);
            var block = _graph.Blocks[ordinal];
            var passed = Through(block, before[ordinal]);
            if (block.FallThroughSuccessor is { Semantics: ControlFlowBranchSemantics.StructuredExceptionHandling })
                after = after is { } other ? other.Or(passed) : passed;
            Follow(block.FallThroughSuccessor, passed, EnterHere);
            Follow(block.ConditionalSuccessor, passed, EnterHere);
        }

        // What is disposed there was asked first whether it is null, on a way that can't be gone.
        var left = after ?? state;
        for (var i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
        {
            if (_actions[i].Exists(static a => a.Kind == FlowActionKind.Ends))
                left = left.End();
        }

        return _throughFinally[(region, state)] = left;

        void EnterHere(int ordinal, FlowState entered)
        {
            if (ordinal < region.FirstBlockOrdinal || ordinal > region.LastBlockOrdinal)
                return;
            var all = before.TryGetValue(ordinal, out var earlier) ? earlier.Or(entered) : entered;
            if (before.TryGetValue(ordinal, out earlier) && earlier == all)
                return;
            before[ordinal] = all;
            open.Add(ordinal);
        }
    }

    // On the way to a handler the finally blocks between are run.
    private void EnterHandlers(BasicBlock block, FlowState state)
    {
        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { NestedRegions: var nested } around })
                continue;
            if (around.Kind == ControlFlowRegionKind.TryAndFinally)
            {
                state = ThroughFinally(nested[1], state);
                continue;
            }

            foreach (var handler in nested.Skip(1))
                Enter(handler.FirstBlockOrdinal, state);
        }
    }
}
