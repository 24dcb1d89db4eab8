using System.Data;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A unit of work on the primary: one connection, one transaction. While it is open, every routed method called in the
/// same flow of execution, read or write, uses its connection, so that reads see what was written.
/// </summary>
/// <remarks>
/// Opened by <see cref="RoutedDataSource.BeginTransactionAsync(IsolationLevel, CancellationToken)"/>. Disposing it without
/// <see cref="CommitAsync"/> rolls back. Like a connection it serves one call at a time: a second call that overlaps with
/// the first gets Npgsql's <see cref="NpgsqlOperationInProgressException"/>. A task that is started inside takes part as
/// well: await it before the commit, or start it outside. Tasks that were running before take no part.
/// </remarks>
public sealed class RoutedTransaction : IDisposable, IAsyncDisposable
{
    private readonly RoutedDataSource _source;
    private ConnectionLease _lease;
    private NpgsqlTransaction? _transaction;
    private string? _failedMember;
    private volatile bool _open;

    internal RoutedTransaction(RoutedDataSource source, IsolationLevel isolationLevel)
    {
        _source = source;
        IsolationLevel = isolationLevel;
    }

    /// <summary>The isolation level asked for.</summary>
    public IsolationLevel IsolationLevel { get; }

    /// <summary>The connection of the unit of work.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public NpgsqlConnection Connection => _open ? _lease.Connection : throw Ended();

    /// <summary>Npgsql's transaction, for savepoints and for libraries that ask for one.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public NpgsqlTransaction Transaction => _open ? _transaction! : throw Ended();

    /// <summary>The name of the node that the unit of work runs on.</summary>
    internal string NodeName => _lease.NodeName;

    internal bool IsOpen => _open;

    internal bool IsDoomed => _failedMember is not null;

    /// <summary>Commits. The unit of work has then ended, whatever the outcome.</summary>
    /// <param name="cancellationToken">Cancels the wait for the server; whether it committed is then unknown.</param>
    /// <returns>A task that ends when the server has acknowledged the commit.</returns>
    /// <exception cref="InvalidOperationException">
    /// The unit of work has ended, or a command that joined it failed: then everything was rolled back.
    /// </exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        // Not async: the ambient value must change in the caller's own execution context.
        var transaction = End();
        return _failedMember is null ? transaction.CommitAsync(cancellationToken) : RollBackDoomedAsync(transaction);
    }

    /// <summary>Commits. The unit of work has then ended, whatever the outcome.</summary>
    /// <inheritdoc cref="CommitAsync" path="/exception"/>
    public void Commit()
    {
        var transaction = End();
        if (_failedMember is not null)
        {
            try
            {
                transaction.Rollback();
            }
            catch (NpgsqlException)
            {
                // The connection is gone, and with it the transaction: rolled back all the same.
            }

            throw Doomed();
        }

        transaction.Commit();
    }

    /// <summary>Rolls back. The unit of work has then ended.</summary>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>A task that ends when the server has rolled back.</returns>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public Task RollbackAsync(CancellationToken cancellationToken = default) => End().RollbackAsync(cancellationToken);

    /// <summary>Rolls back. The unit of work has then ended.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public void Rollback() => End().Rollback();

    /// <summary>Ends the unit of work, rolling back what was not committed, and gives the connection back.</summary>
    public void Dispose()
    {
        Leave();
        var transaction = Interlocked.Exchange(ref _transaction, null);
        if (transaction is null)
            return;
        try
        {
            transaction.Dispose();
        }
        finally
        {
            _lease.Dispose();
        }
    }

    /// <summary>Ends the unit of work, rolling back what was not committed, and gives the connection back.</summary>
    /// <returns>A task that ends when the connection is back in its pool.</returns>
    public ValueTask DisposeAsync()
    {
        Leave();
        var transaction = Interlocked.Exchange(ref _transaction, null);
        return transaction is null ? default : DisposeCoreAsync(transaction);
    }

    internal void Start(ConnectionLease lease)
    {
        try
        {
            _transaction = lease.Connection.BeginTransaction(IsolationLevel);
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        _lease = lease;
        _open = true;
    }

    internal async ValueTask<RoutedTransaction> StartAsync(ValueTask<ConnectionLease> opening, CancellationToken cancellationToken)
    {
        var lease = await opening.ConfigureAwait(false);
        try
        {
            _transaction = await lease.Connection.BeginTransactionAsync(IsolationLevel, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _lease = lease;
        _open = true;
        return this;
    }

    /// <summary>A command that joined the unit of work ended without success: it may have written a part.</summary>
    internal void Doom(string member) => _failedMember ??= member;

    private async Task RollBackDoomedAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and with it the transaction: rolled back all the same.
        }

        throw Doomed();
    }

    private async ValueTask DisposeCoreAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    private NpgsqlTransaction End()
    {
        if (!_open)
            throw Ended();
        Leave();
        return _transaction!;
    }

    private void Leave()
    {
        _open = false;
        _source.LeaveAmbient(this);
    }

    private static InvalidOperationException Ended() =>
        new("The unit of work has ended: it was committed, rolled back or disposed. Begin another one.");

    private InvalidOperationException Doomed() => new(
        $"The unit of work was rolled back instead of committed: '{_failedMember}' took part in it and failed, so a part of its " +
        "writes may be missing. Let the exception of that call end the unit of work, or call it outside.");
}
