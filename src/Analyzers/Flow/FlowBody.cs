using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>A method with the lambdas and local functions in it, each of which is a flow of its own.</summary>
internal sealed class FlowBody
{
    private readonly Dictionary<IMethodSymbol, ControlFlowGraph> _localGraphs = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IMethodSymbol, FlowSummary> _local = new(SymbolEqualityComparer.Default);
    private readonly List<FlowFinding> _findings = [];

    private FlowBody(FlowFinder finder, FlowWalk walk)
    {
        Finder = finder;
        Walk = walk;
        Units = new FlowUnits(finder.Sources);
    }

    public FlowFinder Finder { get; }

    public FlowWalk Walk { get; }

    /// <summary>The bits of the data sources that units of work are begun of.</summary>
    public FlowUnits Units { get; }

    /// <returns>Nothing where the code has no flow, as while it is being typed.</returns>
    public static FlowResult Read(FlowFinder finder, IMethodSymbol method, IOperation body, FlowWalk walk)
    {
        var graph = body switch
        {
            IMethodBodyOperation whole => ControlFlowGraph.Create(whole, walk.CancellationToken),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, walk.CancellationToken),
            IBlockOperation { Parent: null } block => ControlFlowGraph.Create(block, walk.CancellationToken),
            _ => null,
        };
        if (graph is null)
            return FlowResult.Nothing;
        var read = new FlowBody(finder, walk);
        var unit = WriteTransactions.IsIn(method, finder.Known) ? read.Units.Begin(finder.Sources.Of(method)) : FlowTransactions.None;
        var summary = read.Read(graph, new FlowSteps(read, method), unit);
        foreach (var function in graph.LocalFunctions)
            read.SummarizeLocal(function);
        return summary.IsNothing && read._findings.Count == 0 ? FlowResult.Nothing : new FlowResult(summary, read._findings);
    }

    /// <summary>What a caller must know of a lambda.</summary>
    public FlowSummary Summarize(IFlowAnonymousFunctionOperation lambda, ControlFlowGraph graph, FlowSteps steps) =>
        Read(graph.GetAnonymousFunctionControlFlowGraph(lambda, Walk.CancellationToken), steps, FlowTransactions.None);

    /// <summary>What a caller must know of a local function; nothing while that is being found out.</summary>
    public FlowSummary SummarizeLocal(IMethodSymbol function)
    {
        if (_local.TryGetValue(function, out var summary))
            return summary;
        _local[function] = FlowSummary.Nothing;
        if (!_localGraphs.TryGetValue(function, out var owner))
            return FlowSummary.Nothing;
        return _local[function] = Read(owner.GetLocalFunctionControlFlowGraph(function, Walk.CancellationToken), new FlowSteps(this, function), FlowTransactions.None);
    }

    private FlowSummary Read(ControlFlowGraph graph, FlowSteps steps, FlowTransactions unit)
    {
        foreach (var function in graph.LocalFunctions)
            _localGraphs[function] = graph;
        var flow = new FlowGraph(graph, new FlowActions(graph, steps, this).Read(), Units, Walk.CancellationToken);
        flow.Run(unit);
        var findings = FlowJudge.Judge(flow, Finder.Effects.Source);
        _findings.AddRange(findings);
        _findings.AddRange(FlowDecisions.Judge(flow, Finder.Effects.Source, Walk.CancellationToken));
        foreach (var function in graph.LocalFunctions)
            SummarizeLocal(function);
        return Summarize(flow, findings);
    }

    private static FlowSummary Summarize(FlowGraph flow, IReadOnlyList<FlowFinding> findings)
    {
        var writes = new List<FlowWrite>();
        var reads = new List<FlowRead>();
        var tracked = new HashSet<TableName>();
        var done = flow.DoneAtExit;
        foreach (var step in flow.Steps)
        {
            if ((done & step.Bit) != 0)
            {
                foreach (var write in step.Writes)
                    Nearest(writes, write, w => w.Name == write.Name && SymbolEqualityComparer.Default.Equals(w.Method, write.Method) && w.Tables.Equals(write.Tables), static w => w.Path.Length);
            }

            foreach (var read in step.Reads)
            {
                // What is reported here needn't be reported where this is called.
                if (flow.IsExposed(step, read) && !findings.Any(f => f.Read == read))
                    Nearest(reads, read, r => r.IsOfNextRequest == read.IsOfNextRequest && SymbolEqualityComparer.Default.Equals(r.Method, read.Method), static r => r.Path.Length);
            }

            tracked.UnionWith(step.Tracked);
        }

        return writes.Count + reads.Count + tracked.Count == 0 ? FlowSummary.Nothing : new FlowSummary(writes, reads, tracked.ToArray());
    }

    // Of several ways to one end the shortest, of those of one length the first.
    private static void Nearest<T>(List<T> all, T one, Predicate<T> isSame, Func<T, int> length)
    {
        var index = all.FindIndex(isSame);
        if (index >= 0 && length(one) < length(all[index]))
            all[index] = one;
        else if (index < 0 && all.Count < FlowGraph.MaxSummarized)
            all.Add(one);
    }
}
