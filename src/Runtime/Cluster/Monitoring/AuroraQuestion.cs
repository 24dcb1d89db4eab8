using System.Data;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// What an Aurora node is asked in place of positions: its readers replay no WAL of their own, so that none of them says
/// anything.
/// </summary>
internal static class AuroraQuestion
{
    /// <summary>True on an Aurora node, an error nowhere.</summary>
    public const string IsAurora = "to_regproc('pg_catalog.aurora_version') is not null";

    // The function tells of all instances; the one that answers is asked of itself.
    private const string State = """
        select pg_is_in_recovery(),
            (select replica_lag_in_msec from aurora_replica_status() where server_id = aurora_db_instance_identifier())::float8
        """;

    public static async Task<ProbeAnswer> AskAsync(NpgsqlConnection connection, ServerIdentity identity, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(State, connection);
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return new ProbeAnswer(identity, reader.GetBoolean(0), Position: null, Timeline: null)
            {
                ReportedLag = reader.IsDBNull(1) ? null : TimeSpan.FromMilliseconds(Math.Max(0, reader.GetDouble(1))),
            };
        }
    }
}
