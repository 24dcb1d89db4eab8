using CompileTimeRouting.DevCluster.Servers;
using Npgsql;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>
/// A base backup by the low-level API, for distributions without <c>pg_basebackup</c>. A temporary replication slot
/// keeps the WAL from the backup's start until this is disposed.
/// </summary>
internal sealed class BaseBackup : IAsyncDisposable
{
    private readonly NpgsqlConnection _session;

    private BaseBackup(NpgsqlConnection session) => _session = session;

    public static async Task<BaseBackup> TakeAsync(ClusterContext context, ProcessServer source, string target, CancellationToken cancellationToken)
    {
        // Slot and backup live as long as their session: one session for all.
        var session = await context.OpenAdminAsync(source, cancellationToken).ConfigureAwait(false);
        try
        {
            await using (var start = session.CreateCommand())
            {
                start.CommandText = "select pg_create_physical_replication_slot('clone_' || pg_backend_pid(), true, true)";
                await start.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                start.CommandText = "select pg_backup_start('clone', true)";
                start.CommandTimeout = 0;
                await start.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
            await Task.Run(() => DataDirectory.CopyRunning(source.DataDirectory, target), cancellationToken).ConfigureAwait(false);
            await using var stop = session.CreateCommand();
            // Nothing archives here: there is nothing to wait for.
            stop.CommandText = "select labelfile, spcmapfile from pg_backup_stop(false)";
            await using var reader = await stop.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            await File.WriteAllTextAsync(Path.Combine(target, "backup_label"), reader.GetString(0), cancellationToken).ConfigureAwait(false);
            if (reader.GetString(1) is { Length: > 0 } tablespaces)
                await File.WriteAllTextAsync(Path.Combine(target, "tablespace_map"), tablespaces, cancellationToken).ConfigureAwait(false);
            return new BaseBackup(session);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
