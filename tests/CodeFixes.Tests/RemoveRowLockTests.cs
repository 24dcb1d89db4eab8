using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class RemoveRowLockTests
{
    private const int SecondAction = 1;

    [Theory]
    [InlineData("\"select a from t {|CTR102:for update|}\"", "\"select a from t\"")]
    [InlineData("\"select a from t {|CTR102:FOR  NO KEY\\tUPDATE|} NOWAIT\"", "\"select a from t\"")]
    [InlineData("\"select a from t {|CTR102:for share|} skip locked\"", "\"select a from t\"")]
    [InlineData("\"select a from t {|CTR102:for key share|} of t nowait;\"", "\"select a from t;\"")]
    [InlineData("\"select a from t, \\\"U u\\\" as u {|CTR102:for update|} of t, u skip locked\"", "\"select a from t, \\\"U u\\\" as u\"")]
    [InlineData("\"select a from t {|CTR102:for update|} limit 1\"", "\"select a from t limit 1\"")]
    [InlineData("\"select a from t order by a {|CTR102:for update|} of t limit 1\"", "\"select a from t order by a limit 1\"")]
    [InlineData("\"select a from (select a from t {|CTR102:for update|}) s\"", "\"select a from (select a from t) s\"")]
    [InlineData("\"select a from t {|CTR102:for update|}/* only one */limit 1\"", "\"select a from t /* only one */limit 1\"")]
    [InlineData("\"select a from t -- all\\n{|CTR102:for update|} limit 1\"", "\"select a from t -- all\\n limit 1\"")]
    [InlineData("\"select a from t -- all\\n{|CTR102:for update|}\"", "\"select a from t -- all\"")]
    [InlineData("\"select a from t {|CTR102:for /* rows */ update|}\"", "\"select a from t\"")]
    [InlineData("\"select a from t where b <> '\\u0041' \\r\\n {|CTR102:for update|}\\n\"", "\"select a from t where b <> '\\u0041'\\n\"")]
    [InlineData("@\"select \"\"a\"\" from t {|CTR102:for update|}\"", "@\"select \"\"a\"\" from t\"")]
    [InlineData("\"\"\"select a from t {|CTR102:for update|}\"\"\"", "\"\"\"select a from t\"\"\"")]
    public Task In_a_literal(string before, string after) => Fixed(before, after);

    [Fact]
    public Task In_a_literal_of_several_lines() => Fixed(
        """"
        """
                select a   -- the first one
                from t
                where a > 0

                  {|CTR102:for update|}
                    of t nowait
                """
        """",
        """"
        """
                select a   -- the first one
                from t
                where a > 0
                """
        """");

    [Fact]
    public Task In_the_middle_of_a_literal_of_several_lines() => Fixed(
        """"
        """
                select a from t
                {|CTR102:for update|}
                limit 1
                """
        """",
        """"
        """
                select a from t
                limit 1
                """
        """");

    [Fact]
    public Task In_a_verbatim_literal_of_several_lines_that_end_in_carriage_returns() =>
        Fixed("@\"select a\r\n    from t\r\n    {|CTR102:for update|} skip locked\r\n\"", "@\"select a\r\n    from t\r\n\"");

    [Theory]
    [InlineData("CTR102:\"select a from t where b > 0 \" + \"and a > 0 for update\"", "\"select a from t where b > 0 \" + \"and a > 0\"")]
    [InlineData("CTR102:\"select a from t for update \" + \"limit 1\"", "\"select a from t \" + \"limit 1\"")]
    [InlineData("CTR102:\"select a from t\" +\n        \" for update\"", "\"select a from t\"")]
    [InlineData("CTR102:(\"select a \" + \"from t\") + \" for update\" + \" limit 1\"", "(\"select a \" + \"from t\") + \" limit 1\"")]
    [InlineData("CTR102:\"select a from t\" + /* rows */ \" for update\"", "\"select a from t\" + /* rows */ \"\"")]
    [InlineData("CTR102:\"select a from \" + nameof(Int32) + \" for update\"", "\"select a from \" + nameof(Int32)")]
    public Task In_a_concatenation(string before, string after) => Fixed($"{{|{before}|}}", after);

    [Fact]
    public Task All_of_a_file() => new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider> { CodeActionIndex = SecondAction }.File(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select a from t {|CTR102:for update|} of t {|CTR102:for share|} nowait")]
            public partial Task<List<int>> FirstAsync();

            [ReadQuery("select a from (select a from t {|CTR102:for update|}) s")]
            public partial Task<List<int>> SecondAsync();
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select a from t")]
            public partial Task<List<int>> FirstAsync();

            [ReadQuery("select a from (select a from t) s")]
            public partial Task<List<int>> SecondAsync();
        }
        """).RunAsync();

    [Fact]
    public Task In_a_body() => Body("/*CTR102*/{|CTR102:\"select a from t for update\"|}", "/*CTR102*/{|CTR102:\"select a from t\"|}");

    [Fact]
    public Task In_an_interpolated_string() => Body(
        "/*CTR102*/{|CTR102:$\"select a from {table} where b = {1} for update limit 1\"|}",
        "/*CTR102*/{|CTR102:$\"select a from {table} where b = {1} limit 1\"|}");

    [Fact]
    public async Task Title_says_the_words()
    {
        var test = new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider>
        {
            CodeActionIndex = SecondAction,
            CodeActionVerifier = static (action, verifier) =>
            {
                verifier.Equal("Remove FOR NO KEY UPDATE from the SQL", action.Title);
                verifier.Equal("CompileTimeRouting.RemoveRowLock", action.EquivalenceKey);
            },
        };
        await test.File(Method("\"select a from t {|CTR102:for  no key update|} of t\""), Method("\"select a from t\"")).RunAsync();
    }

    // The only action is then the first one, which no second one follows.
    [Theory]
    [InlineData("{|CTR102:Sql|}")]
    [InlineData("{|CTR102:\"select a from t for \" + \"update\"|}")]
    [InlineData("\"{|CTR102:lock|} table t\"")]
    public async Task Not_offered_where_the_words_stand_elsewhere(string sql)
    {
        var test = new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider> { CodeActionIndex = SecondAction };
        await test.File(Method(sql), Method(sql)).RunAsync();
    }

    private static Task Fixed(string before, string after) =>
        new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider> { CodeActionIndex = SecondAction }.File(Method(before), Method(after)).RunAsync();

    private static string Method(string sql) =>
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Sql = "select a from t for update";

            [ReadQuery({{sql}})]
            public partial Task<int> RunAsync();
        }
        """;

    // What stands in a body is no business of the analyzer here, which reports it again.
    private static Task Body(string before, string after)
    {
        var test = new FixTest<MarkerAnalyzer, WriteInReadFixProvider> { CodeActionIndex = SecondAction, NumberOfIncrementalIterations = 1, NumberOfFixAllIterations = 1 };
        return test.File(Source(before), Source(after)).RunAsync();

        static string Source(string sql) =>
            $$"""
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery]
                public static int Run(NpgsqlConnection connection, string table) => connection.Execute({{sql}});
            }
            """;
    }
}
