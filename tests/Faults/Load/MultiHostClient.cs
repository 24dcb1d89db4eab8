using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Faults.Load;

/// <summary>
/// The peer: the same application as it is written on <see cref="NpgsqlMultiHostDataSource"/>, reads on
/// <c>PreferStandby</c> with load balancing, writes on <c>Primary</c>, all other settings as the driver has them.
/// </summary>
internal sealed class MultiHostClient : ILoadClient
{
    private static readonly TimeSpan BorrowingLimit = TimeSpan.FromSeconds(3);

    private readonly NpgsqlMultiHostDataSource _hosts;
    private readonly NpgsqlDataSource _reads;
    private readonly NpgsqlDataSource _writes;

    public MultiHostClient(NpgsqlConnectionStringBuilder settings)
    {
        settings.LoadBalanceHosts = true;
        _hosts = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "peer" }.BuildMultiHost();
        _reads = _hosts.WithTargetSession(TargetSessionAttributes.PreferStandby);
        _writes = _hosts.WithTargetSession(TargetSessionAttributes.Primary);
    }

    public string Name => "multi-host";

    public int Id => 2;

    public async Task<Answer> ReadAsync(long id, CancellationToken ct)
    {
        await using var connection = await _reads.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Ledger.EntrySql.Replace("@id", "$1", StringComparison.Ordinal), connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = id } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new Answer(reader.GetInt32(2), reader.GetInt64(3)) : throw new MissingRowException(id);
    }

    public async Task<Answer> StreamAsync(long from, int atMost, CancellationToken ct)
    {
        await using var connection = await _reads.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Ledger.RangeSql, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = from }, new NpgsqlParameter<int> { TypedValue = atMost } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var answer = default(Answer);
        var rows = 0;
        try
        {
            while (await reader.ReadAsync(ct))
            {
                rows++;
                answer = new Answer(reader.GetInt32(2), reader.GetInt64(3));
            }
        }
        catch (Exception e) when (rows > 0)
        {
            throw new CutStreamException(e);
        }

        return rows == atMost ? answer : throw new MissingRowException(from + rows);
    }

    public async Task<Answer> ReportAsync(CancellationToken ct)
    {
        await using var connection = await _reads.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Ledger.ReportSql, connection);
        return new Answer((int)(await command.ExecuteScalarAsync(ct))!, 0);
    }

    public async Task<Answer> AuditAsync(CancellationToken ct)
    {
        await using var connection = await _reads.OpenConnectionAsync(ct);
        return new Answer(await Ledger.AuditAsync(connection, ct), 0);
    }

    public async Task<int> WriteAsync(long id, CancellationToken ct)
    {
        await using var connection = await _writes.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Ledger.AddSql.Replace("@id", "$1", StringComparison.Ordinal).Replace("@body", "$2", StringComparison.Ordinal), connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = id }, new NpgsqlParameter<string> { TypedValue = "an entry" } },
        };
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<IReadOnlyList<IAsyncDisposable>> BorrowAllAsync(PostgresCluster cluster, int poolSize)
    {
        // It waits at the pool of one standby while the other has room, for as long as the pool's time-out. What it has by
        // then is enough: nobody else may wait for its last ones.
        using var limit = new CancellationTokenSource(BorrowingLimit);
        List<IAsyncDisposable> borrowed = [];
        try
        {
            for (var i = 0; i < poolSize; i++)
                borrowed.Add(await _writes.OpenConnectionAsync(limit.Token));

            // The primary has none left: these are the standbys'.
            for (var i = 0; i < poolSize * cluster.Replicas.Count; i++)
                borrowed.Add(await _reads.OpenConnectionAsync(limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Its load goes on with the rest.
        }

        return borrowed;
    }

    public async Task<IAsyncDisposable> BorrowAsync(PostgresNode replica)
    {
        // One can't ask for a host, only give back what isn't it.
        while (true)
        {
            var connection = await _reads.OpenConnectionAsync();
            if (connection.Port == replica.Port)
                return connection;
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reads.DisposeAsync();
        await _writes.DisposeAsync();
        await _hosts.DisposeAsync();
    }
}
