using System.Collections.Immutable;
using System.Data;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CompileTimeRouting;

/// <summary>
/// The way to a primary and its streaming replicas: one pool per node, a route for each read and write, and the ambient
/// unit of work. One per cluster and process; safe for use by many threads.
/// </summary>
public sealed partial class RoutedDataSource : IDisposable, IAsyncDisposable
{
    // What a replica on an overloaded machine takes to replay what it has just received, with much to spare.
    private static readonly TimeSpan ReachWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReachStep = TimeSpan.FromMilliseconds(20);

    // Per instance: two data sources have units of work of their own.
    private readonly AsyncLocal<RoutedTransaction?> _ambient = new();

    // Whether there ever was one: calls of other data sources don't look.
    private volatile bool _hasUnitsOfWork;

    private readonly ILoggerFactory? _loggerFactory;
    private readonly ILogger _logger;
    private readonly ClusterState _state;
    private readonly ClusterMonitor _monitor;
    private readonly RoutingMetrics _metrics;
    private bool _monitoring;
    private volatile bool _disposed;

    private RoutedDataSource(ClusterPlan plan, ImmutableArray<ClusterNode> nodes, RoutingMetrics metrics, ILoggerFactory? loggerFactory)
    {
        _plan = plan;
        _metrics = metrics;
        _loggerFactory = loggerFactory;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(Log.Category);
        _state = new ClusterState(nodes, plan.Overload, plan.Balancing, _logger, metrics);
        _monitor = new ClusterMonitor(_state, plan.Probes, _logger, metrics);
        metrics.Snapshot = GetSnapshot;
        _coverage = new CoverageProbes(_state, plan.Probes, _logger);
        _positions = new SharedPosition(AskPositionAsync);
        Outcomes = new ConsistencyOutcomes(metrics);
    }

    internal ImmutableArray<ClusterNode> Nodes => _state.Nodes;

    /// <summary>The unit of work that is open in this flow of execution, whose connection every routed call then uses; null for none.</summary>
    public RoutedTransaction? CurrentTransaction => Ambient;

    internal StartupCheck StartupCheck => _plan.StartupCheck;

    /// <summary>Makes a data source. Nothing is connected yet: see <see cref="VerifyAsync"/>.</summary>
    /// <param name="options">The nodes and how to use them.</param>
    /// <param name="loggerFactory">Where this and Npgsql log; null for nowhere.</param>
    /// <param name="meterFactory">Whose meter to measure on; null for the process's own.</param>
    /// <returns>The data source; dispose it when the process needs it no more.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="OptionsValidationException">The options are wrong; every failure says what to do.</exception>
    public static RoutedDataSource Create(RoutingOptions options, ILoggerFactory? loggerFactory = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var plan = ClusterPlan.Create(options);
        var metrics = new RoutingMetrics(plan.SourceName, RoutingInstruments.Of(meterFactory));
        var nodes = ImmutableArray.CreateBuilder<ClusterNode>();
        try
        {
            nodes.Add(ClusterNode.Create(plan, plan.Primary, loggerFactory, metrics));
            foreach (var replica in plan.Replicas)
                nodes.Add(ClusterNode.Create(plan, replica, loggerFactory, metrics));
        }
        catch
        {
            foreach (var node in nodes)
                node.Dispose();
            metrics.Dispose();
            throw;
        }

        return new RoutedDataSource(plan, nodes.ToImmutable(), metrics, loggerFactory);
    }

