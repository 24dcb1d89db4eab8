using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class CallFreshFormTests
{
    [Fact]
    public Task Of_SQL_in_the_attribute_once_for_all_calls() => Fresh()
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                /// <summary>All.</summary>
                [ReadQuery("select body from notes", Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2)]
                public partial Task<List<string>> ListAsync(CancellationToken ct = default); // all

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();
            }
            """,
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                /// <summary>All.</summary>
                [ReadQuery("select body from notes", Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2)]
                public partial Task<List<string>> ListAsync(CancellationToken ct = default); // all

                /// <summary>All.</summary>
                [ReadQuery("select body from notes", Consistency = ReadConsistency.ReadYourWrites)]
                public partial Task<List<string>> ListFreshAsync(CancellationToken ct = default);

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();
            }
            """)
        .File(
            """
            public sealed class Service(Notes notes)
            {
                public async Task<int> FirstAsync() { await notes.ClearAsync(); return (await {|CTR201:notes.ListAsync()|}).Count; }
                public async Task<int> SecondAsync() { await notes.ClearAsync(); return (await {|CTR201:notes.ListAsync()|}).Count; }
                public Task<List<string>> OthersAsync() => notes.ListAsync();
            }
            """,
            """
            public sealed class Service(Notes notes)
            {
                public async Task<int> FirstAsync() { await notes.ClearAsync(); return (await notes.ListFreshAsync()).Count; }
                public async Task<int> SecondAsync() { await notes.ClearAsync(); return (await notes.ListFreshAsync()).Count; }
                public Task<List<string>> OthersAsync() => notes.ListAsync();
            }
            """)
        .RunAsync();

    [Fact]
    public Task One_that_is_there_is_called() => Fresh()
        .File(Notes("", "{|CTR201:ListAsync()|}"), Notes("", "ListOwnAsync()"))
        .RunAsync();

    [Fact]
    public Task Of_a_core_beside_it() => Fresh()
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery]
                public partial Task<List<string>> ListAsync(string start);

                private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string start) =>
                    (await connection.QueryAsync<string>("select body from notes where body like @start", new { start })).AsList();

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();

                public async Task<int> RunAsync() { await ClearAsync(); return (await {|CTR201:ListAsync("a")|}).Count; }
            }
            """,
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery]
                public partial Task<List<string>> ListAsync(string start);

                [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
                public partial Task<List<string>> ListFreshAsync(string start);

                private static Task<List<string>> ListFreshAsync(NpgsqlConnection connection, string start) =>
                    ListAsync(connection, start);

                private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string start) =>
                    (await connection.QueryAsync<string>("select body from notes where body like @start", new { start })).AsList();

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();

                public async Task<int> RunAsync() { await ClearAsync(); return (await ListFreshAsync("a")).Count; }
            }
            """)
        .RunAsync();

    [Fact]
    public Task Of_a_core_of_its_own() => Fresh()
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery(Group = "reports")]
                public static async Task<long> CountAsync(NpgsqlConnection connection, string start)
                {
                    return await connection.QuerySingleAsync<long>("select count(*) from notes where body like @start", new { start });
                }

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();

                public async Task<long> RunAsync() { await ClearAsync(); return await {|CTR201:CountAsync("a")|}; }
            }
            """,
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery(Group = "reports")]
                public static async Task<long> CountAsync(NpgsqlConnection connection, string start)
                {
                    return await connection.QuerySingleAsync<long>("select count(*) from notes where body like @start", new { start });
                }

                [ReadQuery(Group = "reports", Consistency = ReadConsistency.ReadYourWrites)]
                public static Task<long> CountFreshAsync(NpgsqlConnection connection, string start) =>
                    CountAsync(connection, start);

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();

                public async Task<long> RunAsync() { await ClearAsync(); return await CountFreshAsync("a"); }
            }
            """)
        .RunAsync();

    [Fact]
    public Task Strong_where_the_answer_goes_into_a_write() => new FixTest<ConsistencyAnalyzer, DecidesWriteFixProvider> { CodeActionEquivalenceKey = "CompileTimeRouting.CallForm.Strong" }
        .File(
            """
            public sealed partial class Counter(RoutedDataSource db)
            {
                [ReadQuery("select count(*) from marks")]
                public partial Task<long> CountAsync();

                [WriteCommand("insert into marks values (@value)")]
                public partial Task AddAsync(long value);

                public async Task RunAsync() { var count = await {|CTR202:CountAsync()|}; await AddAsync(count + 1); }
            }
            """,
            """
            public sealed partial class Counter(RoutedDataSource db)
            {
                [ReadQuery("select count(*) from marks")]
                public partial Task<long> CountAsync();

                [ReadQuery("select count(*) from marks", Consistency = ReadConsistency.Strong)]
                public partial Task<long> CountStrongAsync();

                [WriteCommand("insert into marks values (@value)")]
                public partial Task AddAsync(long value);

                public async Task RunAsync() { var count = await CountStrongAsync(); await AddAsync(count + 1); }
            }
            """)
        .RunAsync();

    /// <summary>There the other method, or the interface, would have to change too.</summary>
    [Fact]
    public Task Not_through_another_method_or_an_interface()
    {
        const string Source =
            """
            public interface INotes { Task<List<string>> ListAsync(); Task ClearAsync(); }

            public sealed partial class Notes(RoutedDataSource db) : INotes
            {
                [ReadQuery("select body from notes")]
                public partial Task<List<string>> ListAsync();

                [WriteCommand("delete from notes")]
                public partial Task ClearAsync();

                public async Task<int> RunAsync() { await ClearAsync(); return await {|CTR201:CountAsync()|}; }

                public static async Task<int> RunAsync(INotes notes) { await notes.ClearAsync(); return (await {|CTR201:notes.ListAsync()|}).Count; }

                private async Task<int> CountAsync() => (await ListAsync()).Count;
            }
            """;
        return Fresh().File(Source, Source).RunAsync();
    }

    private static FixTest<ConsistencyAnalyzer, ReadAfterWriteFixProvider> Fresh() => new() { CodeActionEquivalenceKey = "CompileTimeRouting.CallForm.ReadYourWrites" };

    private static string Notes(string arguments, string call) => $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes"{{arguments}})]
            public partial Task<List<string>> ListAsync();

            [ReadQuery("select body from notes", Consistency = ReadConsistency.ReadYourWrites)]
            public partial Task<List<string>> ListOwnAsync();

            [WriteCommand("delete from notes")]
            public partial Task ClearAsync();

            public async Task<int> RunAsync() { await ClearAsync(); return (await {{call}}).Count; }
        }
        """;
}
