using CompileTimeRouting.EntityFrameworkCore.Guards;
using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>
/// The context and the transaction of one <c>[WriteCommand(Transaction = true)]</c> call: its own transaction, or the
/// ambient unit of work it joined. Made for generated shims.
/// </summary>
/// <typeparam name="TContext">The context class.</typeparam>
/// <remarks>A value that is used by one flow and disposed once: don't copy it and don't share it between threads.</remarks>
public struct RoutedDbContextScope<TContext> : IDisposable, IAsyncDisposable
    where TContext : DbContext
{
    private readonly CommandScope _command;
    private ContextLoan<TContext> _loan;

    internal RoutedDbContextScope(in ContextLoan<TContext> loan, in CommandScope command)
    {
        _loan = loan;
        _command = command;
    }

    /// <summary>The context, inside the transaction. Don't dispose it; dispose the scope.</summary>
    /// <exception cref="InvalidOperationException">The scope is the default value of its type, or was disposed.</exception>
    public readonly TContext Context => _loan.Context ?? throw LeasedContexts.NoContext();

    internal readonly CommandScope Command => _command;

    /// <summary>
    /// Commits the call's own transaction; in a joined unit of work, the commit is that one's. What the context hasn't saved
    /// is not saved by it.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>A task that ends when the server has acknowledged the commit.</returns>
    public readonly Task CommitAsync(CancellationToken cancellationToken = default) => _command.CommitAsync(cancellationToken);

    /// <inheritdoc cref="CommitAsync"/>
    public readonly void Commit() => _command.Commit();

    /// <summary>
    /// Ends the call and gives the context back. Without a commit its own transaction is rolled back, and a joined unit of
    /// work can no longer commit.
    /// </summary>
    public void Dispose()
    {
        if (_loan.Context is null)
            return;
        var loan = _loan;
        _loan = default;
        try
        {
            loan.Return();
        }
        finally
        {
            _command.Dispose();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        if (_loan.Context is null)
            return default;
        var loan = _loan;
        _loan = default;
        return ReturnAsync(loan, _command);
    }

    private static async ValueTask ReturnAsync(ContextLoan<TContext> loan, CommandScope command)
    {
        try
        {
            await loan.ReturnAsync().ConfigureAwait(false);
        }
        finally
        {
            await command.DisposeAsync().ConfigureAwait(false);
        }
    }
}
