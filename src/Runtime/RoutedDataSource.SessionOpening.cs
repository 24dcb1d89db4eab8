using System.Diagnostics;
using System.Transactions;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using Npgsql;

namespace CompileTimeRouting;

// How connections are opened for the calls of a session.
public sealed partial class RoutedDataSource
{
    // After so many waits in vain in a row, reads wait only where replicas are known to be less behind than the wait is long.
    private const int WaitsInVain = 4;

    private readonly CoverageProbes _coverage;
    private int _waitsInVain;

    private ValueTask<ConnectionLease> OpenReadInSessionAsync(ConsistencySession session, ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        if (route.Consistency != ReadConsistency.ReadYourWrites || attempts is not null || _metrics.ObservesCalls || MustReadFromPrimary(session)
            || _state.Table.InServiceFor(route, out var farther) is not { } replicas || session.TakeReplica(replicas, out _, farther) is not { } choice)
        {
            return AwaitReadInSessionAsync(session, route, null, default, attempts, cancellationToken);
        }

        var opening = OpenTaken(session, choice, route, cancellationToken);
        if (!opening.IsCompletedSuccessfully)
            return AwaitReadInSessionAsync(session, route, choice, opening, null, cancellationToken);
        var lease = opening.Result;
        if (ConnectedServer.RunOf(lease.Connection) is not { } server || !session.Confirm(choice.Pool, server))
            return AwaitReadInSessionAsync(session, route, choice, new ValueTask<ConnectionLease>(lease), null, cancellationToken);
        Outcomes.CountReplica(waited: false);
        return new ValueTask<ConnectionLease>(lease.In(session, SessionUse.ReplicaRead));
    }

