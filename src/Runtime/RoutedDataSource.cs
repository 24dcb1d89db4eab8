using System.Data;
using CompileTimeRouting.Cluster;

namespace CompileTimeRouting;

/// <summary>
/// The way to a primary and its streaming replicas: one pool per node, a route for each read and write, and the ambient
/// unit of work. One per cluster and process; safe for use by many threads.
/// </summary>
public sealed class RoutedDataSource : IDisposable, IAsyncDisposable
{
    // Per instance: two data sources have units of work of their own.
    private readonly AsyncLocal<RoutedTransaction?> _ambient = new();
    private readonly RoutingTable _table;

    internal RoutedDataSource(RoutingTable table) => _table = table;

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
    /// Begins a unit of work: until it ends, every routed method called in this flow of execution uses its connection.
    /// </summary>
    /// <param name="isolationLevel">The isolation level; unspecified for the server's own default.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The unit of work; dispose it, after <see cref="RoutedTransaction.CommitAsync"/> where it is to stay.</returns>
    /// <exception cref="InvalidOperationException">A unit of work is open in this flow already.</exception>
    /// <exception cref="Npgsql.NpgsqlException">No connection could be had.</exception>
    public ValueTask<RoutedTransaction> BeginTransactionAsync(
        IsolationLevel isolationLevel = IsolationLevel.Unspecified, CancellationToken cancellationToken = default)
    {
        // Not async: a value set in an async method is undone when it returns, and the caller would not see it.
        var unitOfWork = EnterAmbient(isolationLevel);
        return unitOfWork.StartAsync(_table.Primary.OpenAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>
    public ValueTask<RoutedTransaction> BeginTransactionAsync(CancellationToken cancellationToken) =>
        BeginTransactionAsync(IsolationLevel.Unspecified, cancellationToken);

    /// <summary>Begins a unit of work, blocking.</summary>
    /// <inheritdoc cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>
    public RoutedTransaction BeginTransaction(IsolationLevel isolationLevel = IsolationLevel.Unspecified)
    {
        var unitOfWork = EnterAmbient(isolationLevel);
        unitOfWork.Start(_table.Primary.Open());
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
        return OpenScopeAsync(unitOfWork, unitOfWork.StartAsync(_table.Primary.OpenAsync(cancellationToken), cancellationToken), route);
    }

    /// <inheritdoc cref="BeginCommandAsync"/>
    public CommandScope BeginCommand(WriteRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Ambient is { } open
            ? Join(open, route)
            : new CommandScope(BeginTransaction(route.IsolationLevel), route, joined: false);
    }

    /// <summary>Closes every idle connection; those on loan are closed when they are given back.</summary>
    public void Dispose() => _table.Dispose();

    /// <summary>Closes every idle connection; those on loan are closed when they are given back.</summary>
    /// <returns>A task that ends when the idle connections are closed.</returns>
    public ValueTask DisposeAsync() => _table.DisposeAsync();

    internal void LeaveAmbient(RoutedTransaction unitOfWork)
    {
        if (_ambient.Value == unitOfWork)
            _ambient.Value = null;
    }

    // An ended unit of work can still be the value in a flow that split off while it was open: it counts as none.
    private RoutedTransaction? Ambient => _ambient.Value is { IsOpen: true } unitOfWork ? unitOfWork : null;

    private RoutedTransaction EnterAmbient(IsolationLevel isolationLevel)
    {
        if (Ambient is not null)
        {
            throw new InvalidOperationException(
                "A unit of work is open in this flow already, and PostgreSQL has no nested transactions. Use the open one, " +
                "with RoutedTransaction.Transaction.SaveAsync for a savepoint, or end it first.");
        }

        return _ambient.Value = new RoutedTransaction(this, isolationLevel);
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

    // PostgreSQL runs READ UNCOMMITTED as READ COMMITTED, and Npgsql asks for REPEATABLE READ where Snapshot is named.
    private static int Strength(IsolationLevel level) => level switch
    {
        IsolationLevel.Serializable => 3,
        IsolationLevel.RepeatableRead or IsolationLevel.Snapshot => 2,
        IsolationLevel.Unspecified => 0,
        _ => 1,
    };
}
