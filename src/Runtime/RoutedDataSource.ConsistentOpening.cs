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
            return AwaitConsistentReadAsync(OpenObservedReadAsync(StartActivity(route, attempts), route, attempts, cancellationToken), route, cancellationToken);
        var pool = PoolForRead(route, out _);
        var opening = pool.OpenAsync(route.LeavesSessionClean, cancellationToken);
        if (!opening.IsCompletedSuccessfully)
            return AwaitConsistentReadAsync(AwaitReadAsync(opening, pool, route, null, null, cancellationToken), route, cancellationToken);
        var lease = opening.Result;
        return MayServe(lease, route, ConnectedServer.RunOf(lease.Connection))
            ? new ValueTask<ConnectionLease>(lease)
            : AwaitConsistentReadAsync(new ValueTask<ConnectionLease>(lease), route, cancellationToken);
    }

    private ConnectionLease OpenConsistentRead(ReadRoute route, CallAttempts? attempts)
    {
        if (route.Consistency >= ReadConsistency.ReadYourWrites && Session is { } session)
            return OpenReadInSession(session, route, attempts);
        var lease = attempts is not null || _metrics.ObservesCalls ? OpenObservedRead(route, attempts) : OpenRead(PoolForRead(route, out _), route, null, null);
        var isTaken = false;
        try
        {
            var run = ConnectedServer.RunOf(lease.Connection) ?? (IsRunWanted(lease, route) ? ConnectedServer.Ask(lease.Connection) : null);
            isTaken = MayServe(lease, route, run);
        }
        finally
        {
            if (!isTaken)
                lease.Dispose();
        }

        return isTaken ? lease : OpenPrimaryRead(route.With(ReadConsistency.Strong), null, null);
    }

    private async ValueTask<ConnectionLease> AwaitConsistentReadAsync(ValueTask<ConnectionLease> opening, ReadRoute route, CancellationToken cancellationToken)
    {
        var lease = await opening.ConfigureAwait(false);
        var isTaken = false;
        try
        {
            var run = ConnectedServer.RunOf(lease.Connection)
                ?? (IsRunWanted(lease, route) ? await ConnectedServer.AskAsync(lease.Connection, cancellationToken).ConfigureAwait(false) : null);
            isTaken = MayServe(lease, route, run);
        }
        finally
        {
            if (!isTaken)
                await lease.DisposeAsync().ConfigureAwait(false);
        }

        return isTaken ? lease : await OpenPrimaryReadAsync(route.With(ReadConsistency.Strong), null, null, cancellationToken).ConfigureAwait(false);
    }

    // A physical connection's first bounded read on a replica asks which run of the server it leads to.
    private static bool IsRunWanted(ConnectionLease lease, ReadRoute route) =>
        route.Consistency == ReadConsistency.BoundedStaleness && MayBeStandby(lease.Connection);

    private bool MayServe(ConnectionLease lease, ReadRoute route, string? run)
    {
        if (!MayBeStandby(lease.Connection))
            return true;
        return route.Consistency == ReadConsistency.BoundedStaleness && run is not null
            && lease.Pool is { } pool && pool.Covers(_state.Table.StalestOf(route), out var server) && server == run;
    }
}