    /// <param name="session">The session.</param>
    /// <param name="route">What the read asks for.</param>
    /// <param name="choice">The replica that was taken; null for none yet.</param>
    /// <param name="opening">Its connection.</param>
    /// <param name="attempts">The attempts that failed: then another replica answers that is known to have what is asked for, or the primary.</param>
    /// <param name="cancellationToken">Cancels the wait for a replica or connection.</param>
    private async ValueTask<ConnectionLease> AwaitReadInSessionAsync(
        ConsistencySession session, ReadRoute route, ReplicaChoice? choice, ValueTask<ConnectionLease> opening, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        var activity = StartActivity(route, attempts);
        try
        {
            var waited = false;
            if (choice is null && route.Consistency == ReadConsistency.ReadYourWrites)
            {
                if (attempts is null)
                    (choice, waited) = await WaitForReplicaAsync(session, route, cancellationToken).ConfigureAwait(false);
                else
                    choice = TakeUntried(session, route, attempts);
                if (choice is { } covering)
                    opening = OpenTaken(session, covering, route, cancellationToken);
            }

            while (choice is { } taken)
            {
                Decided(activity, TelemetryTags.Read, taken.Pool, ReplicaReason(attempts, waited));
                var isTaken = false;
                try
                {
                    var lease = await opening.ConfigureAwait(false);
                    isTaken = await ConfirmAsync(session, taken.Pool, lease, cancellationToken).ConfigureAwait(false);
                    if (isTaken)
                    {
                        Outcomes.CountReplica(waited);
                        return Traced(lease.In(session, SessionUse.ReplicaRead), activity);
                    }
                }
                catch (Exception e) when (NoteFailedOpening(taken.Pool, TelemetryTags.Read, e, activity, ref attempts, cancellationToken))
                {
                    // On to another one, or the primary.
                }
                finally
                {
                    if (!isTaken)
                        session.Abandoned(SessionUse.ReplicaRead);
                }

                choice = TakeUntried(session, route, attempts);
                if (choice is { } next)
                    opening = OpenTaken(session, next, route, cancellationToken);
            }

            return Traced(await AwaitPrimaryReadAsync(session, route, attempts, activity, cancellationToken).ConfigureAwait(false), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            throw;
        }
    }

    // A read that asks for less, in a session all of whose reads go to the primary: each of its attempts does.
    private async ValueTask<ConnectionLease> OpenSessionsReadAsync(ReadRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        try
        {
            return Traced(await OpenPrimaryReadAsync(route.With(ReadConsistency.Strong), attempts, activity, cancellationToken).ConfigureAwait(false), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            if (e is not PrimaryUnavailableException)
                throw;
        }

        // It went in this moment: where the read goes then, it goes now.
        return await OpenReadAsync(route, attempts, cancellationToken).ConfigureAwait(false);
    }

    private ConnectionLease OpenSessionsRead(ReadRoute route, CallAttempts? attempts)
    {
        var activity = StartActivity(route, attempts);
        try
        {
            return Traced(OpenPrimaryRead(route.With(ReadConsistency.Strong), attempts, activity), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            if (e is not PrimaryUnavailableException)
                throw;
        }

        return OpenRead(route, attempts);
    }

    private ConnectionLease OpenReadInSession(ConsistencySession session, ReadRoute route, CallAttempts? attempts)
    {
        var activity = StartActivity(route, attempts);
        try
        {
            var waited = false;
            ReplicaChoice? choice = null;
            if (route.Consistency == ReadConsistency.ReadYourWrites)
                choice = attempts is null ? WaitForReplica(session, route, ref waited) : TakeUntried(session, route, attempts);
            while (choice is { } taken)
            {
                Decided(activity, TelemetryTags.Read, taken.Pool, ReplicaReason(attempts, waited));
                var isTaken = false;
                try
                {
                    var lease = taken.Pool.Open(route.LeavesSessionClean);
                    isTaken = Confirm(session, taken.Pool, lease);
                    if (isTaken)
                    {
                        Outcomes.CountReplica(waited);
                        return Traced(lease.In(session, SessionUse.ReplicaRead), activity);
                    }
                }
                catch (Exception e) when (NoteFailedOpening(taken.Pool, TelemetryTags.Read, e, activity, ref attempts, CancellationToken.None))
                {
                    // On to another one, or the primary.
                }
                finally
                {
                    if (!isTaken)
                        session.Abandoned(SessionUse.ReplicaRead);
                }

                choice = TakeUntried(session, route, attempts);
            }

            return Traced(OpenPrimaryReadIn(session, route, attempts, activity), activity);
        }
        catch (Exception e)
        {
            RoutingActivities.End(activity, e);
            throw;
        }
    }

    private async ValueTask<ConnectionLease> AwaitPrimaryReadAsync(
        ConsistencySession session, ReadRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken)
    {
        session.PrimaryBegins(isWrite: false);
        try
        {
            var lease = await OpenPrimaryReadAsync(route, attempts, activity, cancellationToken, session).ConfigureAwait(false);
            NotePrimaryRead(route);
            return lease.In(session, SessionUse.PrimaryRead);
        }
        catch
        {
            session.Abandoned(SessionUse.PrimaryRead);
            throw;
        }
    }

    private ConnectionLease OpenPrimaryReadIn(ConsistencySession session, ReadRoute route, CallAttempts? attempts, Activity? activity)
    {
        session.PrimaryBegins(isWrite: false);
        try
        {
            var lease = OpenPrimaryRead(route, attempts, activity, session);
            NotePrimaryRead(route);
            return lease.In(session, SessionUse.PrimaryRead);
        }
        catch
        {
            session.Abandoned(SessionUse.PrimaryRead);
            throw;
        }
    }

    private void NotePrimaryRead(ReadRoute route)
    {
        if (route.Consistency == ReadConsistency.ReadYourWrites)
            Outcomes.CountPrimary();
    }

    private NodePool PrimaryReadPool(ReadRoute route, Activity? activity)
    {
        var pool = _state.Table.ForRead(route, out var reason);
        Decided(activity, TelemetryTags.Read, pool, PrimaryReason(route, reason));
        return pool;
    }

    private RouteReason PrimaryReason(ReadRoute route, RouteReason reason) =>
        _sessionsReadFromPrimary && Session is { ReadsFromPrimary: true } ? RouteReason.SessionPolicy
        : route.Consistency == ReadConsistency.ReadYourWrites ? RouteReason.SessionPrimary
        : reason;

    /// <param name="route">What the read asks for.</param>
    /// <param name="attempts">The attempts that failed; null for none.</param>
    /// <param name="activity">The read's span.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <param name="session">Whose uncertain writes are asked for on the way; null for nobody's.</param>
    private async ValueTask<ConnectionLease> OpenPrimaryReadAsync(
        ReadRoute route, CallAttempts? attempts, Activity? activity, CancellationToken cancellationToken, ConsistencySession? session = null)
    {
        while (true)
        {
            var pool = attempts is null ? PrimaryReadPool(route, activity) : null;
            var opening = pool is null ? default : pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
            var lease = await AwaitReadAsync(opening, pool, route, attempts, activity, cancellationToken).ConfigureAwait(false);
            var writes = session?.UncertainToAsk();
            var mayBeStandby = MayBeStandby(lease.Connection);
            if (writes is null && !mayBeStandby)
                return lease;
            var serves = false;
            try
            {
                if (!mayBeStandby || !await NodeProbe.IsStandbyAsync(lease.Connection, cancellationToken).ConfigureAwait(false))
                {
                    if (writes is not null)
                        await SettleAsync(session!, writes, lease.Connection, cancellationToken).ConfigureAwait(false);
                    serves = true;
                    return lease;
                }

                NoteStandby(ref lease, ref attempts);
            }
            catch (Exception e) when (NoteFailedOpening(lease.Pool!, TelemetryTags.Read, e, activity, ref attempts, cancellationToken))
            {
                // The next round asks who the primary is now.
            }
            finally
            {
                if (!serves)
                    await lease.DisposeAsync().ConfigureAwait(false);
            }

            await Task.Delay(Backoff.Of(attempts!.Failed.Count), cancellationToken).ConfigureAwait(false);
        }
    }

    private ConnectionLease OpenPrimaryRead(ReadRoute route, CallAttempts? attempts, Activity? activity, ConsistencySession? session = null)
    {
        while (true)
        {
            var lease = OpenRead(attempts is null ? PrimaryReadPool(route, activity) : NextRead(route, attempts, activity), route, attempts, activity);
            var writes = session?.UncertainToAsk();
            var mayBeStandby = MayBeStandby(lease.Connection);
            if (writes is null && !mayBeStandby)
                return lease;
            var serves = false;
            try
            {
                if (!mayBeStandby || !NodeProbe.IsStandby(lease.Connection))
                {
                    if (writes is not null)
                        Settle(session!, writes, lease.Connection);
                    serves = true;
                    return lease;
                }

                NoteStandby(ref lease, ref attempts);
            }
            catch (Exception e) when (NoteFailedOpening(lease.Pool!, TelemetryTags.Read, e, activity, ref attempts, CancellationToken.None))
            {
                // The next round asks who the primary is now.
            }
            finally
            {
                if (!serves)
                    lease.Dispose();
            }

            Thread.Sleep(Backoff.Of(attempts!.Failed.Count));
        }
    }

    // What was the primary a moment ago may be back as a standby, with less than this session has seen. The server tells by
    // itself, from version 14 on; a standby that was promoted, only with its next answer.
    private static bool MayBeStandby(NpgsqlConnection connection) =>
        connection.PostgresParameters.TryGetValue("in_hot_standby", out var value) && value == "on";

    private static void NoteStandby(ref ConnectionLease lease, [System.Diagnostics.CodeAnalysis.NotNull] ref CallAttempts? attempts)
    {
        lease.Pool?.Suspected?.Invoke();

        // Where a balancer stands in between, a new connection may lead elsewhere.
        lease.Pool?.Clear();
        lease.KeepFromNext();
        (attempts ??= new CallAttempts()).Add(lease.NodeName, new NodeLostException(lease.NodeName));
    }

    private static ValueTask<ConnectionLease> OpenTaken(ConsistencySession session, ReplicaChoice choice, ReadRoute route, CancellationToken cancellationToken)
    {
        try
        {
            return choice.Pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        }
        catch
        {
            session.Abandoned(SessionUse.ReplicaRead);
            throw;
        }
    }

    private static async ValueTask<bool> ConfirmAsync(ConsistencySession session, NodePool pool, ConnectionLease lease, CancellationToken cancellationToken)
    {
        var isConfirmed = false;
        try
        {
            var server = ConnectedServer.RunOf(lease.Connection) ?? await ConnectedServer.AskAsync(lease.Connection, cancellationToken).ConfigureAwait(false);
            return isConfirmed = session.Confirm(pool, server);
        }
        finally
        {
            if (!isConfirmed)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static bool Confirm(ConsistencySession session, NodePool pool, ConnectionLease lease)
    {
        var isConfirmed = false;
        try
        {
            return isConfirmed = session.Confirm(pool, ConnectedServer.RunOf(lease.Connection) ?? ConnectedServer.Ask(lease.Connection));
        }
        finally
        {
            if (!isConfirmed)
                lease.Dispose();
        }
    }

    /// <summary>Takes another replica that has all the session asks for, after attempts that failed; null where the primary is to answer.</summary>
    private ReplicaChoice? TakeUntried(ConsistencySession session, ReadRoute route, CallAttempts? attempts)
    {
        // Where so many have failed, the primary's word is worth more than another one's.
        if (attempts is null or { IsLast: true } or { IsExhausted: true } || MustReadFromPrimary(session))
            return null;
        return _state.Table.InServiceFor(route, out var farther) is { } replicas ? session.TakeReplica(replicas, out _, farther, attempts) : null;
    }

    private static RouteReason ReplicaReason(CallAttempts? attempts, bool waited) =>
        attempts is not null ? RouteReason.Retry : waited ? RouteReason.SessionWait : RouteReason.SessionReplica;

    /// <summary>Takes a replica that has all the session asks for, as soon as one is known to; null where the primary is to answer.</summary>
    private async ValueTask<(ReplicaChoice? Choice, bool Waited)> WaitForReplicaAsync(ConsistencySession session, ReadRoute route, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var waited = false; ; waited = true)
        {
            // Before the look at what is known: news that come between the two must end the wait.
            var news = _coverage.News;
            if (TryTake(session, route, begun, out var choice, out var left))
                return (choice, waited);
            await news.WaitAsync(left, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private ReplicaChoice? WaitForReplica(ConsistencySession session, ReadRoute route, ref bool waited)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var news = _coverage.News;
            if (TryTake(session, route, begun, out var choice, out var left))
                return choice;
            waited = true;
            news.Wait(left);
        }
    }

    /// <returns>False where a wait of the time that is left may help.</returns>
    private bool TryTake(ConsistencySession session, ReadRoute route, long begun, out ReplicaChoice? choice, out TimeSpan left)
    {
        (choice, left) = (null, default);
        if (MustReadFromPrimary(session))
            return true;
        if (_state.Table.InServiceFor(route, out var farther) is not { } replicas)
            return true;
        choice = session.TakeReplica(replicas, out var time, farther);
        if (choice is not null)
            Volatile.Write(ref _waitsInVain, 0);
        if (choice is not null || time == 0 || _state.Table.Primary.ReadPool is null)
            return true;
        var now = Stopwatch.GetTimestamp();
        var wait = (long)(_plan.ReadYourWritesWait.TotalSeconds * Stopwatch.Frequency);
        _coverage.Want(time, now + wait);
        if (Volatile.Read(ref _waitsInVain) >= WaitsInVain && now - Math.Max(replicas.CoveredAt, farther?.CoveredAt ?? 0) > wait)
            return true;
        left = Stopwatch.GetElapsedTime(now, begun + wait);
        if (left > TimeSpan.Zero)
            return false;
        Interlocked.Increment(ref _waitsInVain);
        return true;
    }

    private ValueTask<ConnectionLease> OpenWriteInSessionAsync(
        ConsistencySession session, WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        session.PrimaryBegins(isWrite: true);
        ValueTask<ConnectionLease> opening;
        bool takesPosition;
        try
        {
            takesPosition = !NoteTransactionScope(session) && session.WillExport;
            opening = OpenPrimaryAsync(route, attempts, StartActivity(route, attempts), cancellationToken);
        }
        catch
        {
            session.Abandoned(SessionUse.Write);
            throw;
        }

        return opening.IsCompletedSuccessfully
            ? new ValueTask<ConnectionLease>(opening.Result.ForWrite(session, takesPosition))
            : AwaitWriteInSessionAsync(session, opening, takesPosition);
    }

    private static async ValueTask<ConnectionLease> AwaitWriteInSessionAsync(ConsistencySession session, ValueTask<ConnectionLease> opening, bool takesPosition)
    {
        try
        {
            return (await opening.ConfigureAwait(false)).ForWrite(session, takesPosition);
        }
        catch
        {
            session.Abandoned(SessionUse.Write);
            throw;
        }
    }

    private ConnectionLease OpenWriteInSession(ConsistencySession session, WriteRoute route, CallAttempts? attempts)
    {
        session.PrimaryBegins(isWrite: true);
        try
        {
            var takesPosition = !NoteTransactionScope(session) && session.WillExport;
            return OpenPrimary(route, attempts, StartActivity(route, attempts)).ForWrite(session, takesPosition);
        }
        catch
        {
            session.Abandoned(SessionUse.Write);
            throw;
        }
    }

    // In a TransactionScope the commit comes when the lease is long given back. Whether it is in one only the caller's own thread
    // tells, before anything is waited for.
    private static bool NoteTransactionScope(ConsistencySession session)
    {
        if (Transaction.Current is not { } transaction)
            return false;
        NoteTransaction(session, transaction);
        return true;
    }

    // Apart, so that writes outside of one make no closure.
    private static void NoteTransaction(ConsistencySession session, Transaction transaction)
    {
        session.PrimaryBegins(isWrite: true);
        try
        {
            transaction.TransactionCompleted += (_, e) => session.Ended(
                SessionUse.Write,
                e.Transaction?.TransactionInformation.Status == TransactionStatus.InDoubt ? UncertainWrites.Of(UncertainWrites.UnknownBackend) : null);
        }
        catch
        {
            // It is disposed already.
            session.Abandoned(SessionUse.Write);
            throw;
        }
    }
}
