using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace CompileTimeRouting.Faults.Load;

/// <summary>A row, the port of the server that answered, and the time (ms of the run) that the server's data was at.</summary>
public sealed record Entry(long Id, string Body, int Port, long Beat);

/// <summary>What an application writes down: its calls are the load, so the generated code is what is under test.</summary>
public sealed partial class Ledger(RoutedDataSource db)
{
    // The heartbeat's row says how old an answer is, by one clock alone.
    private const string Columns = "l.id, l.body, inet_server_port() as port, b.at as beat";

    internal const string EntrySql = $"select {Columns} from ledger l cross join beat b where l.id = @id";
    internal const string RangeSql = $"select {Columns} from ledger l cross join beat b where l.id >= $1 order by l.id limit $2";
    internal const string AddSql = "insert into ledger (id, body) values (@id, @body) returning inet_server_port()";

    // Sleeps with a snapshot held: what vacuum removes on the primary meanwhile is what a standby has to keep.
    internal const string ReportSql =
        "select inet_server_port() from (select count(*) from (select pg_sleep(0.03) from generate_series(1, 20)) s) r, (select count(*) from churn) c";

    private static readonly TimeSpan AuditPause = TimeSpan.FromMilliseconds(400);

    [ReadQuery(EntrySql)]
    public partial Task<Entry?> FindAsync(long id, CancellationToken ct = default);

    [ReadQuery]
    public partial IAsyncEnumerable<Entry> RangeAsync(long from, int atMost, CancellationToken ct = default);

    [ReadQuery(ReportSql)]
    public partial Task<int> ReportAsync(CancellationToken ct = default);

    [ReadQuery]
    public partial Task<int> AuditAsync(CancellationToken ct = default);

    [WriteCommand(AddSql)]
    public partial Task<int> AddAsync(long id, string body, CancellationToken ct = default);

    internal static async Task<int> AuditAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var sum = new NpgsqlCommand("select inet_server_port(), sum(n) from churn", connection, transaction);
        var before = await SumAsync();
        await Task.Delay(AuditPause, ct);
        var after = await SumAsync();
        return before == after ? after.Port : throw new InvalidOperationException("Two reads of one snapshot differ.");

        async Task<(int Port, long Sum)> SumAsync()
        {
            await using var reader = await sum.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            return (reader.GetInt32(0), reader.GetInt64(1));
        }
    }

    private static async IAsyncEnumerable<Entry> RangeAsync(
        NpgsqlConnection connection, long from, int atMost, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(RangeSql, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = from }, new NpgsqlParameter<int> { TypedValue = atMost } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new Entry(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3));
    }
}
