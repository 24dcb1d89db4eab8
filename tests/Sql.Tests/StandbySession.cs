using System.Data;
using Npgsql;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>A session on a hot standby that runs statements one after the other, each as the first of its session.</summary>
internal sealed class StandbySession(string connectionString) : IAsyncDisposable
{
    // Set at the start of the session, so that no RESET or DISCARD takes it away; a statement that waits for ever fails.
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Options = "-c statement_timeout=10s -c lock_timeout=5s",
        Pooling = false,
    }.ConnectionString;

    private NpgsqlConnection? _connection;

    /// <summary>Null when the standby served the text, else the first error.</summary>
    public async Task<PostgresException?> RunAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            var connection = _connection ??= await OpenAsync(cancellationToken);
            foreach (var statement in SqlStatements.Split(sql))
                await ExecuteAsync(connection, statement.Text(sql), cancellationToken);
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
        finally
        {
            await ResetAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    /// <summary>
    /// Whether the server refused it for being a standby. Most such errors are 25006; serializable transactions and LISTEN
    /// are told by 0A000, WAL functions by 55000, both of which have other meanings too.
    /// </summary>
    public static bool IsRefusal(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.ReadOnlySqlTransaction => true,
        PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InternalError
            => error.MessageText.Contains("recovery", StringComparison.Ordinal) || error.MessageText.Contains("standby", StringComparison.Ordinal),
        _ => false,
    };

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        if (statement.StartsWith("copy", StringComparison.OrdinalIgnoreCase) && statement.Contains("stdout", StringComparison.OrdinalIgnoreCase))
        {
            using var rows = await connection.BeginTextExportAsync(statement, cancellationToken);
            await rows.ReadToEndAsync(cancellationToken);
            return;
        }

        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends what is open and forgets what is set, advisory locks and prepared statements included.</summary>
    private async Task ResetAsync(CancellationToken cancellationToken)
    {
        if (_connection is null)
            return;
        try
        {
            if (_connection.State == ConnectionState.Open)
            {
                await ExecuteAsync(_connection, "rollback", cancellationToken);
                await ExecuteAsync(_connection, "discard all", cancellationToken);
                return;
            }
        }
        catch (PostgresException)
        {
            // After default_transaction_isolation = serializable no statement is served any more.
        }

        await _connection.DisposeAsync();
        _connection = null;
    }
}
