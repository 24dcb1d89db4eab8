using System.Text.Json;
using NpgsqlTypes;

namespace CompileTimeRouting.Integration.Routing;

public enum Colour
{
    Red = 1,
    Green = 2,
}

[PgName("mood")]
public enum Mood
{
    [PgName("calm")]
    Calm,
    [PgName("busy")]
    Busy,
}

public sealed record Kind(
    int Id, bool? Flag, short? Small, int? Whole, long? Large, float? Narrow, double? Twice, decimal? Amount, string? Words, string? Letters,
    Guid? UniqueKey, byte[]? Bytes, DateTimeOffset? AtTime, DateTime? LocalTime, DateOnly? OnDay, TimeOnly? TimeOfDay, TimeSpan? Duration,
    JsonDocument? Document, int[]? Numbers, string[]? Tags, Colour? Colour, Mood? Feeling);

public sealed class SettableKind
{
    public required int Id { get; init; }

    public string? Words { get; set; }

    public DateOnly? OnDay { get; set; }

    public Guid UniqueKey { get; set; }
}

/// <summary>SQL in the attribute (form 1), in every shape of parameters and results.</summary>
public sealed partial class Kinds(RoutedDataSource db)
{
    private const string Columns =
        "id, flag, small, whole, large, narrow, twice, amount, words, letters, unique_key, bytes, at_time, local_time, on_day, time_of_day, duration, document, numbers, tags, colour, feeling";

    [WriteCommand($"""
        insert into kinds ({Columns})
        values (@id, @flag, @small, @whole, @large, @narrow, @twice, @amount, @words, @letters, @uniqueKey, @bytes, @atTime, @localTime,
                @onDay, @timeOfDay, @duration, @document, @numbers, @tags, @colour, @feeling)
        returning {Columns}
        """)]
    public partial Task<Kind> InsertAsync(
        int id, bool? flag, short? small, int? whole, long? large, float? narrow, double? twice, decimal? amount, string? words, string? letters,
        Guid? uniqueKey, byte[]? bytes, DateTimeOffset? atTime, DateTime? localTime, DateOnly? onDay, TimeOnly? timeOfDay, TimeSpan? duration,
        JsonDocument? document, int[]? numbers, string[]? tags, Colour? colour, Mood? feeling, CancellationToken ct = default);

    [ReadQuery($"select {Columns} from kinds where id = @id")]
    public partial Task<Kind?> FindAsync(int id, CancellationToken ct = default);

    [ReadQuery($"select {Columns} from kinds where id = $1")]
    public partial Kind Get(int id);

    // Columns unknown at compile time: looked up by name.
    [ReadQuery("select * from kinds where id = @id")]
    public partial Task<Kind> GetByStarAsync(int id);

    [ReadQuery("select id, words, on_day, unique_key from kinds where id = any(@ids) order by id")]
    public partial Task<List<SettableKind>> ListAsync(int[] ids, CancellationToken ct = default);

    [ReadQuery("select id from kinds where id = any(@ids) order by id")]
    public partial Task<IReadOnlyList<int>> IdsAsync(List<int> ids);

    [ReadQuery("select id, words from kinds where colour = @colour and feeling = @feeling order by id")]
    public partial Task<(int Id, string? Words)[]> ByEnumsAsync(Colour colour, Mood feeling);

    [ReadQuery("select id, words from kinds where id >= @from order by id")]
    public partial IAsyncEnumerable<(int Id, string? Words)> StreamAsync(int from, CancellationToken ct = default);

    [ReadQuery("select count(*) from kinds")]
    public partial ValueTask<long> CountAsync();

    [ReadQuery("select max(id) from kinds where id < @below")]
    public partial Task<int?> HighestAsync(int below);

    [ReadQuery("select words from kinds where id = @id")]
    public partial Task<string?> WordsAsync(int id);

    [ReadQuery("select exists (select from kinds where id = @id)")]
    public partial bool Exists(int id);

    [ReadQuery("select words from kinds where on_day = @day")]
    public partial Task<string> WordsOfDayAsync(DateOnly day);

    [WriteCommand("update kinds set words = @words where id = any(@ids)")]
    public partial Task<int> RenameAsync(string? words, int[] ids);

    [WriteCommand("delete from kinds where id = @id")]
    public partial Task DeleteAsync(int id);

    [WriteCommand("delete from kinds where id = @id returning words")]
    public partial Task<string?> DeleteReturningAsync(int id);

    [ReadQuery("select inet_server_port() as port, pg_is_in_recovery() as in_recovery")]
    public partial Task<Server> ServerAsync();
}
