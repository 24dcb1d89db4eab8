using Npgsql;

namespace CompileTimeRouting.Routing.Benchmarks;

/// <summary>The same write and the same read, in a session and without one.</summary>
public sealed partial class SessionCalls(RoutedDataSource db)
{
    [WriteCommand("update customers set city = @city where id = @id")]
    public partial Task<int> MoveAsync(long id, string city);

    [ReadQuery("select id, name, city from customers where id = @id")]
    public partial Task<Customer?> FindAsync(long id);

    [ReadQuery("select id, name, city from customers where id = @id", Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Customer?> FindOwnAsync(long id);
}

/// <summary>What sessions cost.</summary>
internal sealed class Sessions(RoutedDataSource db, NpgsqlDataSource primary, int rounds)
{
    private const int Writes = 100;
    private const int Reads = 300;

    private readonly SessionCalls _calls = new(db);

    public async Task RunAsync()
    {
        await Race.RunAsync("A write, alone and in a session", [
            new("alone", Repeat(id => _calls.MoveAsync(id, "A"))),
            new("in a session", InSession(id => _calls.MoveAsync(id, "A"))),
            new("in a session, then exported", Each(async (session, id) =>
            {
                await _calls.MoveAsync(id, "A");
                await session.ExportAsync();
            })),
        ], Writes, rounds, nanosecondsPerUnit: 1000, "µs");

        await SetAsync("on");
        await Race.RunAsync("The same, with fsync", [
            new("alone", Repeat(id => _calls.MoveAsync(id, "A"))),
            new("in a session", InSession(id => _calls.MoveAsync(id, "A"))),
            new("in a session, then exported", Each(async (session, id) =>
            {
                await _calls.MoveAsync(id, "A");
                await session.ExportAsync();
            })),
        ], Writes, rounds, nanosecondsPerUnit: 1000, "µs");
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
            new("read your writes, session without a write", InSession(id => _calls.FindOwnAsync(id))),
            new("read your writes, covered", async count =>
            {
                using var use = db.UseSession(covered);
                for (var i = 0; i < count; i++)
                    await _calls.FindOwnAsync(1 + i);
            }),
        ], Reads, rounds, nanosecondsPerUnit: 1000, "µs");
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

    private Func<int, Task> Each(Func<ConsistencySession, long, Task> operation) => async count =>
    {
        using var session = db.BeginSession();
        for (var i = 0; i < count; i++)
            await operation(session, 1 + i);
    };
}
