using Npgsql;

namespace CompileTimeRouting;

// How a session that is pinned to the primary, because of a commit whose outcome isn't known, comes off it.
public sealed partial class RoutedDataSource
{
    /// <summary>Asks the primary whether the session's uncertain writes are over.</summary>
    private static async ValueTask SettleAsync(ConsistencySession session, ConnectionLease lease, CancellationToken cancellationToken)
    {
        if (session.UncertainToAsk() is not { } writes)
            return;
        try
        {
            if (await writes.AskSettledAsync(lease.Connection, cancellationToken).ConfigureAwait(false) is { } settled)
                session.Settle(settled);
        }
        catch (NpgsqlException)
        {
            // The session stays pinned; what is wrong with the connection the read finds out.
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Settle(ConsistencySession session, ConnectionLease lease)
    {
        if (session.UncertainToAsk() is not { } writes)
            return;
        try
        {
            if (writes.AskSettled(lease.Connection) is { } settled)
                session.Settle(settled);
        }
        catch (NpgsqlException)
        {
            // As above.
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A position that the primary reached after all that a session wrote and saw; uncertain where one of its writes may yet come
    /// into effect, or is another server's.
    /// </summary>
    internal async ValueTask<ConsistencyToken> PositionOfUncertainAsync(ConsistencySession session, CancellationToken cancellationToken)
    {
        var lease = await OpenPrimaryReadAsync(ReadRoute.Position, null, null, cancellationToken).ConfigureAwait(false);
        await SettleAsync(session, lease, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            // Before the position: what is settled after it may have come into effect behind it.
            var needs = session.Needs();
            var run = await RunAsync(lease, cancellationToken).ConfigureAwait(false);
            var isElsewhere = needs.Elsewhere is { } elsewhere ? run is null || elsewhere.Run != run : Compare(lease.Pool!, run) is not null;
            var token = await AskPositionAsync(lease.Connection, cancellationToken).ConfigureAwait(false);
            return new ConsistencyToken(
                token.SystemId, token.Timeline, token.Position, needs.Uncertain is not null || isElsewhere,
                isElsewhere ? UncertainWrites.UnknownBackend : needs.Uncertain?.Backend ?? UncertainWrites.UnknownBackend);
        }
    }
}
