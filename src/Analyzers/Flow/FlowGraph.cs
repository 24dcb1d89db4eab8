using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

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
    private readonly FlowUnits _units;
    private readonly CancellationToken _cancellationToken;
    private readonly FlowStates?[] _before;
    private readonly List<FlowStep> _writing = [];
    private readonly Dictionary<(ControlFlowRegion Region, FlowState State), FlowStates> _throughFinally = [];
    private readonly Dictionary<ControlFlowRegion, bool> _ofDatabase = [];
    private readonly Dictionary<FlowStep, Dictionary<FlowTransactions, FlowState>> _seen = [];
    private readonly SortedSet<int> _open = [];
    private ulong[]? _ahead;
    private ulong[]? _behind;

    /// <param name="graph">The graph.</param>
    /// <param name="actions">Of each block what happens in it.</param>
    /// <param name="units">The units of work in it.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    public FlowGraph(ControlFlowGraph graph, List<FlowAction>[] actions, FlowUnits units, CancellationToken cancellationToken)
    {
        _graph = graph;
        _actions = actions;
        _units = units;
        _cancellationToken = cancellationToken;
        _before = new FlowStates?[graph.Blocks.Length];
        Steps = [.. actions.SelectMany(static a => a).Where(static a => a.Step is not null).Select(static a => a.Step!)];
        foreach (var step in Writes())
        {
            step.Bit = 1UL << _writing.Count;
            _writing.Add(step);
        }
    }

    public ControlFlowGraph Graph => _graph;

    /// <summary>In the order of the blocks.</summary>
    public IReadOnlyList<FlowStep> Steps { get; }

    /// <summary>Those that write and have a bit.</summary>
    public IReadOnlyList<FlowStep> Writing => _writing;

    /// <summary>The steps whose writes may have happened where the flow returns, by their bits.</summary>
    public ulong DoneAtExit
    {
        get
        {
            var done = 0UL;
            if (_before[_graph.Blocks.Length - 1] is { } states)
            {
                for (var i = 0; i < states.Count; i++)
                    done |= states[i].Done;
            }

            return done;
        }
    }

    /// <summary>The steps whose writes may precede a read, by their bits: those that it may miss, and those that it can't see.</summary>
    public (ulong Done, ulong Unseen) Before(FlowStep step, FlowRead read)
    {
        var (done, unseen) = (0UL, 0UL);
        if (!_seen.TryGetValue(step, out var states))
            return default;
        foreach (var state in states.Values)
        {
            if (read.IsOfNextRequest)
            {
                done |= state.Done;
            }
            else if ((state.Open & _units.Of(read.Method)) != 0)
            {
                // In its unit of work a read sees all that was written there, and on the primary.
                unseen |= state.InConnection;
            }
            else
            {
                done |= state.Done;
                unseen |= state.InConnection | state.InScope | state.InUnit;
            }
        }

        return (done, unseen);
    }

    /// <summary>Whether a read runs at all, and outside of a unit of work of its data source.</summary>
    public bool IsExposed(FlowStep step, FlowRead read) =>
        _seen.TryGetValue(step, out var states) && (read.IsOfNextRequest || states.Keys.Any(open => (open & _units.Of(read.Method)) == 0));

    /// <param name="unit">The unit of work that the whole flow runs in; none where it runs in none.</param>
    public void Run(FlowTransactions unit)
    {
        if (Steps.Count == 0)
            return;
        Enter(0, default(FlowState).Begin(unit));
        while (_open.Count > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var ordinal = _open.Min;
            _open.Remove(ordinal);
            var block = _graph.Blocks[ordinal];
            var after = Through(block, _before[ordinal]!);
            Follow(block.FallThroughSuccessor, after, Enter);
            Follow(block.ConditionalSuccessor, after, Enter);
        }
    }

    /// <summary>The steps that a way leads to from the beginning of a block without going back, by their bits.</summary>
    public ulong Ahead(int block) => (_ahead ??= FindAhead())[block];

    /// <summary>The steps that a way leads to from a step without going back, by their bits.</summary>
    public ulong Ahead(FlowStep step)
    {
        var (block, index) = step.Position;
        var ahead = 0UL;
        foreach (var next in Next(_graph.Blocks[block]))
        {
            if (next > block)
                ahead |= Ahead(next);
        }

        foreach (var action in _actions[block])
        {
            if (action.Step is { } later && later.Position.Index > index)
                ahead |= later.Bit;
        }

        return ahead;
    }

    /// <summary>Whether a way leads from one step to another without going round a loop that both stand in.</summary>
    /// <param name="from">One that has a bit.</param>
    /// <param name="to">Any.</param>
    public bool LeadsStraight(FlowStep from, FlowStep to) =>
        from.Position.Block == to.Position.Block && from.Position.Index < to.Position.Index ||
        (((_behind ??= FindBehind())[to.Position.Block] & from.Bit) != 0) ||
        LeadsStraight(from.Position.Block, to.Position.Block);

    /// <summary>Whether what a step makes may get to one that writes: on a way, back too, or as a part of its expression.</summary>
    public bool MayReachWrite(FlowStep from)
    {
        var reached = Reached(from.Position.Block, static (_, _) => true);
        return _writing.Exists(to => reached.Contains(to.Position.Block) || to.Syntax.Span.Contains(from.Syntax.Span) ||
            (to.Position.Block == from.Position.Block && to.Position.Index >= from.Position.Index));
    }

    // A way back goes to a block before: the loop is all blocks between. One around other blocks than the two may be gone.
    private bool LeadsStraight(int from, int to) =>
        Reached(from, (block, next) => !(next <= block && next <= from && from <= block && next <= to && to <= block)).Contains(to);

    // The blocks behind one, by the steps that count as ways; itself where one leads back.
    private HashSet<int> Reached(int from, Func<int, int, bool> isWay)
    {
        var reached = new HashSet<int>();
        var pending = new Stack<int>();
        pending.Push(from);
        while (pending.Count > 0)
        {
            var block = pending.Pop();
            foreach (var next in Next(_graph.Blocks[block]))
            {
                if (isWay(block, next) && reached.Add(next))
                    pending.Push(next);
            }
        }

        return reached;
    }

    /// <summary>Where a block may lead to: through <c>finally</c> blocks, and to the handlers of exceptions.</summary>
    public static IEnumerable<int> Next(BasicBlock block)
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
        // Of a lambda the regions around are another graph's.
        for (var region = block.EnclosingRegion; region is { Kind: not ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { Kind: ControlFlowRegionKind.TryAndCatch, NestedRegions: var nested } })
            {
                foreach (var handler in nested.Skip(1))
                    yield return handler.FirstBlockOrdinal;
            }
        }
    }

    // Where there are more than can be followed, those of tables that are read here come first.
    private IEnumerable<FlowStep> Writes()
    {
        var writes = Steps.Where(static s => s.Writes.Count > 0).ToList();
        if (writes.Count <= Bits)
            return writes;
        var reads = Steps.SelectMany(static s => s.Reads).Select(static r => r.Tables).Distinct().ToList();
        var chosen = new HashSet<FlowStep>(writes.OrderBy(s => s.Writes.Exists(w => reads.Exists(r => TableAccess.Common(w.Tables, r) is not null)) ? 0 : 1).Take(Bits));
        return writes.Where(chosen.Contains);
    }

    // From the last block to the first, because a way ahead goes to a block behind.
    private ulong[] FindAhead()
    {
        var ahead = new ulong[_graph.Blocks.Length];
        for (var ordinal = ahead.Length - 1; ordinal >= 0; ordinal--)
        {
            foreach (var action in _actions[ordinal])
                ahead[ordinal] |= action.Step?.Bit ?? 0;
            foreach (var next in Next(_graph.Blocks[ordinal]))
            {
                if (next > ordinal)
                    ahead[ordinal] |= ahead[next];
            }
        }

        return ahead;
    }

    // The steps that lead to the beginning of a block without going back.
    private ulong[] FindBehind()
    {
        var behind = new ulong[_graph.Blocks.Length];
        for (var ordinal = 0; ordinal < behind.Length; ordinal++)
        {
            var left = behind[ordinal];
            foreach (var action in _actions[ordinal])
                left |= action.Step?.Bit ?? 0;
            foreach (var next in Next(_graph.Blocks[ordinal]))
            {
                if (next > ordinal)
                    behind[next] |= left;
            }
        }

        return behind;
    }

    private void Enter(int ordinal, FlowState state)
    {
        if ((_before[ordinal] ??= new FlowStates()).Add(state))
            _open.Add(ordinal);
    }

    private void Enter(int ordinal, FlowStates states)
    {
        if ((_before[ordinal] ??= new FlowStates()).Add(states))
            _open.Add(ordinal);
    }

    private FlowStates Through(BasicBlock block, FlowStates states)
    {
        // Where nothing in it is known to throw, a handler still may run.
        EnterHandlers(block, states, (region, _) => region.FirstBlockOrdinal == block.Ordinal);
        FlowStates? entered = null;
        foreach (var action in _actions[block.Ordinal])
        {
            // What throws here hasn't done its own work.
            switch (action.Kind)
            {
                case FlowActionKind.Step:
                    EnterHandlers(block, states, static (_, _) => true);
                    break;
                case FlowActionKind.Throws:
                    if (entered != states)
                        EnterHandlers(block, states, (_, handler) => !IsOfDatabase(handler));
                    entered = states;
                    continue;
            }

            states = states.Select(state => Through(action, state));
        }

        if (block.FallThroughSuccessor?.Semantics is ControlFlowBranchSemantics.Throw)
        {
            var thrown = block.BranchValue is IConversionOperation conversion ? conversion.Operand.Type : block.BranchValue?.Type;
            EnterHandlers(block, states, (_, handler) => Throwing.MayCatch(handler, thrown));
        }
        else if (block.FallThroughSuccessor?.Semantics is ControlFlowBranchSemantics.Rethrow)
        {
            EnterHandlers(block, states, static (_, _) => true);
        }

        return states;
    }

    private FlowState Through(FlowAction action, FlowState state)
    {
        switch (action.Kind)
        {
            case FlowActionKind.Step:
                Look(action.Step!, state);
                return action.Step!.Bit == 0 ? state : state.Write(action.Step, _units.Of(action.Step));
            case FlowActionKind.Await when state.Pending == 0:
                return state;
            case FlowActionKind.Await:
                foreach (var step in _writing)
                {
                    if ((state.Pending & step.Bit) != 0 && step.Completion.IsAt(action.Syntax))
                        state = state.Complete(step, _units.Of(step));
                }

                return state;
            case FlowActionKind.Begins:
                return state.Begin(action.Transactions);
            case FlowActionKind.Commits:
                return state.Commit(action.Transactions);
            default:
                return state.End(action.Transactions);
        }
    }

    private void Look(FlowStep step, FlowState state)
    {
        if (!_seen.TryGetValue(step, out var states))
            _seen.Add(step, states = []);
        states[state.Open] = states.TryGetValue(state.Open, out var known) ? known.Or(state) : state;
    }

    private void Follow(ControlFlowBranch? branch, FlowStates states, Action<int, FlowStates> enter)
    {
        if (branch?.Destination is not { } destination)
            return;
        foreach (var region in branch.FinallyRegions)
            states = ThroughFinally(region, states);
        enter(destination.Ordinal, states);
    }

    private FlowStates ThroughFinally(ControlFlowRegion region, FlowStates states)
    {
        var after = new FlowStates();
        for (var i = 0; i < states.Count; i++)
            after.Add(ThroughFinally(region, states[i]));
        return after;
    }

    private FlowStates ThroughFinally(ControlFlowRegion region, FlowState state)
    {
        if (_throughFinally.TryGetValue((region, state), out var known))
            return known;
        var before = new Dictionary<int, FlowStates>();
        var open = new SortedSet<int>();
        var after = new FlowStates();
        var entered = new FlowStates();
        entered.Add(state);
        EnterHere(region.FirstBlockOrdinal, entered);
        while (open.Count > 0)
        {
            var ordinal = open.Min;
            open.Remove(ordinal);
            var block = _graph.Blocks[ordinal];
            var passed = Through(block, before[ordinal]);
            if (block.FallThroughSuccessor is { Semantics: ControlFlowBranchSemantics.StructuredExceptionHandling })
                after.Add(passed);
            Follow(block.FallThroughSuccessor, passed, EnterHere);
            Follow(block.ConditionalSuccessor, passed, EnterHere);
        }

        // What is disposed there was asked first whether it is null, on a way that can't be gone.
        var left = after.Count > 0 ? after : entered;
        for (var i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
        {
            foreach (var action in _actions[i])
            {
                if (action.Kind == FlowActionKind.Ends)
                    left = left.Select(s => s.End(action.Transactions));
            }
        }

        return _throughFinally[(region, state)] = left;

        void EnterHere(int ordinal, FlowStates states)
        {
            if (ordinal < region.FirstBlockOrdinal || ordinal > region.LastBlockOrdinal)
                return;
            if (!before.TryGetValue(ordinal, out var known))
                before.Add(ordinal, known = new FlowStates());
            if (known.Add(states))
                open.Add(ordinal);
        }
    }

    private bool IsOfDatabase(ControlFlowRegion handler)
    {
        if (!_ofDatabase.TryGetValue(handler, out var known))
            _ofDatabase.Add(handler, known = Throwing.IsOfDatabase(_graph, handler));
        return known;
    }

    // On the way to a handler the finally blocks between are run.
    private void EnterHandlers(BasicBlock block, FlowStates states, Func<ControlFlowRegion, ControlFlowRegion, bool> leads)
    {
        for (var region = block.EnclosingRegion; region is { Kind: not ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { NestedRegions: var nested } around })
                continue;
            if (around.Kind == ControlFlowRegionKind.TryAndFinally)
            {
                states = ThroughFinally(nested[1], states);
                continue;
            }

            foreach (var handler in nested.Skip(1))
            {
                if (leads(region, handler))
                    Enter(handler.FirstBlockOrdinal, states);
            }
        }
    }
}
