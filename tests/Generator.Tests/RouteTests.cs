namespace CompileTimeRouting.Generator.Tests;

/// <summary>What the attributes say is in the route.</summary>
public class RouteTests
{
    [Fact]
    public Task Consistency() => Route("ReadQuery(Consistency = ReadConsistency.ReadYourWrites)");

    [Fact]
    public Task Bounded_staleness() => Route("ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 0.1)");

    [Fact]
    public Task Group() => Route("ReadQuery(Group = \"ana\\\"lytics\\n\")");

    [Fact]
    public Task Isolation_level() => Route("WriteCommand(Transaction = true, IsolationLevel = IsolationLevel.RepeatableRead)");

    [Fact]
    public Task Invalid_values_still_compile() => Route("ReadQuery(Consistency = (ReadConsistency)(-7), MaxLagSeconds = double.NaN, Group = \"\")");

    [Fact]
    public Task Without_retry() => Route("ReadQuery(Retry = false)");

    [Fact]
    public Task Overload() => Route("ReadQuery(Overload = OverloadPolicy.ServeStale)");

    [Fact]
    public Task Serialization_retries() => Route("WriteCommand(Transaction = true, SerializationRetries = 3)");

    [Theory]
    [InlineData("WriteCommand(\"delete from notes\")", true)]
    [InlineData("WriteCommand(\"delete from notes\", SerializationRetries = 1)", true)]
    [InlineData("WriteCommand(\"delete from notes\", Transaction = true)", false)]
    [InlineData("WriteCommand(\"call clear()\")", false)]
    [InlineData("WriteCommand(\"/* */ do 'begin commit; end'\")", false)]
    [InlineData("ReadQuery(\"select 1\")", false)]
    public void One_statement_is_one_transaction_unless_it_may_commit(string attribute, bool isOne)
    {
        GeneratorTest.Run(
            TestCompilation.Create($$"""
                public partial class Repository(RoutedDataSource db)
                {
                    [{{attribute}}] public partial Task<int> RunAsync();
                }
                """),
            out var output);
        Assert.Contains(output.SyntaxTrees, static tree => tree.ToString().Contains("new(\"Repository.RunAsync\"", StringComparison.Ordinal));
        Assert.Equal(isOne, output.SyntaxTrees.Any(static tree => tree.ToString().Contains("isOneTransaction: true", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[ReadQuery]", "consistency: (global::CompileTimeRouting.ReadConsistency)(2)")]
    [InlineData("[ReadQuery(Consistency = ReadConsistency.Strong)]", "consistency: (global::CompileTimeRouting.ReadConsistency)(3)")]
    [InlineData("[ReadQuery(Consistency = ReadConsistency.Eventual)]", "consistency: (global::CompileTimeRouting.ReadConsistency)(0)")]
    [InlineData("[WriteCommand]", "new(\"Repository.CountAsync\")")]
    public void Default_of_the_assembly(string attribute, string expected)
    {
        GeneratorTest.Run(
            TestCompilation.Create($$"""
                [assembly: RoutingDefaults(Consistency = ReadConsistency.ReadYourWrites)]
                public partial class Repository(RoutedDataSource db)
                {
                    {{attribute}} public static Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(0);
                }
                """),
            out var output);
        Assert.Contains(output.SyntaxTrees, tree => tree.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[ReadQuery]", "new(\"Repository.CountAsync\")")]
    [InlineData("[ReadQuery(Consistency = ReadConsistency.Eventual)]", "consistency: (global::CompileTimeRouting.ReadConsistency)(0)")]
    public void What_nobody_says_is_left_to_the_data_source(string attribute, string expected)
    {
        GeneratorTest.Run(
            TestCompilation.Create($$"""
                public partial class Repository(RoutedDataSource db)
                {
                    {{attribute}} public static Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(0);
                }
                """),
            out var output);
        Assert.Contains(output.SyntaxTrees, tree => tree.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public Task Alias_and_full_name_of_the_attribute() => GeneratorTest.Verify("""
        using Read = CompileTimeRouting.ReadQueryAttribute;
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [Read] public partial Task<int> CountAsync(int id);
            private static Task<int> CountAsync(NpgsqlConnection connection, int id) => Task.FromResult(id);

            [global::CompileTimeRouting.WriteCommandAttribute] public static Task<int> ClearAsync(NpgsqlConnection connection) => Task.FromResult(0);
            [WriteCommand] public static Task<int> OtherAsync(NpgsqlConnection connection) => Task.FromResult(0);
        }
        """);

    private static Task Route(string attribute) => GeneratorTest.Verify($$"""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [{{attribute}}] public partial Task<int> RunAsync(int id);
            private static Task<int> RunAsync(NpgsqlConnection connection, int id) => Task.FromResult(id);
        }
        """);
}
