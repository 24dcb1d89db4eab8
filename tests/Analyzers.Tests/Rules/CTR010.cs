namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A method parameter is not used by the SQL.</summary>
public class CTR010
{
    [Fact]
    public Task One() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @id")]
            public partial Task<string?> BodyAsync(long id, string {|CTR010:language|});
        }
        """,
        "The SQL of 'BodyAsync' doesn't use its parameter 'language'; use it or remove it");

    [Fact]
    public Task Number_below() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = $1")]
            public partial Task<string?> BodyAsync(long id, string {|CTR010:language|}, CancellationToken ct = default);
        }
        """,
        "The SQL of 'BodyAsync' doesn't use its parameter 'language'; use it or remove it");

    [Fact]
    public Task Each_of_several() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from notes")]
            public partial Task<int> ClearAsync(long {|CTR010:id|}, string {|CTR010:author|});
        }
        """,
        "The SQL of 'ClearAsync' doesn't use its parameter 'id'; use it or remove it",
        "The SQL of 'ClearAsync' doesn't use its parameter 'author'; use it or remove it");

    [Fact]
    public Task Only_in_a_comment_or_literal() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select '@a', 1 -- @b")]
            public partial Task<(string, int)> GetAsync(long {|CTR010:a|}, long {|CTR010:b|});
        }
        """,
        "The SQL of 'GetAsync' doesn't use its parameter 'a'; use it or remove it",
        "The SQL of 'GetAsync' doesn't use its parameter 'b'; use it or remove it");

    [Fact]
    public Task NoFalsePositive_all_used() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @id and language = coalesce(@language, 'en')")]
            public partial Task<string?> BodyAsync(long id, string? language);
        }
        """);

    [Fact]
    public Task NoFalsePositive_cancellation_token() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes")]
            public partial Task<List<string>> ListAsync(CancellationToken ct = default);
        }
        """);

    [Fact]
    public Task NoFalsePositive_numbers_in_any_order() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = $2 and author = $1")]
            public partial Task<string?> BodyAsync(string author, long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_method_with_a_core() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection, string unused) => Task.FromResult(1L);
        }
        """);
}
