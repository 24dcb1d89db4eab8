using System.Collections.Immutable;
using System.Data;
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
    // Per instance: two data sources have units of work of their own.
    private readonly AsyncLocal<RoutedTransaction?> _ambient = new();
    private readonly ImmutableArray<ClusterNode> _nodes;
    private readonly ILogger _logger;
    private readonly Lock _publishing = new();

    // Both are replaced as a whole, under the lock; readers take what is there.
    private volatile RoutingTable _table;
    private ImmutableArray<NodeStatus> _statuses;
    private volatile bool _disposed;

    private RoutedDataSource(ClusterPlan plan, ImmutableArray<ClusterNode> nodes, ILogger logger)
    {
        _nodes = nodes;
        _logger = logger;
        StartupCheck = plan.StartupCheck;
        CheckTimeout = plan.StartupTimeout;
        _statuses = [.. nodes.Select(static _ => NodeStatus.Unverified)];
        _table = BuildTable(_statuses);
    }

    internal ImmutableArray<ClusterNode> Nodes => _nodes;

    internal StartupCheck StartupCheck { get; }

    internal TimeSpan CheckTimeout { get; }

    /// <summary>Makes a data source. Nothing is connected yet: see <see cref="VerifyAsync"/>.</summary>
    /// <param name="options">The nodes and how to use them.</param>
    /// <param name="loggerFactory">Where this and Npgsql log; null for nowhere.</param>
    /// <returns>The data source; dispose it when the process needs it no more.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="OptionsValidationException">The options are wrong; every failure says what to do.</exception>
    public static RoutedDataSource Create(RoutingOptions options, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var plan = ClusterPlan.Create(options);
        var nodes = ImmutableArray.CreateBuilder<ClusterNode>();
        try
        {
            nodes.Add(ClusterNode.Create(plan, plan.Primary, loggerFactory));
            foreach (var replica in plan.Replicas)
                nodes.Add(ClusterNode.Create(plan, replica, loggerFactory));
        }
        catch
        {
            foreach (var node in nodes)
                node.Dispose();
            throw;
        }

        return new RoutedDataSource(plan, nodes.ToImmutable(), (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(Log.Category));
    }

    /// <summary>Opens a connection for a read that any replica may answer.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<ConnectionLease> OpenReadAsync(CancellationToken cancellationToken = default) =>
        OpenReadAsync(ReadRoute.Default, cancellationToken);

    /// <summary>Opens a connection for a read.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <exception cref="InvalidOperationException">The route names a replica group that isn't configured.</exception>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<ConnectionLease> OpenReadAsync(ReadRoute route, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Ambient is { } unitOfWork
            ? new ValueTask<ConnectionLease>(Join(unitOfWork))
            : _table.ForRead(route).OpenAsync(cancellationToken);
    }

    /// <inheritdoc cref="OpenReadAsync(CancellationToken)"/>
    public ConnectionLease OpenRead() => OpenRead(ReadRoute.Default);

    /// <summary>Opens a connection for a read, blocking.</summary>
    /// <inheritdoc cref="OpenReadAsync(ReadRoute, CancellationToken)"/>
    public ConnectionLease OpenRead(ReadRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Ambient is { } unitOfWork ? Join(unitOfWork) : _table.ForRead(route).Open();
    }

    /// <summary>Opens a connection to the primary.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the write is done.</returns>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<ConnectionLease> OpenWriteAsync(CancellationToken cancellationToken = default) =>
        OpenWriteAsync(WriteRoute.Default, cancellationToken);

    /// <summary>Opens a connection to the primary.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the write is done.</returns>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<ConnectionLease> OpenWriteAsync(WriteRoute route, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Ambient is { } unitOfWork
            ? new ValueTask<ConnectionLease>(Join(unitOfWork))
            : _table.Primary.OpenAsync(cancellationToken);
    }

    /// <inheritdoc cref="OpenWriteAsync(CancellationToken)"/>
    public ConnectionLease OpenWrite() => OpenWrite(WriteRoute.Default);

    /// <summary>Opens a connection to the primary, blocking.</summary>
    /// <inheritdoc cref="OpenWriteAsync(WriteRoute, CancellationToken)"/>
    public ConnectionLease OpenWrite(WriteRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Ambient is { } unitOfWork ? Join(unitOfWork) : _table.Primary.Open();
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
        var node = _nodes.FirstOrDefault(node => node.Name == nodeName) ?? throw new ArgumentException(
            $"No node is named '{nodeName}'. There are: {string.Join(", ", _nodes.Select(static node => node.Name))}.", nameof(nodeName));
        return (node.ReadOnlyPool ?? node.Pool).OpenAsync(cancellationToken);
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
        var unitOfWork = EnterAmbient(isolationLevel);
        return unitOfWork.StartAsync(_table.Primary, cancellationToken);
    }

    /// <inheritdoc cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>
    public ValueTask<RoutedTransaction> BeginTransactionAsync(CancellationToken cancellationToken) =>
        BeginTransactionAsync(IsolationLevel.Unspecified, cancellationToken);

    /// <summary>Begins a unit of work, blocking.</summary>
    /// <inheritdoc cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>
    public RoutedTransaction BeginTransaction(IsolationLevel isolationLevel = IsolationLevel.Unspecified)
    {
        var unitOfWork = EnterAmbient(isolationLevel);
        unitOfWork.Start(_table.Primary);
        return unitOfWork;
    }

    /// <summary>
    /// Begins the transaction of a <c>[WriteCommand(Transaction = true)]</c> call, or joins the open unit of work. Made for
    /// generated shims; the flow rules are those of <see cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>.
    /// </summary>
    /// <param name="route">What the command asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The scope; commit it, then dispose it.</returns>
    /// <exception cref="InvalidOperationException">The open unit of work has a weaker isolation level than the route asks for.</exception>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<CommandScope> BeginCommandAsync(WriteRoute route, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (Ambient is { } open)
            return new ValueTask<CommandScope>(Join(open, route));
        var unitOfWork = EnterAmbient(route.IsolationLevel);
        return OpenScopeAsync(unitOfWork, unitOfWork.StartAsync(_table.Primary, cancellationToken), route);
    }

    /// <inheritdoc cref="BeginCommandAsync(WriteRoute, CancellationToken)"/>
    public CommandScope BeginCommand(WriteRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Ambient is { } open
            ? Join(open, route)
            : new CommandScope(BeginTransaction(route.IsolationLevel), route, joined: false);
    }

    /// <summary>
    /// Asks every node, at the same time and each with <see cref="RoutingOptions.StartupTimeout"/> to answer, whether it is
    /// reachable and in its configured role. Replicas found bad get no reads from then on; those found good do.
    /// </summary>
    /// <param name="cancellationToken">Cancels the check; then nothing has changed.</param>
    /// <returns>What was found: see <see cref="NodeSnapshot.Problem"/> of each node. Bad nodes are no exception.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The data source was disposed.</exception>
    public Task<ClusterSnapshot> VerifyAsync(CancellationToken cancellationToken = default) =>
        CheckAsync(static _ => true, cancellationToken);

    /// <summary>What is known of the nodes now.</summary>
    /// <returns>A snapshot that doesn't change any more.</returns>
    public ClusterSnapshot GetSnapshot()
    {
        ImmutableArray<NodeStatus> statuses;
        lock (_publishing)
            statuses = _statuses;
        return new ClusterSnapshot([.. _nodes.Zip(statuses, static (node, status) => new NodeSnapshot(node, status))]);
    }

    /// <summary>Closes every idle connection; those on loan are closed when they are given back.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (var node in _nodes)
            node.Dispose();
    }

    /// <summary>Closes every idle connection; those on loan are closed when they are given back.</summary>
    /// <returns>A task that ends when the idle connections are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var node in _nodes)
            await node.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Checks the nodes whose present state is asked for.</summary>
    internal async Task<ClusterSnapshot> CheckAsync(Func<NodeState, bool> which, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var snapshot = GetSnapshot();
        var checks = _nodes
            .Select((node, i) => which(snapshot.Nodes[i].State) ? NodeCheck.RunAsync(node, CheckTimeout, cancellationToken) : null)
            .ToArray();
        await Task.WhenAll(checks.OfType<Task>()).ConfigureAwait(false);
        var found = new NodeStatus?[checks.Length];
        for (var i = 0; i < checks.Length; i++)
        {
            if (checks[i] is { } check)
                found[i] = await check.ConfigureAwait(false);
        }

        Publish(found);
        return GetSnapshot();
    }

    /// <summary>Takes over what was found, by the order of the nodes and null for what stays, and routes by it.</summary>
    internal void Publish(IReadOnlyList<NodeStatus?> found)
    {
        var changes = new List<(ClusterNode Node, NodeStatus Status)>();
        lock (_publishing)
        {
            var statuses = _statuses.ToBuilder();
            var reroute = false;
            for (var i = 0; i < statuses.Count; i++)
            {
                var before = statuses[i];
                if (found[i] is not { } now || now.Begun < before.Begun)
                    continue;
                statuses[i] = now with { ServerVersion = now.ServerVersion ?? before.ServerVersion };
                if (now.State != before.State || now.Problem != before.Problem)
                    changes.Add((_nodes[i], statuses[i]));
                reroute |= (now.State == NodeState.Down) != (before.State == NodeState.Down);
            }

            _statuses = statuses.ToImmutable();

            // Not for every check: a new table begins its turns anew, and would favour the nodes that come first.
            if (reroute)
                _table = BuildTable(_statuses);
        }

        foreach (var (node, status) in changes)
        {
            if (status.State == NodeState.Down)
                Log.NodeDown(_logger, node.Name, status.Problem);
            else
                Log.NodeUp(_logger, node.Name, NodeConnectionString.HostAndPort(node.Host, node.Port), status.ServerVersion, node.Role);
        }
    }

    internal void LeaveAmbient(RoutedTransaction unitOfWork)
    {
        if (_ambient.Value == unitOfWork)
            _ambient.Value = null;
    }

    // An ended unit of work can still be the value in a flow that split off while it was open: it counts as none.
    private RoutedTransaction? Ambient => _ambient.Value is { IsOpen: true } unitOfWork ? unitOfWork : null;

    private RoutedTransaction EnterAmbient(IsolationLevel isolationLevel)
    {
        // One that is still being opened counts as well: of two at once, only the later one would get the calls.
        if (_ambient.Value is { HasEnded: false })
        {
            throw new InvalidOperationException(
                "A unit of work is open in this flow already, and PostgreSQL has no nested transactions. Use the open one, " +
                "with RoutedTransaction.Transaction.SaveAsync for a savepoint, or end it first.");
        }

        return _ambient.Value = new RoutedTransaction(this, isolationLevel);
    }

    private RoutingTable BuildTable(ImmutableArray<NodeStatus> statuses)
    {
        var replicas = new List<RoutingTable.ReplicaEntry>();
        for (var i = 1; i < _nodes.Length; i++)
            replicas.Add(new(_nodes[i].Pool, _nodes[i].Weight, _nodes[i].Group, InService: statuses[i].State != NodeState.Down));
        return new RoutingTable(_nodes[0].Pool, _nodes[0].ReadOnlyPool!, replicas);
    }

    private static async ValueTask<CommandScope> OpenScopeAsync(
        RoutedTransaction unitOfWork, ValueTask<RoutedTransaction> starting, WriteRoute route)
    {
        await starting.ConfigureAwait(false);
        return new CommandScope(unitOfWork, route, joined: false);
    }

    private static ConnectionLease Join(RoutedTransaction unitOfWork) => new(unitOfWork.Connection, null, unitOfWork.NodeName);

    private static CommandScope Join(RoutedTransaction unitOfWork, WriteRoute route)
    {
        if (Strength(route.IsolationLevel) > Strength(unitOfWork.IsolationLevel))
        {
            throw new InvalidOperationException(
                $"The routed command '{route.Name}' asks for isolation level {route.IsolationLevel}, but the open unit of work has " +
                $"{unitOfWork.IsolationLevel}. Begin the unit of work with {route.IsolationLevel}, or call the command outside.");
        }

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
