namespace CompileTimeRouting.Generator.Tests;

/// <summary>SQL in the attribute: how rows are read.</summary>
public class StatementRowTests
{
    [Fact]
    public Task Scalars() => Verify("""
        [ReadQuery("select 1")] public partial Task<int> IntAsync();
        [ReadQuery("select max(id) from t")] public partial Task<int?> NullableAsync();
        [ReadQuery("select body from t")] public partial Task<string?> TextAsync();
        [ReadQuery("select bytes from t")] public partial Task<byte[]> BytesAsync();
        [ReadQuery("select day from t")] public partial Task<DayOfWeek?> EnumAsync();
        [ReadQuery("select body from t")] public partial Task<List<string?>> TextsAsync();
        """);

    [Fact]
    public Task Tuples_by_position() => Verify("""
        [ReadQuery("select b, a from t")] public partial Task<(int A, string? B)> OneAsync();
        [ReadQuery("select b, a from t")] public partial Task<(int A, string? B)?> OneOrNoneAsync();
        [ReadQuery("select 1, 2, 3, 4, 5, 6, 7, 8, 9")] public partial Task<(int, int, int, int, int, int, int, int, int)[]> LongAsync();
        """);

    [Fact]
    public Task Record_and_underscores() => Verify("[ReadQuery(\"select id, starts_at, _note_ from t\")] public partial Task<Row> GetAsync();",
        "public sealed record Row(int Id, DateTimeOffset StartsAt, string? Note);");

    [Fact]
    public Task Columns_in_another_order() => Verify("[ReadQuery(\"select note, id, starts_at from t\")] public partial Task<Row> GetAsync();",
        "public sealed record Row(int Id, DateTimeOffset StartsAt, string? Note);");

    [Fact]
    public Task Constructor_first_then_members_of_the_base() => Verify(
        "[ReadQuery(\"select id, server_address, port, body from t\")] public partial Task<List<Row>> AllAsync();",
        "public abstract record Witnessed { public string? ServerAddress { get; init; } public int Port { get; init; } public bool Unused { get; init; } } public sealed record Row(int Id, string Body) : Witnessed;");

    [Fact]
    public Task Required_and_settable_members_and_fields() => Verify(
        "[ReadQuery(\"select id, name, field, day from t\")] public partial Task<Row> GetAsync();",
        "public sealed class Row { public required int Id { get; init; } public string Name { get; set; } = \"\"; public long Field; public DayOfWeek? Day { get; set; } public int Left { get; set; } }");

    [Fact]
    public Task Optional_constructor_parameter_without_column() => Verify(
        "[ReadQuery(\"select id, day from t\")] public partial Task<Row> GetAsync();",
        "public sealed record Row(int Id, string Name = \"none\", DayOfWeek Day = DayOfWeek.Monday);");

    [Fact]
    public Task Constructor_that_sets_required_members() => Verify(
        "[ReadQuery(\"select id from t\")] public partial Task<Row> GetAsync();",
        "public sealed class Row { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public Row(int id) => (Id, Name) = (id, \"\"); public required int Id { get; init; } public required string Name { get; init; } }");

    [Fact]
    public Task Hidden_overridden_and_inaccessible_members() => Verify(
        "[ReadQuery(\"select id, name, kept from t\")] public partial Task<Row> GetAsync();",
        "public abstract class Base { public virtual int Id { get; set; } public string? Name { get; set; } public int Kept { get; set; } } " +
        "public sealed class Row : Base { public override int Id { get => base.Id; } public new string? Name { get; init; } public int Locked { get; private set; } public static int Shared { get; set; } }");

    [Fact]
    public Task Members_that_must_not_be_used() => Verify(
        "[ReadQuery(\"select * from t\")] public partial Task<List<Row>> AllAsync();",
        "public sealed class Row { public Row() { } [Obsolete(\"gone\", error: true)] public Row(int id) => Id = id; public int Id { get; set; } [Obsolete] public int Old { get; set; } [Obsolete(\"gone\", error: true)] public int Gone { get; set; } }");

    [Fact]
    public Task Structs() => Verify("""
        [ReadQuery("select x, y from t")] public partial Task<Point> GetAsync();
        [ReadQuery("select x, y from t")] public partial Task<Point?> FindAsync();
        [ReadQuery("select x from t")] public partial Task<Mutable> MutableAsync();
        """, "public readonly record struct Point(int X, int Y); public struct Mutable { public int X { get; set; } }");

    [Fact]
    public Task Members_of_each_kind() => Verify(
        "[ReadQuery(\"select a, b, c, d, e, f, g, h, i, j, k, l, m, n, o from t\")] public partial Task<Row> GetAsync();",
        "public sealed record Row(bool A, byte B, ushort? C, uint D, ulong E, char F, float G, decimal H, Guid? I, DateTime J, DateOnly K, TimeSpan? L, System.Text.Json.JsonDocument? M, DayOfWeek N, Mood? O);");

    [Fact]
    public Task Collections_in_members() => Verify(
        "[ReadQuery(\"select a, b, c, d, e, f from t\")] public partial Task<List<Row>> AllAsync();",
        "public sealed record Row(int[] A, List<string>? B, IReadOnlyList<int?> C, DayOfWeek[] D, List<DayOfWeek?>? E) { public char[]? F { get; init; } }");

    [Fact]
    public Task Star_is_looked_up() => Verify("""
        [ReadQuery("select * from t")] public partial Task<Row> GetAsync();
        [ReadQuery("select id, t.*, now() as at_time from t")] public partial IAsyncEnumerable<Row> StreamAsync();
        """, "public sealed record Row(int Id, string? Name) { public DateTimeOffset? AtTime { get; init; } public DayOfWeek Day { get; set; } public DayOfWeek[] Days { get; set; } = []; public List<Row> Children { get; init; } = []; }");

    [Fact]
    public Task Star_by_position_is_counted() => Verify("""
        [ReadQuery("select * from t")] public partial Task<int> ScalarAsync();
        [ReadQuery("table t")] public partial Task<List<(int, string)>> TuplesAsync();
        [ReadQuery("show server_version")] public partial Task<string> ShowAsync();
        """);

    [Fact]
    public Task Nested_private_row() => Verify("""
        private sealed record Row(int Id) { internal string? Name { get; init; } }
        [ReadQuery("select id, name from t")] private partial Task<List<Row>> AllAsync();
        public Task UseAsync() => AllAsync();
        """);

    [Fact]
    public Task Names_that_are_keywords() => Verify("[ReadQuery(\"select class, event, \\\"new\\\" from t\")] public partial Task<Row> GetAsync();",
        "public sealed record Row(int @class) { public int @event { get; init; } public int @new { get; init; } }");

    private static Task Verify(string members, string types = "") => GeneratorTest.Verify($$"""
        namespace App;
        [NpgsqlTypes.PgName("mood")] public enum Mood { Calm }
        {{types}}
        public partial class R(RoutedDataSource db)
        {
            {{members}}
        }
        """);
}
