using System.Runtime.CompilerServices;
using System.Transactions;
using CompileTimeRouting.Integration.Runtime;
using Npgsql;

namespace CompileTimeRouting.Integration.Routing;

/// <summary>
/// The generated half of a retry: which calls make another attempt, and what it starts from. The server itself ends the
/// first attempts.
/// </summary>
public sealed class RetryTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_whose_session_the_server_ended_is_tried_again()
    {
        await using var db = cluster.Open();
        var reads = new FailingReads(db);
        Assert.Equal(3, await reads.TaskAsync(new Failures(2), Ct));
        Assert.Equal(3, await reads.DeclaredAsync(new Failures(2)));
        Assert.Equal(2, reads.Blocking(new Failures(1)));
        var nothing = new Failures(2);
        reads.Nothing(nothing);
        Assert.Equal(3, nothing.Attempts);
        Assert.All(db.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_stream_is_tried_again_before_its_first_row_only()
    {
        await using var db = cluster.Open();
        var reads = new FailingReads(db);
        var before = new Failures(2);
        Assert.Equal([1, 2, 3], await ReadAsync(reads.StreamAsync(before, 0, Ct)));
        Assert.Equal(3, before.Attempts);

        var after = new Failures(1);
        var rows = new List<int>();
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            await foreach (var row in reads.StreamAsync(after, 2, Ct))
                rows.Add(row);
        });
        Assert.Equal([1, 2], rows);
        Assert.Equal(1, after.Attempts);
        Assert.All(db.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_read_without_retry_and_one_with_an_input_that_is_used_up_have_one_attempt()
    {
        await using var db = cluster.Open();
        var reads = new FailingReads(db);
        var once = new Failures(1);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => reads.OnceAsync(once));
        Assert.Equal(1, once.Attempts);

        var upload = new Failures(1);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => reads.UploadAsync(upload, Stream.Null));
        Assert.Equal(1, upload.Attempts);
    }

    [Fact]
    public async Task An_error_of_the_callers_own_is_thrown_unchanged()
    {
        await using var db = cluster.Open();
        var failed = await Assert.ThrowsAsync<PostgresException>(() => new FailingReads(db).DivideAsync(0));
        Assert.Equal(PostgresErrorCodes.DivisionByZero, failed.SqlState);
    }

    [Fact]
    public async Task Nothing_in_a_unit_of_work_is_tried_again()
    {
        await using var db = cluster.Open();
        var failures = new Failures(1);
        await using (await db.BeginTransactionAsync(Ct))
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => new FailingReads(db).TaskAsync(failures, Ct));
        Assert.Equal(1, failures.Attempts);
    }

    [Fact]
    public async Task In_a_transaction_scope_no_write_is_tried_again_and_reads_take_no_part_in_it()
    {
        await using var db = cluster.Open();
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            // Its level, serializable, is none that a standby has.
            Assert.Equal(2, await new FailingReads(db).TaskAsync(new Failures(1), Ct));
            Assert.Equal("a write beside a read", await AddAsync(db));
            Assert.Equal(0, (await db.CountAsync("a write beside a read")).Count);
            scope.Complete();
        }

        await using (var lease = await db.OpenReadAsync(new ReadRoute("Strong", ReadConsistency.Strong), Ct))
            Assert.Equal(1L, await lease.Connection.ScalarAsync("select count(*) from notes where text = 'a write beside a read'"));

        var conflicts = new Failures(1);
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var failed = await Assert.ThrowsAsync<PostgresException>(() => new FailingWrites(db).AddInScopeAsync(conflicts, "in a scope"));
            Assert.Equal(PostgresErrorCodes.SerializationFailure, failed.SqlState);
        }

        Assert.Equal(1, conflicts.Attempts);
    }

    private static async Task<string> AddAsync(RoutedDataSource db)
    {
        const string text = "a write beside a read";
        await db.WriteAsync(text);
        return text;
    }

    [Fact]
    public async Task Every_attempt_of_a_session_that_reads_from_the_primary_goes_there()
    {
        await using var db = cluster.Open();
        await db.VerifyAsync(Ct);
        using var session = db.BeginSession();
        session.ReadsFromPrimary = true;
        foreach (var route in new[] { ReadRoute.Default, new ReadRoute("Bounded", ReadConsistency.BoundedStaleness, 60) })
        {
            CallAttempts? attempts = null;
            for (var i = 0; i < 3; i++)
            {
                await using var lease = i % 2 == 0 ? await db.OpenReadAsync(route, attempts, Ct) : db.OpenRead(route, attempts);
                Assert.Equal("primary-read-only", lease.NodeName);
                Assert.True(db.ShouldRetry(route, in lease, new IOException("broken"), ref attempts, Ct));
            }
        }
    }

    [Fact]
    public async Task A_command_that_could_not_be_serialized_starts_anew()
    {
        await using var db = cluster.Open(0);
        var writes = new FailingWrites(db);
        Assert.Equal(3, await writes.AddAsync(new Failures(2), "serialized"));
        Assert.Equal(1, (await db.CountAsync("serialized")).Count);

        var failed = await Assert.ThrowsAsync<RoutedCallException>(() => writes.AddAsync(new Failures(3), "given up"));
        Assert.Equal(PostgresErrorCodes.SerializationFailure, failed.SqlState);
        Assert.Equal((false, true), (failed.MayHaveWritten, failed.IsTransient));
        Assert.IsType<PostgresException>(failed.InnerException);
        Assert.Equal(Enumerable.Repeat(("primary", PostgresErrorCodes.SerializationFailure), 3), failed.Attempts.Select(static a => (a.NodeName, a.SqlState!)));
        Assert.Equal(0, (await db.CountAsync("given up")).Count);

        failed = Assert.Throws<RoutedCallException>(() => writes.Add(new Failures(2), "given up"));
        Assert.Equal(2, failed.Attempts.Length);
        Assert.Contains("primary at ", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2, writes.Add(new Failures(1), "serialized, too"));
        Assert.Equal(0, (await db.CountAsync("given up")).Count);

        // What the session's end leaves of a write, its last attempt doesn't know.
        failed = await Assert.ThrowsAsync<RoutedCallException>(() => writes.AddAsync(new Failures(1), "broken off", endsSession: true));
        Assert.Equal([PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.AdminShutdown], failed.Attempts.Select(static a => a.SqlState!));
        Assert.Equal((true, false), (failed.MayHaveWritten, failed.IsTransient));

        var unasked = new Failures(1);
        await Assert.ThrowsAsync<PostgresException>(() => writes.AddOnceAsync(unasked, "unasked"));
        Assert.Equal(1, unasked.Attempts);
    }

    private static async Task<List<int>> ReadAsync(IAsyncEnumerable<int> rows)
    {
        var list = new List<int>();
        await foreach (var row in rows)
            list.Add(row);
        return list;
    }
}

