using System.Data;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using Npgsql;

namespace CompileTimeRouting;

// What generated shims use to try again.
public sealed partial class RoutedDataSource
{
    // One, and one more for a replica that the change of the schema reaches meanwhile.
    private const int MaxStalePlans = 2;

    /// <summary>Opens a connection for a read's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the attempt is done.</returns>
    /// <exception cref="RoutedCallException">Every node that may serve the read has failed.</exception>
    public ValueTask<ConnectionLease> OpenReadAsync(ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        if (attempts is null)
            return OpenReadAsync(route, cancellationToken);
        ArgumentNullException.ThrowIfNull(route);
        attempts.ThrowIfOver(route.Name);
        route = route.Under(_plan.DefaultReadConsistency);
        return MustReadFromPrimary(route) ? OpenSessionsReadAsync(route, attempts, StartActivity(route, attempts), cancellationToken)
            : route.Consistency != ReadConsistency.Eventual ? OpenConsistentReadAsync(route, attempts, cancellationToken)
            : OpenObservedReadAsync(StartActivity(route, attempts), route, attempts, cancellationToken);
    }

    /// <inheritdoc cref="OpenReadAsync(ReadRoute, CallAttempts, CancellationToken)"/>
    public ConnectionLease OpenRead(ReadRoute route, CallAttempts? attempts)
    {
        if (attempts is null)
            return OpenRead(route);
        ArgumentNullException.ThrowIfNull(route);
        attempts.ThrowIfOver(route.Name);
        route = route.Under(_plan.DefaultReadConsistency);
        return MustReadFromPrimary(route) ? OpenSessionsRead(route, attempts)
            : route.Consistency != ReadConsistency.Eventual ? OpenConsistentRead(route, attempts)
            : OpenObservedRead(route, attempts);
    }

