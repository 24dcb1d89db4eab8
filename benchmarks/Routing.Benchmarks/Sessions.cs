using Npgsql;

namespace CompileTimeRouting.Routing.Benchmarks;

/// <summary>The same write and the same read, in a session and without one.</summary>
public sealed partial class SessionCalls(RoutedDataSource db)
{
    [WriteCommand("update customers set city = @city where id = @id")]
    public partial Task<int> MoveAsync(long id, string city);

    [WriteCommand("update customers set city = @city where id = @id", Transaction = true)]
    public partial Task<int> MoveInTransactionAsync(long id, string city);

    [ReadQuery("select id, name, city from customers where id = @id")]
    public partial Task<Customer?> FindAsync(long id);

    [ReadQuery("select id, name, city from customers where id = @id", Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Customer?> FindOwnAsync(long id);
}

/// <summary>What sessions cost. The second line of a table does what the first does: it shows how far apart the same are on this machine.</summary>
internal sealed class Sessions(RoutedDataSource db, NpgsqlDataSource primary, int rounds)
{
    private const int Writes = 100;
    private const int Reads = 300;

    private readonly SessionCalls _calls = new(db);

    public async Task RunAsync()
    {
        await WriteAsync("A write, alone and in a session", "The same as a command in a transaction");
        await SetAsync("on");
        await WriteAsync("A write, with fsync", "A command in a transaction, with fsync");
        await SetAsync("off");

        // A session whose write is replayed: each of its reads finds a replica that covers it.
        using var covered = db.CreateSession();
        using (db.UseSession(covered))
        {
            await _calls.MoveAsync(1, "A");
            for (var i = 0; i < 100; i++)
                await _calls.FindOwnAsync(1);
        }

        await Race.RunAsync("A read that its session's replica covers", [
            new("eventual, without a session", Repeat(id => _calls.FindAsync(id))),
            new("the same again", Repeat(id => _calls.FindAsync(id))),
            new("read your writes, session without a write", InSession(id => _calls.FindOwnAsync(id))),
            new("read your writes, covered", async count =>
            {
                using var use = db.UseSession(covered);
                for (var i = 0; i < count; i++)
                    await _calls.FindOwnAsync(1 + i);
            }),
        ], Reads, rounds, nanosecondsPerUnit: 1000, "µs");
    }

    private async Task WriteAsync(string statement, string command)
    {
        foreach (var (title, write) in new (string, Func<long, Task>)[]
        {
            (statement, id => _calls.MoveAsync(id, "A")), (command, id => _calls.MoveInTransactionAsync(id, "A")),
        })
        {
            await Race.RunAsync(title, [
                new("alone", Repeat(write)),
                new("the same again", Repeat(write)),
                new("in a session", InSession(write)),
                new("in a session, then exported", Exported(write, willExport: false)),
                new("in a session that will be exported, then exported", Exported(write, willExport: true)),
            ], Writes, rounds, nanosecondsPerUnit: 1000, "µs");
        }
    }

    private async Task SetAsync(string fsync)
    {
        await using var connection = await primary.OpenConnectionAsync();
        foreach (var sql in new[] { $"alter system set fsync = {fsync}", "select pg_reload_conf()" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static Func<int, Task> Repeat(Func<long, Task> operation) => async count =>
    {
        for (var i = 0; i < count; i++)
            await operation(1 + i);
    };

    private Func<int, Task> InSession(Func<long, Task> operation) => async count =>
    {
        using var session = db.BeginSession();
        for (var i = 0; i < count; i++)
            await operation(1 + i);
    };

    private Func<int, Task> Exported(Func<long, Task> operation, bool willExport) => async count =>
    {
        using var session = db.BeginSession();
        session.WillExport = willExport;
        for (var i = 0; i < count; i++)
        {
            await operation(1 + i);
            await session.ExportAsync();
        }
    };
}
