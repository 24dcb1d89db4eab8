using System.Data;
using System.Globalization;
using Npgsql;

namespace CompileTimeRouting.Tool.Validation;

/// <summary>What a server tells any role of its settings.</summary>
/// <param name="Values">Settings by name.</param>
/// <param name="SystemIdentifier">The cluster's; null where the role may not ask.</param>
/// <param name="RoleLimit">The connections the role may have; -1 for no limit.</param>
/// <param name="DatabaseLimit">The connections the database may have; -1 for no limit.</param>
/// <param name="IsBehindPooler">Whether the server session isn't the one that was opened: a pooler stands in between.</param>
internal sealed record ServerSettings(
    IReadOnlyDictionary<string, string> Values, long? SystemIdentifier, int RoleLimit, int DatabaseLimit, bool IsBehindPooler)
{
    private const string SettingsQuestion = """
        select name, current_setting(name, true)
        from unnest(array['max_connections', 'superuser_reserved_connections', 'reserved_connections', 'wal_level', 'hot_standby',
            'hot_standby_feedback', 'max_standby_streaming_delay', 'default_transaction_isolation', 'idle_session_timeout']) as name
        """;

    private const string SessionQuestion = """
        select pg_backend_pid(),
            coalesce((select rolconnlimit from pg_roles where rolname = current_user), -1),
            coalesce((select datconnlimit from pg_database where datname = current_database()), -1)
        """;

    public int ConnectionLimit => Number("max_connections") - Number("superuser_reserved_connections") - Number("reserved_connections");

    /// <exception cref="NpgsqlException">The server refused, or the connection broke.</exception>
    public static async Task<ServerSettings> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand(SettingsQuestion, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (!reader.IsDBNull(1))
                    values.Add(reader.GetString(0), reader.GetString(1));
            }
        }

        // A pooler invents the process id that it tells at the start.
        await using var session = new NpgsqlCommand(SessionQuestion, connection);
        await using var answer = await session.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        await answer.ReadAsync(cancellationToken);
        var (pid, role, database) = (answer.GetInt32(0), answer.GetInt32(1), answer.GetInt32(2));
        await answer.DisposeAsync();
        return new ServerSettings(values, await SystemIdentifierAsync(connection, cancellationToken), role, database, pid != connection.ProcessID);
    }

    private static async Task<long?> SystemIdentifierAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("select system_identifier from pg_control_system()", connection);
            return (long?)await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    private int Number(string name) => Values.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
