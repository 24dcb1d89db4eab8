using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class SetTransactionTests
{
    [Theory]
    [InlineData("{|CTR016:SerializationRetries = 3|}", "SerializationRetries = 3, Transaction = true")]
    [InlineData("{|CTR016:SerializationRetries = 3|}, Transaction = false", "SerializationRetries = 3, Transaction = true")]
    [InlineData("Transaction = false, {|CTR016:SerializationRetries = 3|}", "Transaction = true, SerializationRetries = 3")]
    public Task In_the_attribute(string before, string after) => new FixTest<RoutedMethodAnalyzer, NotOneTransactionFixProvider>()
        .File(Core(before), Core(after))
        .RunAsync();

    [Fact]
    public Task Beside_sql() => new FixTest<RoutedMethodAnalyzer, NotOneTransactionFixProvider>()
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [WriteCommand("call move_notes()",
                    {|CTR016:SerializationRetries = 3|})] // often
                public partial Task MoveAsync();

                [WriteCommand("do 'begin end'", {|CTR016:SerializationRetries = 1|})] public partial Task RunAsync();
            }
            """,
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [WriteCommand("call move_notes()",
                    SerializationRetries = 3, Transaction = true)] // often
                public partial Task MoveAsync();

                [WriteCommand("do 'begin end'", SerializationRetries = 1, Transaction = true)] public partial Task RunAsync();
            }
            """)
        .RunAsync();

    [Fact]
    public Task A_stream_can_have_no_transaction()
    {
        const string Stream =
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [WriteCommand({|CTR016:SerializationRetries = 3|})]
                public static async IAsyncEnumerable<int> Drain(NpgsqlConnection connection)
                {
                    await Task.Yield();
                    yield return 1;
                }
            }
            """;
        return new FixTest<RoutedMethodAnalyzer, NotOneTransactionFixProvider>().File(Stream, Stream).RunAsync();
    }

    private static string Core(string arguments) => $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand({{arguments}})]
            public static Task MoveAsync(NpgsqlConnection connection, long id) => Task.CompletedTask;
        }
        """;
}