    /// <summary>Opens a connection for a write's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the attempt is done.</returns>
    /// <inheritdoc cref="OpenWriteAsync(CancellationToken)" path="/exception"/>
    public ValueTask<ConnectionLease> OpenWriteAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        attempts?.ThrowIfOver(route.Name);
        return Ambient is { } unitOfWork
            ? new ValueTask<ConnectionLease>(Join(unitOfWork, TelemetryTags.Write))
            : Session is { } session ? OpenWriteInSessionAsync(session, route, attempts, cancellationToken)
            : OpenPrimaryAsync(route, attempts, StartActivity(route, attempts), cancellationToken);
    }

    /// <inheritdoc cref="OpenWriteAsync(WriteRoute, CallAttempts, CancellationToken)"/>
    public ConnectionLease OpenWrite(WriteRoute route, CallAttempts? attempts)
    {
        ArgumentNullException.ThrowIfNull(route);
        attempts?.ThrowIfOver(route.Name);
        return Ambient is { } unitOfWork ? Join(unitOfWork, TelemetryTags.Write)
            : Session is { } session ? OpenWriteInSession(session, route, attempts)
            : OpenPrimary(route, attempts, StartActivity(route, attempts));
    }

    /// <summary>
    /// Begins the transaction of a <c>[WriteCommand(Transaction = true)]</c> call, or joins the open unit of work. Made for
    /// generated shims; the flow rules are those of <see cref="BeginTransactionAsync(IsolationLevel, CancellationToken)"/>.
    /// </summary>
    /// <param name="route">What the command asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The scope; commit it, then dispose it.</returns>
    /// <exception cref="InvalidOperationException">The open unit of work has a weaker isolation level than the route asks for.</exception>
    /// <inheritdoc cref="OpenWriteAsync(CancellationToken)" path="/exception"/>
    public ValueTask<CommandScope> BeginCommandAsync(WriteRoute route, CancellationToken cancellationToken = default) =>
        BeginCommandAsync(route, null, cancellationToken);

    /// <inheritdoc cref="BeginCommandAsync(WriteRoute, CancellationToken)"/>
    public CommandScope BeginCommand(WriteRoute route) => BeginCommand(route, null);

    /// <summary>Begins a command's next attempt. Made for generated shims.</summary>
    /// <param name="route">What the command asks for.</param>
    /// <param name="attempts">The attempts that failed; null for the first one.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <inheritdoc cref="BeginCommandAsync(WriteRoute, CancellationToken)" path="/*[not(self::param)]"/>
    public ValueTask<CommandScope> BeginCommandAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (Ambient is { } open)
            return new ValueTask<CommandScope>(Join(open, route));
        attempts?.ThrowIfOver(route.Name);
        var unitOfWork = EnterAmbient(route.IsolationLevel, route, attempts);
        return OpenScopeAsync(unitOfWork, unitOfWork.StartAsync(route, attempts, cancellationToken), route);
    }

    /// <inheritdoc cref="BeginCommandAsync(WriteRoute, CallAttempts, CancellationToken)"/>
    public CommandScope BeginCommand(WriteRoute route, CallAttempts? attempts)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (Ambient is { } open)
            return Join(open, route);
        attempts?.ThrowIfOver(route.Name);
        var unitOfWork = EnterAmbient(route.IsolationLevel, route, attempts);
        unitOfWork.Start(route, attempts);
        return new CommandScope(unitOfWork, route, joined: false);
    }

    /// <summary>
    /// Notes that an attempt of a read failed, and says whether to make another one. Made for generated shims, as an
    /// exception filter: where the answer is no, the exception goes on unchanged. Where it is yes, opening the next attempt's
    /// connection tells whether there is one: a failure that follows others is theirs, too, and its exception lists them all.
    /// </summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="lease">The lease of the attempt.</param>
    /// <param name="exception">What it failed with.</param>
    /// <param name="attempts">The attempts so far; made here at the first failure.</param>
    /// <param name="cancellationToken">The call's own token: once it is cancelled, nothing is tried again.</param>
    /// <returns>Whether to open the next attempt's connection; false for an error of the caller's own.</returns>
    public bool ShouldRetry(
        ReadRoute route, in ConnectionLease lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default)
    {
        var kind = FailureClassifier.Classify(exception);
        NoteNode(lease.Pool, lease.Connection, exception, kind, isFailure: kind == FailureKind.Node);

        // ReadOnly: a read that writes is refused by every node alike. In an open transaction, whoever began it, there is no other
        // connection to go to, and what failed has ended it.
        if (kind is FailureKind.Caller or FailureKind.ReadOnly || !route.Retry || lease.Pool is not { IsEnlisting: false } || _disposed || cancellationToken.IsCancellationRequested)
            return false;

        var isOver = kind == FailureKind.StalePlan && HasHadStalePlans(attempts);
        (attempts ??= new CallAttempts()).Add(lease.NodeName, exception, lease.UsedFor);
        if (isOver || attempts.IsExhausted)
        {
            attempts.GiveUp();
            return true;
        }

        if (kind == FailureKind.StalePlan)
        {
            foreach (var node in Nodes)
                node.ReadPool.RenewSessions();
        }

        lease.ReadingSession?.AttemptFailed(lease.Connection);
        Retried(TelemetryTags.Read, lease.NodeName, lease.Connection, exception);
        return true;
    }

    /// <summary>The same for a write, which is only tried again where it is certain that nothing was written.</summary>
    /// <inheritdoc cref="ShouldRetry(ReadRoute, in ConnectionLease, Exception, ref CallAttempts, CancellationToken)"/>
    public bool ShouldRetry(
        WriteRoute route, in ConnectionLease lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        !_disposed && !lease.IsShared && ShouldRetryWrite(route, route.IsOneTransaction, lease.Pool, lease.Connection, lease.UsedFor, exception, ref attempts, cancellationToken);

    /// <summary>The same for a command in a transaction of its own.</summary>
    /// <inheritdoc cref="ShouldRetry(ReadRoute, in ConnectionLease, Exception, ref CallAttempts, CancellationToken)"/>
    public bool ShouldRetry(
        WriteRoute route, in CommandScope scope, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken = default) =>
        !_disposed && !scope.IsJoined && ShouldRetryWrite(route, isOneTransaction: true, scope.Pool, scope.LeasedConnection, scope.UsedFor, exception, ref attempts, cancellationToken);

    private bool ShouldRetryWrite(
        WriteRoute route, bool isOneTransaction, NodePool? pool, NpgsqlConnection connection, TimeSpan? usedFor, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken)
    {
        var kind = FailureClassifier.Classify(exception);
        NoteNode(pool, connection, exception, kind, isFailure: kind is FailureKind.Node or FailureKind.ReadOnly);
        var retry = kind switch
        {
            // A server that takes no writes has done none of this transaction: once more, on the one that does now. What came before,
            // in another transaction, the server may have taken while it was the primary.
            FailureKind.ReadOnly => isOneTransaction && attempts?.Failed.Any(static a => a.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction) != true,
            FailureKind.Conflict when FailureClassifier.SqlStateOf(exception) is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => (attempts?.Failed.Count(static a => a.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected) ?? 0)
                < route.SerializationRetries,
            FailureKind.StalePlan => isOneTransaction && !HasHadStalePlans(attempts),
            _ => false,
        };
        if (kind == FailureKind.Caller || pool is { IsEnlisting: true } || cancellationToken.IsCancellationRequested || (!retry && attempts is null))
            return false;
        var node = pool?.NodeName ?? "primary";
        (attempts ??= new CallAttempts()).Add(node, exception, usedFor);
        if (!retry)
        {
            // An answer to a transaction's statement says that it was rolled back; a session that ended says nothing.
            attempts.GiveUp(mayHaveWritten: !isOneTransaction || kind is not (FailureKind.ReadOnly or FailureKind.Conflict or FailureKind.StalePlan));
            return true;
        }

        // Where a balancer stands in between, a new connection may lead to the primary; and new sessions have no old plans.
        if (kind is FailureKind.ReadOnly or FailureKind.StalePlan)
            pool?.RenewSessions();
        Retried(TelemetryTags.Write, node, connection, exception);
        return true;
    }

    // Every session has a stale plan of its own, on the other nodes too. Where new sessions have one, more won't help.
    private static bool HasHadStalePlans(CallAttempts? attempts) =>
        attempts?.Failed.Count(static a => a.SqlState == PostgresErrorCodes.FeatureNotSupported) >= MaxStalePlans;

    private static void NoteNode(NodePool? pool, NpgsqlConnection connection, Exception exception, FailureKind kind, bool isFailure)
    {
        if (isFailure)
            pool?.Failed?.Invoke();
        else if (kind == FailureKind.Session && FailureClassifier.SqlStateOf(exception) == FailureClassifier.IdleSessionTimeout)
            EndedSessions.Add(connection);
    }

    private void Retried(string intent, string node, NpgsqlConnection connection, Exception exception)
    {
        var errorType = FailureClassifier.ErrorTypeOf(exception);
        _metrics.Retried(intent, node, errorType);
        RoutingActivities.Failed(connection, errorType);
    }
}