/// <summary>How many attempts fail, and how many there were.</summary>
public sealed class Failures(int count)
{
    public int Attempts { get; private set; }

    /// <summary>What each attempt found tracked when it began; for attempts that have a context.</summary>
    public List<int> Tracked { get; } = [];

    public bool Next() => ++Attempts <= count;
}

internal sealed partial class FailingReads(RoutedDataSource db)
{
#pragma warning disable CTR103, CTR105 // The reads end their own session.
    private const string EndSession = "select pg_terminate_backend(pg_backend_pid())";

    [ReadQuery]
    public static async Task<int> TaskAsync(NpgsqlConnection connection, Failures failures, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(failures.Next() ? EndSession : "select 1", connection);
        await command.ExecuteScalarAsync(ct);
        return failures.Attempts;
    }

    [ReadQuery]
    public partial ValueTask<int> DeclaredAsync(Failures failures);

    private static async ValueTask<int> DeclaredAsync(NpgsqlConnection connection, Failures failures) => await TaskAsync(connection, failures, default);

    [ReadQuery]
    public static int Blocking(NpgsqlConnection connection, Failures failures)
    {
        using var command = new NpgsqlCommand(failures.Next() ? EndSession : "select 1", connection);
        command.ExecuteScalar();
        return failures.Attempts;
    }

    [ReadQuery]
    public static void Nothing(NpgsqlConnection connection, Failures failures) => Blocking(connection, failures);

    [ReadQuery]
    public static async IAsyncEnumerable<int> StreamAsync(NpgsqlConnection connection, Failures failures, int failAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var fails = failures.Next();
        for (var i = 0; i < 3; i++)
        {
            await using var command = new NpgsqlCommand(fails && i == failAfter ? EndSession : "select 1", connection);
            await command.ExecuteScalarAsync(ct);
            yield return i + 1;
        }
    }

    [ReadQuery(Retry = false)]
    public static Task<int> OnceAsync(NpgsqlConnection connection, Failures failures) => TaskAsync(connection, failures, default);

    [ReadQuery]
    public static Task<int> UploadAsync(NpgsqlConnection connection, Failures failures, Stream input) => TaskAsync(connection, failures, default);

    [ReadQuery]
    public static async Task<object?> FromElsewhereAsync(NpgsqlConnection connection, Failures failures, string sql)
    {
        failures.Next();
        return await connection.ScalarAsync(sql);
    }
#pragma warning restore CTR103, CTR105

    [ReadQuery("select 1 / @divisor")]
    public partial Task<int> DivideAsync(int divisor);
}

internal sealed partial class FailingWrites(RoutedDataSource db)
{
    [WriteCommand(Transaction = true, SerializationRetries = 2)]
    public static async Task<int> AddAsync(NpgsqlConnection connection, Failures failures, string text, bool endsSession = false)
    {
        await using var insert = new NpgsqlCommand("insert into notes (text) values ($1)", connection) { Parameters = { new() { Value = text } } };
        await insert.ExecuteNonQueryAsync();
        await using var check = new NpgsqlCommand(
            failures.Next() ? "do $$ begin raise exception sqlstate '40001'; end $$" : endsSession ? "select pg_terminate_backend(pg_backend_pid())" : "select 1", connection);
        await check.ExecuteNonQueryAsync();
        return failures.Attempts;
    }

    [WriteCommand(Transaction = true, SerializationRetries = 1)]
    public static int Add(NpgsqlConnection connection, Failures failures, string text)
    {
        using var insert = new NpgsqlCommand("insert into notes (text) values ($1)", connection) { Parameters = { new() { Value = text } } };
        insert.ExecuteNonQuery();
        using var check = new NpgsqlCommand(failures.Next() ? "do $$ begin raise exception sqlstate '40001'; end $$" : "select 1", connection);
        check.ExecuteNonQuery();
        return failures.Attempts;
    }

#pragma warning disable CTR016 // The transaction is its caller's.
    [WriteCommand(SerializationRetries = 2)]
    public static Task<int> AddInScopeAsync(NpgsqlConnection connection, Failures failures, string text) => AddAsync(connection, failures, text);
#pragma warning restore CTR016

    [WriteCommand(Transaction = true)]
    public static Task<int> AddOnceAsync(NpgsqlConnection connection, Failures failures, string text) => AddAsync(connection, failures, text);
}
