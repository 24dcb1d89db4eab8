using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>Writes of every form that can bring a position back, and some that can't, to rows that only grow.</summary>
public sealed partial class Exports(RoutedDataSource db)
{
    /// <summary>A row whose commit takes its time, or fails: what is asked for before it, in its transaction, misses it.</summary>
    private const string Schema = """
        create table if not exists slow (id bigint primary key, version bigint not null);
        insert into slow select i, 0 from generate_series(1, 64) i on conflict do nothing;
        create or replace function slow_commit() returns trigger language plpgsql as $$
        begin
            if new.version < 0 then raise check_violation using message = 'refused at the commit'; end if;
            perform pg_sleep(0.05);
            return null;
        end $$;
        drop trigger if exists slow_commit on slow;
        create constraint trigger slow_commit after update on slow deferrable initially deferred for each row execute function slow_commit();
        """;

    public static async Task CreateAsync(PostgresCluster cluster)
    {
        await using (var connection = new NpgsqlConnection(cluster.Primary.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(Schema, connection);
            await command.ExecuteNonQueryAsync();
        }

        await cluster.WaitUntilCaughtUpAsync();
    }

    [WriteCommand("update counters set version = @version where id = @id")]
    public partial Task<int> WriteAsync(long id, long version, CancellationToken ct = default);

    [WriteCommand("update counters set version = @version where id = @id")]
    public partial int Write(long id, long version);

    [WriteCommand("update counters set version = @version where id = @id")]
    public partial Task WriteSilentlyAsync(long id, long version);

    [WriteCommand("update counters set version = @version where id = @id returning version")]
    public partial Task<long> WriteReturningAsync(long id, long version);

    [WriteCommand("update counters set version = @version where id = @id returning version")]
    public partial long WriteReturning(long id, long version);

    [WriteCommand("update counters set version = @version where id = @id returning version")]
    public partial Task<long?> WriteIfThereAsync(long id, long version);

    [WriteCommand("update counters set version = @version where id = any(@ids) returning id, version")]
    public partial Task<List<(long Id, long Version)>> WriteManyAsync(long[] ids, long version);

    [WriteCommand("with written as (update counters set version = @version where id = @id returning version) select version from written")]
    public partial Task<long> WriteInWithAsync(long id, long version);

    [WriteCommand("insert into counters values (@id, @version)")]
    public partial Task<int> InsertAsync(long id, long version);

    [WriteCommand("update counters set version = version + 10 / (5 - id) where id between 1 and 8 returning version")]
    public partial Task<List<long>> DivideAsync();

    [WriteCommand("update slow set version = @version where id = @id")]
    public partial Task<int> WriteSlowlyAsync(long id, long version);

    [WriteCommand("update slow set version = @version where id = @id returning version")]
    public partial Task<long> WriteSlowlyReturningAsync(long id, long version);

    [WriteCommand("update slow set version = @version where id = @id", Transaction = true)]
    public partial Task<int> WriteSlowlyInTransactionAsync(long id, long version);

    [ReadQuery("select version, inet_server_port() as port from slow where id = @id", Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Reading> ReadSlowAsync(long id);

    [WriteCommand("vacuum counters")]
    public partial Task VacuumAsync();

    [WriteCommand("update counters set version = @version where id = @id", Transaction = true)]
    public partial Task<int> WriteInTransactionAsync(long id, long version, CancellationToken ct = default);

    [WriteCommand(Transaction = true)]
    public partial void WriteInTransaction(long id, long version);

    private static void WriteInTransaction(NpgsqlConnection connection, long id, long version)
    {
        using var command = new NpgsqlCommand("update counters set version = $2 where id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = id }, new NpgsqlParameter<long> { TypedValue = version } },
        };
        command.ExecuteNonQuery();
    }
}
