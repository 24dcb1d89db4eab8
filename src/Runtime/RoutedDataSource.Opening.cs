using System.Diagnostics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting;

// How connections are opened. Opening says nothing to a server yet, so that it may always be tried on another node.
public sealed partial class RoutedDataSource
{
    private const int MaxWriteOpenings = 4;

    /// <summary>Opens a connection for a read that any replica may answer.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <exception cref="RoutedCallException">No connection could be had, on any node that may serve the read.</exception>
    /// <exception cref="PrimaryUnavailableException">Only the primary may serve it, and there is none.</exception>
    /// <exception cref="ReadOverloadException">No replica may serve it, and the primary serves as many reads as it is allowed to.</exception>
    public ValueTask<ConnectionLease> OpenReadAsync(CancellationToken cancellationToken = default) =>
        OpenReadAsync(ReadRoute.Default, cancellationToken);

    /// <summary>Opens a connection for a read.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the read is done.</returns>
    /// <exception cref="InvalidOperationException">The route names a replica group that isn't configured.</exception>
    /// <inheritdoc cref="OpenReadAsync(CancellationToken)" path="/exception"/>
    public ValueTask<ConnectionLease> OpenReadAsync(ReadRoute route, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (Ambient is { } unitOfWork)
            return new ValueTask<ConnectionLease>(Join(unitOfWork, TelemetryTags.Read));
        if (!_monitoring)
            StartMonitoring();
        if (route.Consistency >= ReadConsistency.ReadYourWrites && Session is { } session)
            return OpenReadInSessionAsync(session, route, cancellationToken);
        if (_metrics.ObservesCalls)
            return OpenObservedReadAsync(StartActivity(route, null), route, null, cancellationToken);
        var pool = _state.Table.ForRead(route, out _);
        var opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        return opening.IsCompletedSuccessfully ? opening : AwaitReadAsync(opening, pool, route, null, null, cancellationToken);
    }

    /// <inheritdoc cref="OpenReadAsync(CancellationToken)"/>
    public ConnectionLease OpenRead() => OpenRead(ReadRoute.Default);

    /// <summary>Opens a connection for a read, blocking.</summary>
    /// <inheritdoc cref="OpenReadAsync(ReadRoute, CancellationToken)"/>
    public ConnectionLease OpenRead(ReadRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (Ambient is { } unitOfWork)
            return Join(unitOfWork, TelemetryTags.Read);
        if (!_monitoring)
            StartMonitoring();
        if (route.Consistency >= ReadConsistency.ReadYourWrites && Session is { } session)
            return OpenReadInSession(session, route, null);
        return _metrics.ObservesCalls ? OpenObservedRead(route, null) : OpenRead(_state.Table.ForRead(route, out _), route, null, null);
    }

    /// <summary>Opens a connection to the primary.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the write is done.</returns>
    /// <exception cref="PrimaryUnavailableException">There is no primary.</exception>
    /// <exception cref="Npgsql.NpgsqlException">No connection to it could be had.</exception>
    public ValueTask<ConnectionLease> OpenWriteAsync(CancellationToken cancellationToken = default) =>
        OpenWriteAsync(WriteRoute.Default, cancellationToken);

    /// <summary>Opens a connection to the primary.</summary>
    /// <param name="route">What the write asks for.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <inheritdoc cref="OpenWriteAsync(CancellationToken)"/>
    public ValueTask<ConnectionLease> OpenWriteAsync(WriteRoute route, CancellationToken cancellationToken = default) =>
        OpenWriteAsync(route, null, cancellationToken);

    /// <inheritdoc cref="OpenWriteAsync(CancellationToken)"/>
    public ConnectionLease OpenWrite() => OpenWrite(WriteRoute.Default);

    /// <summary>Opens a connection to the primary, blocking.</summary>
    /// <inheritdoc cref="OpenWriteAsync(WriteRoute, CancellationToken)"/>
    public ConnectionLease OpenWrite(WriteRoute route) => OpenWrite(route, null);

