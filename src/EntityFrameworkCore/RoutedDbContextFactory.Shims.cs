using System.ComponentModel;

namespace CompileTimeRouting.EntityFrameworkCore;

// What generated shims call, under the names that RoutedDataSource has for it.
public sealed partial class RoutedDbContextFactory<TContext>
{
    /// <summary>Lends a context for a read. Made for generated shims; by hand use <see cref="CreateReadAsync(ReadRoute, CancellationToken)"/>.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<RoutedDbContextLease<TContext>> OpenReadAsync(ReadRoute route, CancellationToken cancellationToken = default) =>
        OpenReadAsync(route, null, cancellationToken);

    /// <summary>Lends a fresh context for a read's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the attempt is done.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<RoutedDbContextLease<TContext>> OpenReadAsync(ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        var unitOfWork = _source.CurrentTransaction;
        return LendAsync(_source.OpenReadAsync(route, attempts, cancellationToken), unitOfWork, route);
    }

    /// <inheritdoc cref="OpenReadAsync(ReadRoute, CallAttempts, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RoutedDbContextLease<TContext> OpenRead(ReadRoute route, CallAttempts? attempts = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        var unitOfWork = _source.CurrentTransaction;
        return Lend(_source.OpenRead(route, attempts), unitOfWork, route);
    }

    /// <summary>Lends a context on the primary. Made for generated shims; by hand use <see cref="CreateWriteAsync(WriteRoute, CancellationToken)"/>.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the write is done.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<RoutedDbContextLease<TContext>> OpenWriteAsync(WriteRoute route, CancellationToken cancellationToken = default) =>
        OpenWriteAsync(route, null, cancellationToken);

    /// <summary>Lends a fresh context for a write's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the attempt is done.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<RoutedDbContextLease<TContext>> OpenWriteAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        var unitOfWork = _source.CurrentTransaction;
        return LendAsync(_source.OpenWriteAsync(route, attempts, cancellationToken), unitOfWork, null);
    }

    /// <inheritdoc cref="OpenWriteAsync(WriteRoute, CallAttempts, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RoutedDbContextLease<TContext> OpenWrite(WriteRoute route, CallAttempts? attempts = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        var unitOfWork = _source.CurrentTransaction;
        return Lend(_source.OpenWrite(route, attempts), unitOfWork, null);
    }

    /// <summary>
    /// Begins the transaction of a <c>[WriteCommand(Transaction = true)]</c> call, or joins the open unit of work, and lends a
    /// context in it. Made for generated shims.
    /// </summary>
    /// <param name="route">What the command asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The scope; commit it, then dispose it.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<RoutedDbContextScope<TContext>> BeginCommandAsync(WriteRoute route, CancellationToken cancellationToken = default) =>
        BeginCommandAsync(route, null, cancellationToken);

    /// <summary>Begins a command's next attempt, with a fresh context. Made for generated shims.</summary>
    /// <param name="route">What the command asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The scope; commit it, then dispose it.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<RoutedDbContextScope<TContext>> BeginCommandAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        // Not async: the ambient value must be set in the caller's own execution context.
        ArgumentNullException.ThrowIfNull(route);
        return LendAsync(_source.BeginCommandAsync(route, attempts, cancellationToken));
    }

    /// <inheritdoc cref="BeginCommandAsync(WriteRoute, CallAttempts, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RoutedDbContextScope<TContext> BeginCommand(WriteRoute route, CallAttempts? attempts = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Lend(_source.BeginCommand(route, attempts));
    }

    /// <summary>
    /// Notes that an attempt of a read failed, and says whether to make another one. Made for generated shims, as an
    /// exception filter: where the answer is no, the exception goes on unchanged.
    /// </summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="lease">The lease of the attempt.</param>
    /// <param name="exception">What it failed with, as EF threw it.</param>
    /// <param name="attempts">The attempts so far; made here at the first failure.</param>
    /// <param name="cancellationToken">The call's own token: once it is cancelled, nothing is tried again.</param>
    /// <returns>Whether to open the next attempt's context.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool ShouldRetry(
        ReadRoute route, in RoutedDbContextLease<TContext> lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        _source.ShouldRetry(route, lease.Connection, ContextFailure.Cause(exception), ref attempts, cancellationToken);

    /// <summary>The same for a write, which is only tried again where it is certain that nothing was written.</summary>
    /// <inheritdoc cref="ShouldRetry(ReadRoute, in RoutedDbContextLease{TContext}, Exception, ref CallAttempts, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool ShouldRetry(
        WriteRoute route, in RoutedDbContextLease<TContext> lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        _source.ShouldRetry(route, lease.Connection, ContextFailure.Cause(exception), ref attempts, cancellationToken);

    /// <summary>The same for a command in a transaction of its own.</summary>
    /// <inheritdoc cref="ShouldRetry(ReadRoute, in RoutedDbContextLease{TContext}, Exception, ref CallAttempts, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool ShouldRetry(
        WriteRoute route, in RoutedDbContextScope<TContext> lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        _source.ShouldRetry(route, lease.Command, ContextFailure.Cause(exception), ref attempts, cancellationToken);
}
