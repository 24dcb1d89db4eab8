namespace CompileTimeRouting;

// What generated shims use to try again.
public sealed partial class RoutedDataSource
{
    /// <summary>Opens a connection for a read's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the attempt is done.</returns>
    /// <exception cref="RoutedCallException">Every node that may serve the read has failed.</exception>
    public ValueTask<ConnectionLease> OpenReadAsync(ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        if (attempts is { IsExhausted: true })
            throw new RoutedCallException(route.Name, attempts.Failed, attempts.LastException);
        return OpenReadAsync(route, cancellationToken);
    }

    /// <inheritdoc cref="OpenReadAsync(ReadRoute, CallAttempts, CancellationToken)"/>
    public ConnectionLease OpenRead(ReadRoute route, CallAttempts? attempts)
    {
        if (attempts is { IsExhausted: true })
            throw new RoutedCallException(route.Name, attempts.Failed, attempts.LastException);
        return OpenRead(route);
    }

    /// <summary>Opens a connection for a write's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the attempt is done.</returns>
    public ValueTask<ConnectionLease> OpenWriteAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken) =>
        OpenWriteAsync(route, cancellationToken);

    /// <inheritdoc cref="OpenWriteAsync(WriteRoute, CallAttempts, CancellationToken)"/>
    public ConnectionLease OpenWrite(WriteRoute route, CallAttempts? attempts) => OpenWrite(route);

    /// <summary>Begins a command's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the command asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The scope; commit it, then dispose it.</returns>
    public ValueTask<CommandScope> BeginCommandAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken) =>
        BeginCommandAsync(route, cancellationToken);

    /// <inheritdoc cref="BeginCommandAsync(WriteRoute, CallAttempts, CancellationToken)"/>
    public CommandScope BeginCommand(WriteRoute route, CallAttempts? attempts) => BeginCommand(route);

    /// <summary>
    /// Notes that an attempt of a read failed, and says whether to make another one. Made for generated shims, as an
    /// exception filter: where the answer is no, the exception goes on unchanged.
    /// </summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="lease">The lease of the attempt.</param>
    /// <param name="exception">What it failed with.</param>
    /// <param name="attempts">The attempts so far; made here at the first failure.</param>
    /// <param name="cancellationToken">The call's own token: once it is cancelled, nothing is tried again.</param>
    /// <returns>Whether to open the next attempt's connection.</returns>
    public bool ShouldRetry(
        ReadRoute route, in ConnectionLease lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default)
    {
        var kind = FailureClassifier.Classify(exception);
        if (kind == FailureKind.Caller || !route.Retry || lease.IsShared || _disposed || cancellationToken.IsCancellationRequested)
            return false;
        (attempts ??= new CallAttempts()).Add(lease.NodeName, exception);
        return true;
    }

    /// <summary>The same for a write, which is only tried again where it is certain that nothing was written.</summary>
    /// <inheritdoc cref="ShouldRetry(ReadRoute, in ConnectionLease, Exception, ref CallAttempts, CancellationToken)"/>
    public bool ShouldRetry(
        WriteRoute route, in ConnectionLease lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        !_disposed && !lease.IsShared && ShouldRetryWrite(route, lease.NodeName, exception, ref attempts, cancellationToken);

    /// <summary>The same for a command in a transaction of its own.</summary>
    /// <inheritdoc cref="ShouldRetry(ReadRoute, in ConnectionLease, Exception, ref CallAttempts, CancellationToken)"/>
    public bool ShouldRetry(
        WriteRoute route, in CommandScope scope, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        !_disposed && !scope.IsJoined && ShouldRetryWrite(route, scope.NodeName, exception, ref attempts, cancellationToken);

    private static bool ShouldRetryWrite(
        WriteRoute route, string nodeName, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken)
    {
        var retry = FailureClassifier.Classify(exception) switch
        {
            // A server that takes no writes has done none: once more, on the one that does now.
            FailureKind.ReadOnly => attempts is null || !attempts.Failed.Any(static a => a.SqlState == Npgsql.PostgresErrorCodes.ReadOnlySqlTransaction),
            FailureKind.Conflict => (attempts?.Failed.Count ?? 0) < route.SerializationRetries,
            _ => false,
        };
        if (!retry || cancellationToken.IsCancellationRequested)
            return false;
        (attempts ??= new CallAttempts()).Add(nodeName, exception);
        return true;
    }
}
