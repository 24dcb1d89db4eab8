using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// The transaction of one <c>[WriteCommand(Transaction = true)]</c> call: its own, or the ambient unit of work it joined.
/// Made for generated shims.
/// </summary>
/// <remarks>A value that is used by one flow and disposed once.</remarks>
public struct CommandScope : IDisposable, IAsyncDisposable
{
    private readonly RoutedTransaction _transaction;
    private readonly WriteRoute _route;
    private readonly bool _joined;
    private bool _completed;

    internal CommandScope(RoutedTransaction transaction, WriteRoute route, bool joined)
    {
        _transaction = transaction;
        _route = route;
        _joined = joined;
    }

    /// <summary>The connection, inside the transaction.</summary>
    public readonly NpgsqlConnection Connection => _transaction.Connection;

    /// <summary>Commits the call's own transaction; in a joined unit of work, the commit is that one's.</summary>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>A task that ends when the server has acknowledged the commit.</returns>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        _completed = true;
        return _joined ? Task.CompletedTask : _transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc cref="CommitAsync"/>
    public void Commit()
    {
        _completed = true;
        if (!_joined)
            _transaction.Commit();
    }

    /// <summary>
    /// Ends the call. Without a commit its own transaction is rolled back, and a joined unit of work can no longer commit.
    /// </summary>
    public void Dispose()
    {
        if (!_joined)
            _transaction.Dispose();
        else if (!_completed)
            _transaction.Doom(_route.Name);
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        if (!_joined)
            return _transaction.DisposeAsync();
        if (!_completed)
            _transaction.Doom(_route.Name);
        return default;
    }
}
