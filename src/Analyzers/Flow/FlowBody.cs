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
    }

    public FlowFinder Finder { get; }

    public FlowWalk Walk { get; }

    public FlowSummary Summary { get; private set; } = FlowSummary.Nothing;

    public IReadOnlyList<FlowFinding> Findings => _findings;

    /// <returns>Null where the code has no flow, as while it is being typed.</returns>
    public static FlowBody? Read(FlowFinder finder, IMethodSymbol method, IOperation body, FlowWalk walk)
    {
        var graph = body switch
        {
            IMethodBodyOperation whole => ControlFlowGraph.Create(whole, walk.CancellationToken),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, walk.CancellationToken),
            IBlockOperation { Parent: null } block => ControlFlowGraph.Create(block, walk.CancellationToken),
            _ => null,
        };
        if (graph is null)
            return null;
        var read = new FlowBody(finder, walk);
        var steps = new FlowSteps(read, method);
        read.Summary = read.Read(graph, steps, WriteTransactions.IsIn(method, finder.Known));
        foreach (var function in graph.LocalFunctions)
            read.SummarizeLocal(function);
        return read;
    }

    /// <summary>What a caller must know of a lambda.</summary>
    public FlowSummary Summarize(IFlowAnonymousFunctionOperation lambda, ControlFlowGraph graph, FlowSteps steps) =>
        Read(graph.GetAnonymousFunctionControlFlowGraph(lambda, Walk.CancellationToken), steps, isInUnitOfWork: false);

    /// <summary>What a caller must know of a local function; nothing while that is being found out.</summary>
    public FlowSummary SummarizeLocal(IMethodSymbol function)
    {
        if (_local.TryGetValue(function, out var summary))
            return summary;
        _local[function] = FlowSummary.Nothing;
        if (!_localGraphs.TryGetValue(function, out var owner))
            return FlowSummary.Nothing;
        return _local[function] = Read(owner.GetLocalFunctionControlFlowGraph(function, Walk.CancellationToken), new FlowSteps(this, function), isInUnitOfWork: false);
    }

    private FlowSummary Read(ControlFlowGraph graph, FlowSteps steps, bool isInUnitOfWork)
    {
        foreach (var function in graph.LocalFunctions)
            _localGraphs[function] = graph;
        var flow = new FlowGraph(graph, new FlowActions(graph, steps, this).Read(), Walk.CancellationToken);
        flow.Run(isInUnitOfWork);
        var findings = FlowJudge.Judge(flow, Finder.Effects.Source);
        _findings.AddRange(findings);
        _findings.AddRange(FlowDecisions.Judge(flow));
        foreach (var function in graph.LocalFunctions)
            SummarizeLocal(function);
        return Summarize(flow, findings);
    }

    private static FlowSummary Summarize(FlowGraph flow, IReadOnlyList<FlowFinding> findings)
    {
        var writes = new List<FlowWrite>();
        var reads = new List<FlowRead>();
        var tracked = new List<TableName>();
        foreach (var step in flow.Steps)
        {
            foreach (var write in step.Writes)
            {
                if ((flow.AtExit.Done & step.Bit) != 0 && writes.Count < FlowGraph.MaxSummarized && !writes.Exists(w => w.Name == write.Name && w.Tables.Equals(write.Tables)))
                    writes.Add(write);
            }

            foreach (var read in step.Reads)
            {
                // What is reported here needn't be reported where this is called.
                if (flow.IsExposed(step) && reads.Count < FlowGraph.MaxSummarized && !reads.Exists(r => SymbolEqualityComparer.Default.Equals(r.Method, read.Method)) &&
                    !findings.Any(f => f.Read == read))
                {
                    reads.Add(read);
                }
            }

            tracked.AddRange(step.Tracked);
        }

        return writes.Count + reads.Count + tracked.Count == 0 ? FlowSummary.Nothing : new FlowSummary(writes, reads, tracked);
    }
}