    /// <summary>
    /// Opens a connection to one node, past all routing: for checks and maintenance reads. Its session is read-only, on the
    /// primary too; a unit of work takes no part in it.
    /// </summary>
    /// <param name="nodeName">The node's name, as <see cref="GetSnapshot"/> lists it.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <exception cref="ArgumentException">No node has that name.</exception>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<ConnectionLease> OpenNodeAsync(string nodeName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(nodeName);
        var nodes = Nodes;
        var node = nodes.FirstOrDefault(node => node.Name == nodeName) ?? throw new ArgumentException(
            $"No node is named '{nodeName}'. There are: {string.Join(", ", nodes.Select(static node => node.Name))}.", nameof(nodeName));
        return node.ReadPool.OpenAsync(leavesSessionClean: false, cancellationToken);
    }

    /// <summary>
    /// Begins a unit of work: until it ends, every routed method called in this flow of execution uses its connection.
    /// </summary>
    /// <param name="isolationLevel">The isolation level; unspecified is READ COMMITTED, whatever the server's own default.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The unit of work; dispose it, after <see cref="RoutedTransaction.CommitAsync"/> where it is to stay.</returns>
    /// <exception cref="InvalidOperationException">A unit of work is open in this flow already.</exception>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<RoutedTransaction> BeginTransactionAsync(
        IsolationLevel isolationLevel = IsolationLevel.Unspecified, CancellationToken cancellationToken = default)
    {
        // Not async: a value set in an async method is undone when it returns, and the caller would not see it.
        var route = UnitOfWorkRoute(isolationLevel);
        return EnterAmbient(isolationLevel, route, null).StartAsync(route, null, cancellationToken);
    }

    /// <inheritdoc cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>
    public ValueTask<RoutedTransaction> BeginTransactionAsync(CancellationToken cancellationToken) =>
        BeginTransactionAsync(IsolationLevel.Unspecified, cancellationToken);

    /// <summary>Begins a unit of work, blocking.</summary>
    /// <inheritdoc cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>
    public RoutedTransaction BeginTransaction(IsolationLevel isolationLevel = IsolationLevel.Unspecified)
    {
        var route = UnitOfWorkRoute(isolationLevel);
        var unitOfWork = EnterAmbient(isolationLevel, route, null);
        unitOfWork.Start(route, null);
        return unitOfWork;
    }

    /// <summary>
    /// Asks every node, at the same time and each with <see cref="RoutingOptions.StartupTimeout"/> to answer, whether it is
    /// reachable and in which role. It routes by that at once, and from then on the nodes are watched.
    /// </summary>
    /// <param name="cancellationToken">Cancels the check; then nothing has changed.</param>
    /// <returns>What was found: see <see cref="NodeSnapshot.Problem"/> of each node. Bad nodes are no exception.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The data source was disposed.</exception>
    public async Task<ClusterSnapshot> VerifyAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var nodes = Nodes;
        foreach (var (node, result) in await CheckAsync(nodes, _plan.StartupTimeout, cancellationToken).ConfigureAwait(false))
        {
            _state.Report(node, result, conclusive: true);
            NoteBudget(node, result.Answer?.Identity.ConnectionLimit);
        }

        await Task.WhenAll(nodes.Where(_state.IsReaching).Select(node => ReachAsync(node, cancellationToken))).ConfigureAwait(false);
        StartMonitoring();
        return GetSnapshot();
    }

    /// <summary>What is known of the nodes now.</summary>
    /// <returns>A snapshot that doesn't change any more.</returns>
    public ClusterSnapshot GetSnapshot() => _state.Snapshot(_plan.ReadReplicasEnabled);

    /// <summary>Closes every idle connection; those on loan are closed when they are given back.</summary>
    public void Dispose()
    {
        _disposed = true;
        _reloading?.Dispose();
        _monitor.Dispose();
        _coverage.Dispose();
        _metrics.Dispose();
        foreach (var node in NodesToClose())
            node.Dispose();
    }

    /// <summary>Closes every idle connection; those on loan are closed when they are given back.</summary>
    /// <returns>A task that ends when the idle connections are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _reloading?.Dispose();
        await _monitor.DisposeAsync().ConfigureAwait(false);
        await _coverage.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        foreach (var node in NodesToClose())
            await node.DisposeAsync().ConfigureAwait(false);
    }

    internal void LeaveAmbient(RoutedTransaction unitOfWork)
    {
        if (_ambient.Value == unitOfWork)
            _ambient.Value = null;
    }

    // An ended unit of work can still be the value in a flow that split off while it was open: it counts as none.
    private RoutedTransaction? Ambient => _hasUnitsOfWork && _ambient.Value is { IsOpen: true } unitOfWork ? unitOfWork : null;

    private RoutedTransaction EnterAmbient(IsolationLevel isolationLevel, WriteRoute route, CallAttempts? attempts)
    {
        // One that is still being opened counts as well: of two at once, only the later one would get the calls.
        if (_ambient.Value is { HasEnded: false })
        {
            throw new InvalidOperationException(
                "A unit of work is open in this flow already, and PostgreSQL has no nested transactions. Use the open one, " +
                "with RoutedTransaction.Transaction.SaveAsync for a savepoint, or end it first.");
        }

        _hasUnitsOfWork = true;
        return _ambient.Value = new RoutedTransaction(this, Session, isolationLevel, StartActivity(route, attempts));
    }

    private void NoteBudget(ClusterNode node, int? connectionLimit)
    {
        if (ConnectionBudget.Of(node, connectionLimit, _plan.ApplicationInstances) is { IsExceeded: true } budget)
            Log.TooManyConnections(_logger, node.Name, budget.Needed, budget.PerInstance, budget.Instances, budget.Available);
    }

    private static async Task<Dictionary<ClusterNode, ProbeResult>> CheckAsync(ImmutableArray<ClusterNode> nodes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(nodes.Select(node => CheckAsync(node, timeout, cancellationToken))).ConfigureAwait(false);
        return nodes.Zip(results).ToDictionary(static pair => pair.First, static pair => pair.Second);
    }

    private static async Task<ProbeResult> CheckAsync(ClusterNode node, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var probe = new NodeProbe(node);
        await using var disposal = probe.ConfigureAwait(false);
        return await probe.RunAsync(timeout, cancellationToken).ConfigureAwait(false);
    }

    // On a busy primary a good replica wasn't yet where the primary stood, and is there a moment later; one that isn't may be
    // hours behind, and no read is to find that out.
    private async Task ReachAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var probe = new NodeProbe(node);
        await using var disposal = probe.ConfigureAwait(false);
        for (var begun = Stopwatch.GetTimestamp(); _state.IsReaching(node) && Stopwatch.GetElapsedTime(begun) < ReachWithin;)
        {
            await Task.Delay(ReachStep, cancellationToken).ConfigureAwait(false);
            _state.Report(node, await probe.RunAsync(_plan.Probes.Timeout, cancellationToken).ConfigureAwait(false), conclusive: false);
        }
    }

    private void StartMonitoring()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _monitoring = true;
        _monitor.Start();
    }

    private static WriteRoute UnitOfWorkRoute(IsolationLevel isolationLevel) =>
        isolationLevel == IsolationLevel.Unspecified ? WriteRoute.UnitOfWork : new WriteRoute(WriteRoute.UnitOfWork.Name, isolationLevel);

    private static async ValueTask<CommandScope> OpenScopeAsync(
        RoutedTransaction unitOfWork, ValueTask<RoutedTransaction> starting, WriteRoute route)
    {
        await starting.ConfigureAwait(false);
        return new CommandScope(unitOfWork, route, joined: false);
    }

    private ConnectionLease Join(RoutedTransaction unitOfWork, string intent)
    {
        if (_metrics.ObservesCalls)
            _metrics.Decided(intent, unitOfWork.NodeName, RouteReason.UnitOfWork);
        var lease = unitOfWork.Share();
        unitOfWork.TakePart(Session);
        return lease;
    }

    private CommandScope Join(RoutedTransaction unitOfWork, WriteRoute route)
    {
        if (Strength(route.IsolationLevel) > Strength(unitOfWork.IsolationLevel))
        {
            throw new InvalidOperationException(
                $"The routed command '{route.Name}' asks for isolation level {route.IsolationLevel}, but the open unit of work has " +
                $"{unitOfWork.IsolationLevel}. Begin the unit of work with {route.IsolationLevel}, or call the command outside.");
        }

        if (_metrics.ObservesCalls)
            _metrics.Decided(TelemetryTags.Write, unitOfWork.NodeName, RouteReason.UnitOfWork);
        unitOfWork.TakePart(Session);
        return new CommandScope(unitOfWork, route, joined: true);
    }

    // PostgreSQL runs READ UNCOMMITTED as READ COMMITTED, which is the weakest it has: no default is below it. Npgsql asks
    // for REPEATABLE READ where Snapshot is named.
    private static int Strength(IsolationLevel level) => level switch
    {
        IsolationLevel.Serializable => 3,
        IsolationLevel.RepeatableRead or IsolationLevel.Snapshot => 2,
        _ => 1,
    };
}
