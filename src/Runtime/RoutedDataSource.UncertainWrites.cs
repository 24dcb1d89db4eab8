using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

// How a session that is pinned to the primary, because of a commit whose outcome isn't known, comes off it.
public sealed partial class RoutedDataSource
{
    /// <summary>Asks the primary whether the session's uncertain writes are over. Where it doesn't say, the session stays pinned.</summary>
    /// <exception cref="NpgsqlException">The connection broke.</exception>
    private static async ValueTask SettleAsync(
        ConsistencySession session, UncertainWrites writes, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (await writes.AskSettledAsync(connection, cancellationToken).ConfigureAwait(false) is { } settled)
                session.Settle(settled);
        }
        catch (NpgsqlException) when (connection.IsOpen())
        {
            // Somebody else may be told.
        }
    }

    private static void Settle(ConsistencySession session, UncertainWrites writes, NpgsqlConnection connection)
    {
        try
        {
            if (writes.AskSettled(connection) is { } settled)
                session.Settle(settled);
        }
        catch (NpgsqlException) when (connection.IsOpen())
        {
            // As above.
        }
    }

    /// <summary>
    /// A position that the primary reached after all that a session wrote and saw; uncertain where one of its writes may yet come
    /// into effect, or is another server's.
    /// </summary>
    internal async ValueTask<ConsistencyToken> PositionOfUncertainAsync(ConsistencySession session, CancellationToken cancellationToken)
    {
        var lease = await OpenPrimaryReadAsync(ReadRoute.Position, null, null, cancellationToken, session).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            // Before the position: what is settled after it may have come into effect behind it.
            var needs = session.Needs();
            var run = await RunAsync(lease, cancellationToken).ConfigureAwait(false);
            var isElsewhere = needs.Elsewhere is { } elsewhere ? run is null || elsewhere.Run != run : Compare(lease.Pool!, run) is not null;
            var token = await AskPositionAsync(lease.Connection, cancellationToken).ConfigureAwait(false);
            return new ConsistencyToken(
                token.SystemId, token.Timeline, needs.IsWriting ? ulong.MaxValue : token.Position, needs.Uncertain is not null || isElsewhere,
                isElsewhere ? UncertainWrites.UnknownBackend : needs.Uncertain?.Backend ?? UncertainWrites.UnknownBackend);
        }
    }
}
