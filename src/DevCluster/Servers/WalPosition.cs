using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>Positions in the write-ahead log.</summary>
internal static class WalPosition
{
    private const ulong PageSize = 8192;
    private const ulong PageHeader = 24;
    private const ulong SegmentHeader = 40;

    /// <summary>
    /// An insert position may stand behind a page's header before any record is there. No replay reaches it, so it is
    /// taken back to the page's start, where the last record ended.
    /// </summary>
    public static ulong RoundDown(ulong position, ulong segmentSize)
    {
        var inSegment = position % segmentSize;
        if (inSegment <= SegmentHeader)
            return position - inSegment;
        var inPage = position % PageSize;
        return inPage <= PageHeader ? position - inPage : position;
    }

    /// <summary>What a standby must have replayed to have all that was written until now.</summary>
    public static async Task<ulong> CurrentAsync(NpgsqlConnection source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandText =
            """
            select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end,
                   pg_size_bytes(current_setting('wal_segment_size'))
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var position = (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(0);
        return RoundDown(position, (ulong)reader.GetInt64(1));
    }

    public static async Task<ulong?> ReplayedAsync(NpgsqlConnection standby, CancellationToken cancellationToken)
    {
        await using var command = standby.CreateCommand();
        command.CommandText = "select pg_last_wal_replay_lsn()";
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is NpgsqlLogSequenceNumber position
            ? (ulong)position
            : null;
    }

    public static string Format(ulong? position) =>
        position is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value >> 32:X}/{value & 0xffffffff:X}") : "nothing";
}
