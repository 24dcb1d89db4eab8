using System.Globalization;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Input;
using Npgsql;

namespace CompileTimeRouting.Tool.Standby;

/// <summary>
/// A session on a live standby that runs one statement at a time, in a read-only transaction that is rolled back, and
/// forgets everything after it. Should the server be promoted meanwhile, it still can't be written to.
/// </summary>
internal sealed class StandbySession : IAsyncDisposable
{
    private const string Setting = "--standby";

    /// <summary>Enough to have begun; the rest of a large table proves nothing more.</summary>
    private const int MaxRows = 1000;

    private const int StatementSeconds = 5;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private NpgsqlConnection _connection;

    private StandbySession(NpgsqlDataSource source, NpgsqlConnectionStringBuilder settings, NpgsqlConnection connection)
    {
        _source = source;
        _settings = settings;
        _connection = connection;
    }

    /// <param name="connection">A <c>postgresql://</c> URL or Npgsql connection string.</param>
    /// <exception cref="CommandException">It can't be read, nobody answers, or who answers is no standby.</exception>
    public static async Task<StandbySession> OpenAsync(string connection, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        if (NodeConnectionString.Read(connection, Setting, failures) is not { } settings)
            throw new CommandException(string.Join(Environment.NewLine, failures));
        var source = Source(settings);
        var opened = default(NpgsqlConnection);
        try
        {
            opened = await ServerConnection.OpenAsync(source, settings, Setting, cancellationToken);
            var session = new StandbySession(source, settings, opened);
            if (!await session.IsStandbyAsync(cancellationToken))
            {
                throw new CommandException(
                    $"{ServerConnection.Address(settings)} is a primary, not a standby: what it says of a statement is no standby's answer. Name a standby in {Setting}.");
            }

            return session;
        }
        catch
        {
            if (opened is not null)
                await opened.DisposeAsync();
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one statement, if it may be run.</summary>
    public async Task<StandbyAnswer> AskAsync(string sql, SqlStatementEffects statement, CancellationToken cancellationToken)
    {
        if (StandbyJudge.WhyNotAsked(statement) is { } reason)
            return StandbyAnswer.NotAsked(reason);
        var text = statement.Statement.Text(sql);
        var parameters = SqlParameters.Find(text);
        if (parameters.Error is SqlParameterError.Mixed or SqlParameterError.OrdinalOutOfRange)
            return StandbyAnswer.NoVerdict("its parameters can't be bound");
        return StandbyJudge.Judge(await AskAsync(parameters, cancellationToken), statement, parameters.Count > 0);
    }

    /// <summary>Makes sure that all answers were a standby's.</summary>
    /// <exception cref="CommandException">The server was promoted.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        if (!await IsStandbyAsync(cancellationToken))
            throw new CommandException($"{ServerConnection.Address(_settings)} was promoted while it was asked: its answers may be a primary's. Ask another standby.");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<StandbyAnswer> AskAsync(SqlParameters parameters, CancellationToken cancellationToken)
    {
        var sql = parameters.Rewrite();
        await BeginAsync(cancellationToken);
        StandbyAnswer answer;
        try
        {
            switch (CopyOf(sql))
            {
                case Copy.None:
                    await QueryAsync(sql, parameters.Count, cancellationToken);
                    break;
                case Copy.Text:
                    await CopyTextAsync(sql, cancellationToken);
                    break;
                case Copy.Binary:
                    await CopyBinaryAsync(sql, cancellationToken);
                    break;
            }

            answer = StandbyAnswer.Served;
        }
        catch (PostgresException e)
        {
            answer = StandbyJudge.IsRefusal(e.SqlState, e.MessageText)
                ? new StandbyAnswer(StandbyVerdict.Refused, e.SqlState, e.MessageText)
                : new StandbyAnswer(StandbyVerdict.NoVerdict, e.SqlState, e.MessageText);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            // A COPY in the other format than it seemed, for one: the driver has no type of exception for that.
            answer = StandbyAnswer.NoVerdict($"the driver can't follow ({e.GetType().Name})");
        }

        await ResetAsync(cancellationToken);
        return answer;
    }

    private async Task QueryAsync(string sql, int parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        for (var i = 0; i < parameters; i++)
            command.Parameters.Add(new NpgsqlParameter { Value = DBNull.Value });
        var began = false;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            for (var rows = 0; await reader.ReadAsync(cancellationToken); rows++)
            {
                if (rows < MaxRows)
                    continue;
                began = true;
                command.Cancel();
                break;
            }
        }
        catch (PostgresException e) when (began && e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            // Our own doing.
        }
    }

    // The server answers before it makes the first row. What isn't cancelled is read to its end when it is disposed of.
    private async Task CopyTextAsync(string sql, CancellationToken cancellationToken)
    {
        using var rows = await _connection.BeginTextExportAsync(sql, cancellationToken);
        if (await rows.ReadLineAsync(cancellationToken) is not null)
            await rows.CancelAsync();
    }

    private async Task CopyBinaryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var rows = await _connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
        if (await rows.ReadAsync(new byte[1], cancellationToken) > 0)
            await rows.CancelAsync();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        const string Begin = "begin transaction read only";
        try
        {
            await RunAsync(Begin, cancellationToken);
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            await ReplaceAsync(cancellationToken);
            await RunAsync(Begin, cancellationToken);
        }
    }

    /// <summary>Ends the transaction and everything the session holds; a session that can't is replaced.</summary>
    private async Task ResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync("rollback", cancellationToken);
            await RunAsync("discard all", cancellationToken);
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            await ReplaceAsync(cancellationToken);
        }
    }

    // A cancellation that comes late hits the next statement.
    private static bool IsLost(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && e is NpgsqlException or InvalidOperationException or IOException;

    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        await _connection.DisposeAsync();
        _connection = await ServerConnection.OpenAsync(_source, _settings, Setting, cancellationToken);
    }

    private async Task<bool> IsStandbyAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_is_in_recovery()", _connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings)
    {
        var limits = string.Create(
            CultureInfo.InvariantCulture, $"-c statement_timeout={StatementSeconds}s -c lock_timeout={StatementSeconds}s -c default_transaction_read_only=on");
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        var own = builder.ConnectionStringBuilder;
        // DISCARD ALL goes back to what the session began with.
        var options = own.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS");
        own.Options = string.IsNullOrWhiteSpace(options) ? limits : $"{options} {limits}";
        own.ApplicationName ??= "ctr";
        own.Pooling = false;
        own.MinPoolSize = 0;
        own.Enlist = false;
        own.MaxAutoPrepare = 0;
        own.CommandTimeout = StatementSeconds * 3;
        return builder.Build();
    }

    // What the server will send, the driver must know before: each format has a reader of its own.
    private static Copy CopyOf(string sql)
    {
        var copy = Copy.None;
        foreach (var token in new SqlLexer(sql))
        {
            if (token.IsTrivia)
                continue;
            if (copy == Copy.None && !SqlKeywords.Is(sql, token, "copy"))
                break;
            copy = token.Text(sql).Trim('\'', '"').Equals("binary", StringComparison.OrdinalIgnoreCase) ? Copy.Binary : copy == Copy.None ? Copy.Text : copy;
        }

        return copy;
    }

    private enum Copy
    {
        None,
        Text,
        Binary,
    }
}
