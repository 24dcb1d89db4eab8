using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>A version, and the port of the server that told it.</summary>
public sealed record Reading(long Version, int Port);

/// <summary>Rows whose versions only grow: a smaller one than before is an older state.</summary>
public sealed partial class Counters(RoutedDataSource db)
{
    internal const string Schema = "create table counters (id bigint primary key, version bigint not null)";

    internal const string ReadSql = "select version, inet_server_port() as port from counters where id = @id";
    private const string WriteSql = "update counters set version = @version where id = @id";

    [ReadQuery(ReadSql, Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Reading> ReadAsync(long id, CancellationToken ct = default);

    [ReadQuery(ReadSql, Consistency = ReadConsistency.ReadYourWrites)]
    public partial Reading Read(long id);

    [ReadQuery(ReadSql, Consistency = ReadConsistency.Eventual)]
    public partial Task<Reading> ReadEventuallyAsync(long id, CancellationToken ct = default);

    [ReadQuery(ReadSql)]
    public partial Task<Reading> ReadAsTheSourceSaysAsync(long id, CancellationToken ct = default);

    [ReadQuery(ReadSql)]
    public partial Reading ReadAsTheSourceSays(long id);

    [ReadQuery(ReadSql, Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 1)]
    public partial Task<Reading> ReadFreshAsync(long id, CancellationToken ct = default);

    [ReadQuery(ReadSql, Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 1)]
    public partial Reading ReadFresh(long id);

    [ReadQuery(ReadSql, Consistency = ReadConsistency.Strong)]
    public partial Reading ReadStrongly(long id);

    [ReadQuery(ReadSql, Consistency = ReadConsistency.Strong)]
    public partial Task<Reading> ReadStronglyAsync(long id, CancellationToken ct = default);

    [WriteCommand(WriteSql)]
    public partial Task<int> WriteAsync(long id, long version, CancellationToken ct = default);

    [WriteCommand(WriteSql)]
    public partial int Write(long id, long version);

    [WriteCommand(Transaction = true)]
    public partial Task WriteInTransactionAsync(long id, long version, CancellationToken ct = default);

    internal static async Task WriteInTransactionAsync(NpgsqlConnection connection, long id, long version, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("update counters set version = $2 where id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = id }, new NpgsqlParameter<long> { TypedValue = version } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
