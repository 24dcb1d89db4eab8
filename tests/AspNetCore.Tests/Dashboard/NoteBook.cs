using Npgsql;

namespace CompileTimeRouting.AspNetCore.Tests.Dashboard;

/// <summary>Routed methods for the dashboard to list and to count.</summary>
public sealed partial class NoteBook(RoutedDataSource db)
{
    [ReadQuery("select count(*) from notes")]
    public partial Task<long> CountAsync(CancellationToken ct = default);

    [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2.5, Group = "<b>analytics</b>", Retry = false)]
    public partial Task<long> LongestAsync(CancellationToken ct = default);

    private static async Task<long> LongestAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(length(text)), 0)::bigint from public.notes", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    [WriteCommand(Transaction = true, SerializationRetries = 3)]
    public partial Task<int> AddAsync(string text, CancellationToken ct = default);

    private static async Task<int> AddAsync(NpgsqlConnection connection, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("insert into notes (text) values ($1)", connection) { Parameters = { new() { Value = text } } };
        return await command.ExecuteNonQueryAsync(ct);
    }
}
