using System.Runtime.CompilerServices;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// The transaction of one <c>[WriteCommand(Transaction = true)]</c> call: its own, or the ambient unit of work it joined.
/// Made for generated shims.
/// </summary>
/// <remarks>A value that is used by one flow and disposed once.</remarks>
public readonly struct CommandScope : IDisposable, IAsyncDisposable
{
    private readonly RoutedTransaction _transaction;
    private readonly WriteRoute _route;

    // Set where the call joined an open unit of work: whether it was completed. Not a field of this value, of which
    // 'await using (scope.ConfigureAwait(false))' makes a copy: that one would not see the commit.
    private readonly StrongBox<bool>? _joined;

    internal CommandScope(RoutedTransaction transaction, WriteRoute route, bool joined)
    {
        _transaction = transaction;
        _route = route;
        _joined = joined ? new StrongBox<bool>() : null;
    }

    /// <summary>The connection, inside the transaction.</summary>
    public NpgsqlConnection Connection => _transaction.Connection;

    /// <summary>Npgsql's transaction, for libraries that ask for one.</summary>
    public NpgsqlTransaction Transaction => _transaction.Transaction;

    internal bool IsJoined => _joined is not null;

    /// <summary>The same, also where the transaction has ended.</summary>
    internal NpgsqlConnection LeasedConnection => _transaction.LeasedConnection;

    internal string NodeName => _transaction.NodeName;

    internal NodePool? Pool => _transaction.Pool;

    internal TimeSpan? UsedFor => _transaction.UsedFor;

    /// <summary>Commits the call's own transaction; in a joined unit of work, the commit is that one's.</summary>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>A task that ends when the server has acknowledged the commit.</returns>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (_joined is null)
            return _transaction.CommitAsync(cancellationToken);
        _joined.Value = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc cref="CommitAsync"/>
    public void Commit()
    {
        if (_joined is null)
            _transaction.Commit();
        else
            _joined.Value = true;
    }

    /// <summary>
    /// Ends the call. Without a commit its own transaction is rolled back, and a joined unit of work can no longer commit.
    /// </summary>
    public void Dispose()
    {
        if (_joined is null)
            _transaction.Dispose();
        else if (!_joined.Value)
            _transaction.Doom(_route.Name);
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        if (_joined is null)
            return _transaction.DisposeAsync();
        if (!_joined.Value)
            _transaction.Doom(_route.Name);
        return default;
    }
}