    /// <param name="route">What the write asks for.</param>
    /// <param name="attempts">The attempts that failed; null for none.</param>
    /// <param name="activity">The span of the call: it ends with the lease, or where there comes none to be.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    internal ValueTask<ConnectionLease> OpenPrimaryAsync(WriteRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        if (!_monitoring)
            StartMonitoring();
        if (attempts is not null || _metrics.ObservesCalls)
            return OpenObservedPrimaryAsync(route, attempts, activity, cancellationToken);
        var pool = _state.Table.ForWrite(route.Name);
        var opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        return opening.IsCompletedSuccessfully ? opening : AwaitWriteAsync(opening, pool, route, null, null, cancellationToken);
    }

    /// <inheritdoc cref="OpenPrimaryAsync"/>
    internal ConnectionLease OpenPrimary(WriteRoute route, CallAttempts? attempts, Activity? activity)
    {
        if (!_monitoring)
            StartMonitoring();
        try
        {
            return Traced(OpenWrite(route, attempts, activity), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            throw;
        }
    }

    internal Activity? StartActivity(WriteRoute route, CallAttempts? attempts) =>
        RoutingActivities.Start(route.Name, TelemetryTags.Write, _metrics.Name, attempts);

    private Activity? StartActivity(ReadRoute route, CallAttempts? attempts) =>
        RoutingActivities.Start(route.Name, TelemetryTags.Read, _metrics.Name, attempts);

    private static ConnectionLease Traced(ConnectionLease lease, Activity? activity)
    {
        if (activity is not null)
            lease.Trace(activity);
        return lease;
    }

    private async ValueTask<ConnectionLease> OpenObservedReadAsync(
        Activity? activity, ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        try
        {
            NodePool? pool = null;
            ValueTask<ConnectionLease> opening = default;
            if (attempts is null)
            {
                pool = _state.Table.ForRead(route, out var reason);
                Decided(activity, TelemetryTags.Read, pool, reason);
                opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
            }

            return Traced(await AwaitReadAsync(opening, pool, route, attempts, activity, cancellationToken).ConfigureAwait(false), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            throw;
        }
    }

    private ConnectionLease OpenObservedRead(ReadRoute route, CallAttempts? attempts)
    {
        var activity = StartActivity(route, attempts);
        try
        {
            if (attempts is not null)
                return Traced(OpenRead(NextRead(route, attempts, activity), route, attempts, activity), activity);
            var pool = _state.Table.ForRead(route, out var reason);
            Decided(activity, TelemetryTags.Read, pool, reason);
            return Traced(OpenRead(pool, route, null, activity), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            throw;
        }
    }

    private async ValueTask<ConnectionLease> OpenObservedPrimaryAsync(
        WriteRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        try
        {
            NodePool? pool = null;
            ValueTask<ConnectionLease> opening = default;
            if (attempts is null)
            {
                pool = _state.Table.ForWrite(route.Name);
                Decided(activity, TelemetryTags.Write, pool, RouteReason.Write);
                opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
            }

            return Traced(await AwaitWriteAsync(opening, pool, route, attempts, activity, cancellationToken).ConfigureAwait(false), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            throw;
        }
    }

    private ConnectionLease OpenWrite(WriteRoute route, CallAttempts? attempts, Activity? activity)
    {
        var opened = attempts?.Failed.Count ?? 0;
        while (true)
        {
            if (attempts is not null)
                Thread.Sleep(Backoff.Of(attempts.Failed.Count));
            var pool = _state.Table.ForWrite(route.Name);
            Decided(activity, TelemetryTags.Write, pool, attempts is null ? RouteReason.Write : RouteReason.Retry);
            try
            {
                return pool.Open(route.LeavesSessionClean);
            }
            catch (Exception e) when (NoteFailedOpening(pool, TelemetryTags.Write, e, activity, ref attempts, CancellationToken.None) && attempts!.Failed.Count - opened < MaxWriteOpenings)
            {
                // The next round asks who the primary is now.
            }
        }
    }

    private async ValueTask<ConnectionLease> AwaitReadAsync(
        ValueTask<ConnectionLease> opening, NodePool? pool, ReadRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (pool is not null)
                    return await opening.ConfigureAwait(false);
            }
            catch (Exception e) when (NoteFailedOpening(pool!, TelemetryTags.Read, e, activity, ref attempts, cancellationToken))
            {
                // On to another node.
            }

            pool = NextRead(route, attempts!, activity);
            if (attempts!.HasTried(pool.NodeName))
                await Task.Delay(Backoff.Of(attempts.Failed.Count), cancellationToken).ConfigureAwait(false);
            opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        }
    }

    private ConnectionLease OpenRead(NodePool pool, ReadRoute route, CallAttempts? attempts, Activity? activity)
    {
        while (true)
        {
            try
            {
                return pool.Open(route.LeavesSessionClean);
            }
            catch (Exception e) when (NoteFailedOpening(pool, TelemetryTags.Read, e, activity, ref attempts, CancellationToken.None))
            {
                // On to another node.
            }

            pool = NextRead(route, attempts!, activity);
            if (attempts!.HasTried(pool.NodeName))
                Thread.Sleep(Backoff.Of(attempts.Failed.Count));
        }
    }

    private async ValueTask<ConnectionLease> AwaitWriteAsync(
        ValueTask<ConnectionLease> opening, NodePool? pool, WriteRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        var opened = attempts?.Failed.Count ?? 0;
        while (true)
        {
            try
            {
                if (pool is not null)
                    return await opening.ConfigureAwait(false);
            }
            catch (Exception e) when (NoteFailedOpening(pool!, TelemetryTags.Write, e, activity, ref attempts, cancellationToken) && attempts!.Failed.Count - opened < MaxWriteOpenings)
            {
                // The next round asks who the primary is now.
            }

            await Task.Delay(Backoff.Of(attempts!.Failed.Count), cancellationToken).ConfigureAwait(false);
            pool = _state.Table.ForWrite(route.Name);
            Decided(activity, TelemetryTags.Write, pool, RouteReason.Retry);
            opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        }
    }

    /// <exception cref="RoutedCallException">There is none left.</exception>
    private NodePool NextRead(ReadRoute route, CallAttempts attempts, Activity? activity)
    {
        var pool = (attempts.IsExhausted ? null : _state.Table.ForNextRead(route, attempts))
            ?? throw new RoutedCallException(route.Name, attempts.Failed, attempts.LastException);
        Decided(activity, TelemetryTags.Read, pool, RouteReason.Retry);
        return pool;
    }

    private void Decided(Activity? activity, string intent, NodePool pool, RouteReason reason)
    {
        _metrics.Decided(intent, pool.NodeName, reason);
        RoutingActivities.Decided(activity, pool.NodeName, reason);
    }

    private bool NoteFailedOpening(NodePool pool, string intent, Exception exception, Activity? activity, ref CallAttempts? attempts, CancellationToken cancellationToken)
    {
        var kind = FailureClassifier.ClassifyOpening(exception);
        if (kind == FailureKind.Node)
            pool.Failed?.Invoke();
        if (kind == FailureKind.Caller || cancellationToken.IsCancellationRequested || _disposed)
            return false;

        // The caller has waited for as long as the pool's time-out says, and a write has no other node.
        if (intent == TelemetryTags.Write && FailureClassifier.IsPoolExhausted(exception))
            return false;
        (attempts ??= new CallAttempts()).Add(pool.NodeName, exception);
        var errorType = FailureClassifier.ErrorTypeOf(exception);
        _metrics.Retried(intent, pool.NodeName, errorType);
        RoutingActivities.FailedOpening(activity, pool.NodeName, errorType);
        return true;
    }
}
