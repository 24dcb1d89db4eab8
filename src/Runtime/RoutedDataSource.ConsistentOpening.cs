using CompileTimeRouting.Cluster;

namespace CompileTimeRouting;

// How connections are opened for reads that ask for more than any replica has. The server at an address may be another one
// than was asked: a former primary that is a standby now, a replica that was cloned anew, whatever a balancer chose.
public sealed partial class RoutedDataSource
{
    private ValueTask<ConnectionLease> OpenConsistentReadAsync(ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        if (route.Consistency >= ReadConsistency.ReadYourWrites && Session is { } session)
            return OpenReadInSessionAsync(session, route, attempts, cancellationToken);
        if (attempts is not null || _metrics.ObservesCalls)
            return AwaitConsistentReadAsync(OpenObservedReadAsync(StartActivity(route, attempts), route, attempts, cancellationToken), route, attempts, cancellationToken);
        var pool = _state.Table.ForRead(route, out _);
        var opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        if (!opening.IsCompletedSuccessfully)
            return AwaitConsistentReadAsync(AwaitReadAsync(opening, pool, route, null, null, cancellationToken), route, null, cancellationToken);
        var lease = opening.Result;
        return !MayBeStandby(lease.Connection) || (IsBounded(route) && MayServe(lease, route, ConnectedServer.RunOf(lease.Connection)))
            ? new ValueTask<ConnectionLease>(lease)
            : AwaitConsistentReadAsync(new ValueTask<ConnectionLease>(lease), route, null, cancellationToken);
    }

    private ConnectionLease OpenConsistentRead(ReadRoute route, CallAttempts? attempts)
    {
        if (route.Consistency >= ReadConsistency.ReadYourWrites && Session is { } session)
            return OpenReadInSession(session, route, attempts);
        var lease = attempts is not null || _metrics.ObservesCalls ? OpenObservedRead(route, attempts) : OpenRead(_state.Table.ForRead(route, out _), route, null, null);
        while (MayBeStandby(lease.Connection))
        {
            bool? serves = null;
            try
            {
                serves = IsBounded(route) && MayServe(lease, route, ConnectedServer.RunOf(lease.Connection) ?? ConnectedServer.Ask(lease.Connection));
            }
            catch (Exception e) when (NoteFailedQuestion(lease, e, ref attempts, CancellationToken.None))
            {
                // On to another node.
            }
            finally
            {
                if (serves != true)
                    lease.Dispose();
            }

            if (serves == true)
                break;
            if (serves == false)
                return OpenPrimaryRead(route.With(ReadConsistency.Strong), attempts, null);
            lease = OpenObservedRead(route, attempts);
        }

        return lease;
    }

    private async ValueTask<ConnectionLease> AwaitConsistentReadAsync(
        ValueTask<ConnectionLease> opening, ReadRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        var lease = await opening.ConfigureAwait(false);
        while (MayBeStandby(lease.Connection))
        {
            bool? serves = null;
            try
            {
                serves = IsBounded(route) && MayServe(
                    lease, route, ConnectedServer.RunOf(lease.Connection) ?? await ConnectedServer.AskAsync(lease.Connection, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (NoteFailedQuestion(lease, e, ref attempts, cancellationToken))
            {
                // On to another node.
            }
            finally
            {
                if (serves != true)
                    await lease.DisposeAsync().ConfigureAwait(false);
            }

            if (serves == true)
                break;
            if (serves == false)
                return await OpenPrimaryReadAsync(route.With(ReadConsistency.Strong), attempts, null, cancellationToken).ConfigureAwait(false);
            lease = await OpenObservedReadAsync(StartActivity(route, attempts), route, attempts, cancellationToken).ConfigureAwait(false);
        }

        return lease;
    }

    private static bool IsBounded(ReadRoute route) => route.Consistency == ReadConsistency.BoundedStaleness;

    // What is known of a node's position is of one run of its server: a physical connection's first bounded read on a standby
    // asks which one it leads to.
    private bool MayServe(ConnectionLease lease, ReadRoute route, string? run) =>
        run is not null && lease.Pool is { } pool && pool.Covers(_state.Table.StalestOf(route), out var server) && server == run;
}
