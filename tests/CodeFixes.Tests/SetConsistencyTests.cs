using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class SetConsistencyTests
{
    [Theory]
    [InlineData("\"select body from notes\"", "\"select body from notes\", Consistency = ReadConsistency.ReadYourWrites")]
    [InlineData("\"select body from notes\", Consistency = ReadConsistency.Eventual", "\"select body from notes\", Consistency = ReadConsistency.ReadYourWrites")]
    [InlineData("\"select body from notes\", Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2", "\"select body from notes\", Consistency = ReadConsistency.ReadYourWrites")]
    [InlineData("\"select body from notes\", MaxLagSeconds = 2, Consistency = ReadConsistency.BoundedStaleness, Retry = false", "\"select body from notes\", Consistency = ReadConsistency.ReadYourWrites, Retry = false")]
    public Task In_the_attribute(string before, string after) => new FixTest<ConsistencyAnalyzer, ReadAfterWriteFixProvider>()
        .File(Notes(before, "{|CTR201:ListAsync()|}"), Notes(after, "ListAsync()"))
        .RunAsync();

    [Fact]
    public Task Without_arguments_and_in_another_file_once_for_all_calls() => new FixTest<ConsistencyAnalyzer, ReadAfterWriteFixProvider>()
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery] // all
                public static Task<long> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select count(*) from notes");

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();
            }
            """,
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)] // all
                public static Task<long> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select count(*) from notes");

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();
            }
            """)
        .File(
            """
            public sealed class Service(Notes notes)
            {
                public async Task<long> FirstAsync() { await notes.ClearAsync(); return await {|CTR201:notes.CountAsync()|}; }
                public async Task<long> SecondAsync() { await notes.ClearAsync(); return await {|CTR201:notes.CountAsync()|}; }
            }
            """,
            """
            public sealed class Service(Notes notes)
            {
                public async Task<long> FirstAsync() { await notes.ClearAsync(); return await notes.CountAsync(); }
                public async Task<long> SecondAsync() { await notes.ClearAsync(); return await notes.CountAsync(); }
            }
            """)
        .RunAsync();

    [Fact]
    public Task Without_a_using_directive() => new FixTest<ConsistencyAnalyzer, ReadAfterWriteFixProvider>(withUsing: false)
        .File(
            Qualified("[CompileTimeRouting.ReadQuery(\"select body from notes\")]", "{|CTR201:ListAsync()|}"),
            Qualified("[CompileTimeRouting.ReadQuery(\"select body from notes\", Consistency = global::CompileTimeRouting.ReadConsistency.ReadYourWrites)]", "ListAsync()"))
        .RunAsync();

    [Fact]
    public Task Strong_where_the_answer_goes_into_a_write() => new FixTest<ConsistencyAnalyzer, DecidesWriteFixProvider>()
        .File(Counter("", "{|CTR202:CountAsync()|}"), Counter(", Consistency = ReadConsistency.Strong", "CountAsync()"))
        .RunAsync();

    [Fact]
    public Task A_group_of_replicas_is_not_made_strong()
    {
        var source = Counter(", Group = \"reports\"", "{|CTR202:CountAsync()|}");
        return new FixTest<ConsistencyAnalyzer, DecidesWriteFixProvider>().File(source, source).RunAsync();
    }

    private static string Notes(string arguments, string call) => $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery({{arguments}})]
            public partial Task<List<string>> ListAsync();

            [WriteCommand("delete from notes")]
            public partial Task ClearAsync();

            public async Task<int> RunAsync() { await ClearAsync(); return (await {{call}}).Count; }
        }
        """;

    private static string Qualified(string attribute, string call) => $$"""
        public sealed partial class Notes(CompileTimeRouting.RoutedDataSource db)
        {
            {{attribute}}
            public partial Task<List<string>> ListAsync();

            [CompileTimeRouting.WriteCommand("delete from notes")]
            public partial Task ClearAsync();

            public async Task<int> RunAsync() { await ClearAsync(); return (await {{call}}).Count; }
        }
        """;

    private static string Counter(string arguments, string call) => $$"""
        public sealed partial class Counter(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from marks"{{arguments}})]
            public partial Task<long> CountAsync();

            [WriteCommand("insert into marks values (@value)")]
            public partial Task AddAsync(long value);

            public async Task RunAsync() { var count = await {{call}}; await AddAsync(count + 1); }
        }
        """;
}
