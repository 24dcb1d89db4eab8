namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A data-access method has no routing attribute.</summary>
public class CTR302
{
    [Fact]
    public Task Read() => Reports(
        """public static Task<int> {|CTR302:CountAsync|}(NpgsqlConnection c) => c.ExecuteScalarAsync<int>("select count(*) from notes");""",
        "'CountAsync' only reads; mark it [ReadQuery], so that callers need no connection and it goes where it belongs");

    [Fact]
    public Task Write() => Reports(
        """public static Task {|CTR302:ClearAsync|}(NpgsqlConnection c) => c.ExecuteAsync("delete from notes");""",
        "'ClearAsync' writes; mark it [WriteCommand], so that callers need no connection and it goes where it belongs");

    [Fact]
    public Task Write_through_a_helper() => Reports(
        """
        public static Task {|CTR302:ClearAsync|}(NpgsqlConnection c) => Run(c, "delete from notes");
        private static Task Run(NpgsqlConnection c, string sql) => c.ExecuteAsync(sql);
        """,
        "'ClearAsync' writes; mark it [WriteCommand], so that callers need no connection and it goes where it belongs");

    [Fact]
    public Task Read_through_a_helper() => Reports(
        """
        public static Task<int> {|CTR302:CountAsync|}(NpgsqlConnection c) => Run(c, "select count(*) from notes");
        private static Task<int> Run(NpgsqlConnection c, string sql) => c.ExecuteScalarAsync<int>(sql);
        """,
        "'CountAsync' only reads; mark it [ReadQuery], so that callers need no connection and it goes where it belongs");

    [Fact]
    public Task NoFalsePositive_marked() => ReportsNothing(
        """[ReadQuery] public static Task<int> CountAsync(NpgsqlConnection c) => c.ExecuteScalarAsync<int>("select count(*) from notes");""");

    [Fact]
    public Task NoFalsePositive_core_of_a_marked_shim() => ReportsNothing(
        """
        [ReadQuery] public partial Task<int> CountAsync();
        public static Task<int> CountAsync(NpgsqlConnection c) => c.ExecuteScalarAsync<int>("select count(*) from notes");
        """);

    [Fact]
    public Task NoFalsePositive_sql_that_is_not_known() => ReportsNothing(
        "public static Task<int> CountAsync(NpgsqlConnection c, string sql) => c.ExecuteScalarAsync<int>(sql);");

    [Fact]
    public Task NoFalsePositive_no_sql() => ReportsNothing("public static string NameOf(NpgsqlConnection c) => c.Database;");

    [Fact]
    public Task NoFalsePositive_private() => ReportsNothing(
        """private static Task<int> CountAsync(NpgsqlConnection c) => c.ExecuteScalarAsync<int>("select count(*) from notes");""");

    [Fact]
    public Task NoFalsePositive_no_data_source() => Rule.ReportsNothing(
        """public static class Notes { public static Task<int> CountAsync(NpgsqlConnection c) => c.ExecuteScalarAsync<int>("select count(*) from notes"); }""");

    private static Task Reports(string members, string message) => Rule.Reports(Type(members), message);

    private static Task ReportsNothing(string members) => Rule.ReportsNothing(Type(members));

    private static string Type(string members) => $"public sealed partial class Notes(RoutedDataSource db)\n{{\n    private readonly RoutedDataSource _db = db;\n{members}\n}}\n";
}
