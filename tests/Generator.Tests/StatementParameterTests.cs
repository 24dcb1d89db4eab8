namespace CompileTimeRouting.Generator.Tests;

/// <summary>SQL in the attribute: how each kind of parameter is sent.</summary>
public class StatementParameterTests
{
    [Fact]
    public Task Numbers() => Verify("short a, int b, long c, float d, double e, decimal f, System.Numerics.BigInteger g");

    [Fact]
    public Task Nullable_numbers() => Verify("short? a, int? b, long? c, float? d, double? e, decimal? f, System.Numerics.BigInteger? g");

    [Fact]
    public Task Numbers_that_PostgreSQL_does_not_have() => Verify("byte a, sbyte b, ushort c, uint d, ulong e, byte? f, ulong? g");

    [Fact]
    public Task Texts_and_truths() => Verify("string a, string? b, char c, char? d, bool e, bool? f");

    [Fact]
    public Task Identifiers_and_bytes() => Verify("Guid a, Guid? b, byte[] c, byte[]? d");

    [Fact]
    public Task Dates_and_times() => Verify("DateOnly a, DateOnly? b, TimeOnly c, TimeOnly? d, TimeSpan e, TimeSpan? f");

    [Fact]
    public Task Instants_are_sent_in_universal_time() => Verify("DateTimeOffset a, DateTimeOffset? b, DateTimeOffset[] c, List<DateTimeOffset?>? d");

    [Fact]
    public Task Null_of_a_DateTime_has_no_type() => Verify("DateTime a, DateTime? b, DateTime[] c, DateTime[]? d, List<DateTime>? e, IEnumerable<DateTime>? f");

    [Fact]
    public Task Json() => Verify(
        "System.Text.Json.JsonDocument a, System.Text.Json.JsonDocument? b, System.Text.Json.JsonElement c, System.Text.Json.JsonElement? d, System.Text.Json.Nodes.JsonNode? e");

    [Fact]
    public Task Addresses() => Verify("System.Net.IPAddress a, System.Net.IPNetwork? b, System.Net.NetworkInformation.PhysicalAddress? c");

    [Fact]
    public Task Types_of_Npgsql() => Verify(
        "NpgsqlTypes.NpgsqlPoint a, NpgsqlTypes.NpgsqlRange<int>? b, NpgsqlTypes.NpgsqlRange<DateTime>? c, NpgsqlTypes.NpgsqlLogSequenceNumber d, NpgsqlTypes.NpgsqlTid? e");

    [Fact]
    public Task Enums_are_integers() => Verify("DayOfWeek a, DayOfWeek? b, Small c, Big d, Big? e");

    [Fact]
    public Task Enums_of_PostgreSQL() => Verify("Mood a, Mood? b, Marked c, Mood[] d, List<Mood>? e");

    [Fact]
    public Task Arrays_and_lists() => Verify("int[] a, int[]? b, List<int> c, List<int>? d, int?[] e, string?[] f, byte[][] g, params Guid[] h");

    [Fact]
    public Task Sequences_are_copied() => Verify("IReadOnlyList<int> a, IEnumerable<string?>? b, IReadOnlyCollection<DayOfWeek> c, IList<long> d");

    [Fact]
    public Task Collections_of_what_is_converted() => Verify("DayOfWeek[] a, List<DayOfWeek?>? b, ushort[] c, char[]? d, List<char> e");

    private static Task Verify(string parameters)
    {
        var names = parameters.Split(", ").Select(static p => "@" + p[^1]);
        return GeneratorTest.Verify($$"""
            namespace App;
            public enum Small : byte { One = 1 }
            public enum Big : ulong { One = 1 }
            [NpgsqlTypes.PgName("mood")] public enum Mood { Calm }
            public enum Marked { [NpgsqlTypes.PgName("one")] One }
            public partial class R(RoutedDataSource db)
            {
                [WriteCommand("insert into t values ({{string.Join(", ", names)}})")] public partial Task AddAsync({{parameters}});
            }
            """);
    }
}
