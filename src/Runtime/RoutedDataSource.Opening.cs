using System.Diagnostics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting;

// How connections are opened. Opening says nothing to a server yet, so that it may always be tried on another node.
public sealed partial class RoutedDataSource
{
    private const int MaxWriteOpenings = 4;

    // No news come of a node that doesn't answer.
    private static readonly TimeSpan PrimaryStep = TimeSpan.FromMilliseconds(50);

    /// <summary>Opens a connection for a read that must see what <see cref="RoutingOptions.DefaultReadConsistency"/> says: by default any replica may answer.</summary>
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
        route = route.Under(_plan.DefaultReadConsistency);
        if (MustReadFromPrimary(route))
            return OpenSessionsReadAsync(route, null, StartActivity(route, null), cancellationToken);
        if (route.Consistency != ReadConsistency.Eventual)
            return OpenConsistentReadAsync(route, null, cancellationToken);
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
        route = route.Under(_plan.DefaultReadConsistency);
        if (MustReadFromPrimary(route))
            return OpenSessionsRead(route, null);
        if (route.Consistency != ReadConsistency.Eventual)
            return OpenConsistentRead(route, null);
        return _metrics.ObservesCalls ? OpenObservedRead(route, null) : OpenRead(_state.Table.ForRead(route, out _), route, null, null);
    }

    /// <summary>Opens a connection to the primary.</summary>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <returns>The lease; dispose it when the write is done.</returns>
    /// <exception cref="PrimaryUnavailableException">There is no primary.</exception>
    /// <exception cref="RoutedCallException">No connection to it could be had.</exception>
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
            {
                Thread.Sleep(Backoff.Of(attempts.Failed.Count));
                WaitForPrimary(attempts);
            }

            var pool = _state.Table.ForWrite(route.Name, attempts);
            Decided(activity, TelemetryTags.Write, pool, attempts is null ? RouteReason.Write : RouteReason.Retry);
            try
            {
                return Open(pool, route.LeavesSessionClean, attempts);
            }
            catch (Exception e) when (NoteFailedOpening(pool, TelemetryTags.Write, e, activity, ref attempts, CancellationToken.None))
            {
                // The next round asks who the primary is now.
            }

            RequireAnotherOpening(route, attempts!, opened);
        }
    }

    private async ValueTask<ConnectionLease> AwaitReadAsync(
        ValueTask<ConnectionLease> opening, NodePool? pool, ReadRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (pool is not null)
                    return await opening.ConfigureAwait(false);
            }
            catch (Exception e) when (NoteFailedOpening(pool!, TelemetryTags.Read, e, activity, ref attempts, cancellationToken, begun))
            {
                // On to another node.
            }

            pool = NextRead(route, attempts!, activity);
            if (attempts!.HasTried(pool.NodeName))
                await Task.Delay(Backoff.Of(attempts.Failed.Count), cancellationToken).ConfigureAwait(false);
            begun = Stopwatch.GetTimestamp();
            opening = OpenAsync(pool, route.LeavesSessionClean, attempts, cancellationToken);
        }
    }

    private ConnectionLease OpenRead(NodePool pool, ReadRoute route, CallAttempts? attempts, Activity? activity)
    {
        while (true)
        {
            try
            {
                // The usual case by the shortest way: the rest of it would be a twentieth of what the opening takes.
                if (attempts is null && !route.LeavesSessionClean && pool.OpenIdle() is { } idle)
                    return new ConnectionLease(idle, pool, LeaseEnd.Close);
                return Open(pool, route.LeavesSessionClean, attempts);
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
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (pool is not null)
                    return await opening.ConfigureAwait(false);
            }
            catch (Exception e) when (NoteFailedOpening(pool!, TelemetryTags.Write, e, activity, ref attempts, cancellationToken, begun))
            {
                // The next round asks who the primary is now.
            }

            RequireAnotherOpening(route, attempts!, opened);
            await Task.Delay(Backoff.Of(attempts!.Failed.Count), cancellationToken).ConfigureAwait(false);
            await WaitForPrimaryAsync(attempts, cancellationToken).ConfigureAwait(false);
            pool = _state.Table.ForWrite(route.Name, attempts);
            Decided(activity, TelemetryTags.Write, pool, RouteReason.Retry);
            begun = Stopwatch.GetTimestamp();
            opening = OpenAsync(pool, route.LeavesSessionClean, attempts, cancellationToken);
        }
    }

    // A server that took no writes was the primary a moment ago. What a probe says of it, and the others of themselves, is waited
    // for as long as a probe may take: sooner another attempt would only come to the same server.
    private async ValueTask WaitForPrimaryAsync(CallAttempts attempts, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (IsPrimaryAwaited(attempts, begun, out var news))
        {
            await news.WaitAsync(PrimaryStep, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void WaitForPrimary(CallAttempts attempts)
    {
        var begun = Stopwatch.GetTimestamp();
        while (IsPrimaryAwaited(attempts, begun, out var news))
            news.Wait(PrimaryStep);
    }

    private bool IsPrimaryAwaited(CallAttempts attempts, long begun, out Task news)
    {
        // Before the look at what is known: news that come between the two must end the wait.
        news = _coverage.News;
        if (attempts.RefusedBy is not { } node || _state.IsPrimaryKnown(node) || _disposed || Stopwatch.GetElapsedTime(begun) > _plan.Probes.Timeout)
            return false;
        _state.WantProbes();
        return true;
    }

    // All waits of a call together are no longer than one may be. The first attempt's is that of the pool itself.
    private static ValueTask<ConnectionLease> OpenAsync(NodePool pool, bool leavesSessionClean, CallAttempts attempts, CancellationToken cancellationToken)
    {
        attempts.Begin();
        return pool.OpenWithinAsync(attempts.LeftOf(pool.WaitLimit), leavesSessionClean, cancellationToken);
    }

    private static ConnectionLease Open(NodePool pool, bool leavesSessionClean, CallAttempts? attempts)
    {
        if (attempts is null)
            return pool.Open(leavesSessionClean);
        attempts.Begin();
        return pool.OpenWithin(attempts.LeftOf(pool.WaitLimit), leavesSessionClean);
    }

    /// <exception cref="RoutedCallException">A write has no other node: a wait in vain is the end, and so are some failures.</exception>
    private static void RequireAnotherOpening(WriteRoute route, CallAttempts attempts, int opened)
    {
        if (attempts.HasWaitedInVain || attempts.Failed.Count - opened >= MaxWriteOpenings)
            throw attempts.Failure(route.Name);
    }

    /// <exception cref="RoutedCallException">There is none left.</exception>
    /// <exception cref="PrimaryUnavailableException">Only the primary is left, and there is none.</exception>
    private NodePool NextRead(ReadRoute route, CallAttempts attempts, Activity? activity)
    {
        var pool = (attempts.IsExhausted ? null : _state.Table.ForNextRead(route, attempts)) ?? throw attempts.Failure(route.Name);
        Decided(activity, TelemetryTags.Read, pool, RouteReason.Retry);
        return pool;
    }

    private void Decided(Activity? activity, string intent, NodePool pool, RouteReason reason)
    {
        _metrics.Decided(intent, pool.NodeName, reason);
        RoutingActivities.Decided(activity, pool.NodeName, reason);
    }

    private bool NoteFailedOpening(
        NodePool pool, string intent, Exception exception, Activity? activity, ref CallAttempts? attempts, CancellationToken cancellationToken, long begun = 0)
    {
        var kind = FailureClassifier.ClassifyOpening(exception);
        if (kind == FailureKind.Node)
            pool.Failed?.Invoke();
        else if (FailureClassifier.IsFull(exception))
            pool.ServerIsFull();
        if (kind == FailureKind.Caller || cancellationToken.IsCancellationRequested || _disposed)
            return false;
        (attempts ??= new CallAttempts()).AddOpening(pool.NodeName, exception, begun == 0 ? null : Stopwatch.GetElapsedTime(begun), pool.WaitLimit);
        var errorType = FailureClassifier.ErrorTypeOf(exception);
        if (intent == TelemetryTags.Read || !attempts.HasWaitedInVain)
            _metrics.Retried(intent, pool.NodeName, errorType);
        RoutingActivities.FailedOpening(activity, pool.NodeName, errorType);
        return true;
    }

    // What is asked before a connection is used, which server it leads to, wasn't answered.
    private bool NoteFailedQuestion(in ConnectionLease lease, Exception exception, ref CallAttempts? attempts, CancellationToken cancellationToken)
    {
        if (!NoteFailedOpening(lease.Pool!, TelemetryTags.Read, exception, null, ref attempts, cancellationToken))
            return false;
        RoutingActivities.Failed(lease.Connection, FailureClassifier.ErrorTypeOf(exception));
        return true;
    }
}
