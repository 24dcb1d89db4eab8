using System.Data.Common;
using System.Runtime.ExceptionServices;
using CompileTimeRouting.EntityFrameworkCore.Guards;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>
/// Lends pooled contexts of one class on the connections of a <see cref="RoutedDataSource"/>: on a replica's for a read, on
/// the primary's for a write. There is one model and one internal service provider of EF, whatever the number of nodes.
/// </summary>
/// <typeparam name="TContext">The context class; its one public constructor takes its options, as EF's pooling asks for.</typeparam>
/// <remarks>
/// One per context class and cluster; safe for use by many threads. The context of a read tracks nothing by default and
/// refuses to write, before anything is sent. Inside a unit of work
/// (<see cref="RoutedDataSource.BeginTransactionAsync(CancellationToken)"/>) every context uses its connection and transaction.
/// </remarks>
public sealed partial class RoutedDbContextFactory<TContext>
    where TContext : DbContext
{
    private readonly RoutedDataSource _source;
    private readonly PooledDbContextFactory<TContext> _contexts;
    private readonly Action<TContext>? _onLease;

    /// <summary>Makes a factory. Nothing is connected yet, and the model isn't built.</summary>
    /// <param name="source">Where the connections come from; it must live at least as long.</param>
    /// <param name="configure">Sets the options of the contexts, as for any other context, but without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">
    /// Called with each context that is about to be lent, on its connection already, in the flow of execution that asked for it: the
    /// place to set fields of the class itself, which EF's pool doesn't reset (a tenant in a query filter). Another attempt of a read
    /// calls it again. What it throws fails the call.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The options name a connection, another provider, services that routed contexts bring, or an execution strategy that tries
    /// again; or EF can't pool the class.
    /// </exception>
    public RoutedDbContextFactory(
        RoutedDataSource source, Action<DbContextOptionsBuilder<TContext>>? configure = null, int poolSize = ContextOptions.DefaultPoolSize, Action<TContext>? onLease = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(poolSize, 1);
        var builder = ContextOptions.Begin<TContext>();
        configure?.Invoke(builder);
        ContextOptions.Complete(builder);
        _source = source;
        _onLease = onLease;
        _contexts = new PooledDbContextFactory<TContext>(builder.Options, poolSize);

        // Now, so that what can't work fails the start and not the first call.
        using var context = _contexts.CreateDbContext();
        ContextOptions.RequireNoRetries(context);
    }

    /// <summary>Lends a context for a read that any replica may answer.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <inheritdoc cref="RoutedDataSource.OpenReadAsync(CancellationToken)" path="/exception"/>
    public ValueTask<RoutedDbContextLease<TContext>> CreateReadAsync(CancellationToken cancellationToken = default) =>
        OpenReadAsync(ReadRoute.Default, cancellationToken);

    /// <summary>Lends a context for a read.</summary>
    /// <param name="route">What the read asks for; its name is that of the messages.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <inheritdoc cref="RoutedDataSource.OpenReadAsync(ReadRoute, CancellationToken)" path="/exception"/>
    public ValueTask<RoutedDbContextLease<TContext>> CreateReadAsync(ReadRoute route, CancellationToken cancellationToken = default) =>
        OpenReadAsync(route, cancellationToken);

    /// <summary>Lends a context for a read that any replica may answer, blocking.</summary>
    /// <inheritdoc cref="CreateReadAsync(CancellationToken)"/>
    public RoutedDbContextLease<TContext> CreateRead() => OpenRead(ReadRoute.Default);

    /// <summary>Lends a context for a read, blocking.</summary>
    /// <inheritdoc cref="CreateReadAsync(ReadRoute, CancellationToken)"/>
    public RoutedDbContextLease<TContext> CreateRead(ReadRoute route) => OpenRead(route);

    /// <summary>Lends a context on the primary.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the write is done. What wasn't saved by then is lost.</returns>
    /// <inheritdoc cref="RoutedDataSource.OpenWriteAsync(CancellationToken)" path="/exception"/>
    public ValueTask<RoutedDbContextLease<TContext>> CreateWriteAsync(CancellationToken cancellationToken = default) =>
        OpenWriteAsync(WriteRoute.Default, cancellationToken);

    /// <summary>Lends a context on the primary.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <inheritdoc cref="CreateWriteAsync(CancellationToken)"/>
    public ValueTask<RoutedDbContextLease<TContext>> CreateWriteAsync(WriteRoute route, CancellationToken cancellationToken = default) =>
        OpenWriteAsync(route, cancellationToken);

    /// <summary>Lends a context on the primary, blocking.</summary>
    /// <inheritdoc cref="CreateWriteAsync(CancellationToken)"/>
    public RoutedDbContextLease<TContext> CreateWrite() => OpenWrite(WriteRoute.Default);

    /// <summary>Lends a context on the primary, blocking.</summary>
    /// <inheritdoc cref="CreateWriteAsync(WriteRoute, CancellationToken)"/>
    public RoutedDbContextLease<TContext> CreateWrite(WriteRoute route) => OpenWrite(route);

    private RoutedDbContextLease<TContext> Lend(ConnectionLease connection, RoutedTransaction? unitOfWork, ReadRoute? read)
    {
        ContextLoan<TContext> loan = default;
        try
        {
            Prepare(ref loan, connection.Connection, unitOfWork?.Transaction, read);
            return new RoutedDbContextLease<TContext>(loan, connection);
        }
        catch
        {
            GiveBack(loan, connection);
            throw;
        }
    }

    // A pooled connection is there at once, and no state machine is needed.
    private ValueTask<RoutedDbContextLease<TContext>> LendAsync(ValueTask<ConnectionLease> opening, RoutedTransaction? unitOfWork, ReadRoute? read)
    {
        if (!opening.IsCompletedSuccessfully)
            return AwaitAndLendAsync(opening, unitOfWork, read);
        var connection = opening.Result;
        ContextLoan<TContext> loan = default;
        try
        {
            Prepare(ref loan, connection.Connection, unitOfWork?.Transaction, read);
            return new ValueTask<RoutedDbContextLease<TContext>>(new RoutedDbContextLease<TContext>(loan, connection));
        }
        catch (Exception failure)
        {
            return FailAsync(loan, connection, failure);
        }
    }

    private async ValueTask<RoutedDbContextLease<TContext>> AwaitAndLendAsync(ValueTask<ConnectionLease> opening, RoutedTransaction? unitOfWork, ReadRoute? read)
    {
        var connection = await opening.ConfigureAwait(false);
        return await LendAsync(new ValueTask<ConnectionLease>(connection), unitOfWork, read).ConfigureAwait(false);
    }

    private static async ValueTask<RoutedDbContextLease<TContext>> FailAsync(ContextLoan<TContext> loan, ConnectionLease connection, Exception failure)
    {
        await GiveBackAsync(loan, connection).ConfigureAwait(false);
        ExceptionDispatchInfo.Throw(failure);
        return default;
    }

    private RoutedDbContextScope<TContext> Lend(CommandScope command)
    {
        ContextLoan<TContext> loan = default;
        try
        {
            Prepare(ref loan, command.Connection, command.Transaction, read: null);
            return new RoutedDbContextScope<TContext>(loan, command);
        }
        catch
        {
            GiveBack(loan, command);
            throw;
        }
    }

    private async ValueTask<RoutedDbContextScope<TContext>> LendAsync(ValueTask<CommandScope> beginning)
    {
        var command = await beginning.ConfigureAwait(false);
        ContextLoan<TContext> loan = default;
        try
        {
            Prepare(ref loan, command.Connection, command.Transaction, read: null);
            return new RoutedDbContextScope<TContext>(loan, command);
        }
        catch
        {
            await GiveBackAsync(loan, command).ConfigureAwait(false);
            throw;
        }
    }

    // Where the hook throws, the caller has the context to give back.
    private void Prepare(ref ContextLoan<TContext> loan, DbConnection connection, DbTransaction? transaction, ReadRoute? read)
    {
        var context = _contexts.CreateDbContext();
        loan = LeasedContexts.Begin(context);
        LeasedContexts.Lend(context, connection, transaction, read);
        _onLease?.Invoke(context);
    }

    private static void GiveBack(ContextLoan<TContext> loan, IDisposable lease)
    {
        try
        {
            loan.Return();
        }
        finally
        {
            lease.Dispose();
        }
    }

    private static async ValueTask GiveBackAsync(ContextLoan<TContext> loan, IAsyncDisposable lease)
    {
        try
        {
            await loan.ReturnAsync().ConfigureAwait(false);
        }
        finally
        {
            await lease.DisposeAsync().ConfigureAwait(false);
        }
    }
}
