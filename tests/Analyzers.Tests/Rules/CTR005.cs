namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The result outlives its connection.</summary>
public class CTR005
{
    private const string Advice = "return List<T>, IReadOnlyList<T>, T[] or IAsyncEnumerable<T>";

    [Fact]
    public Task Needs_the_connection() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static {|CTR005:Task<NpgsqlDataReader>|} OpenAsync(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:IDataReader|} Open(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:NpgsqlCommand|} Command(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:ValueTask<(DbConnection, int)>|} Pair(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:List<NpgsqlTransaction[]>|} Nested(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:Task<SqlMapper.GridReader>|} Grid(NpgsqlConnection connection) => throw new NotSupportedException();
        }
        """,
        $"'OpenAsync' returns 'Task<NpgsqlDataReader>', which would be used after its connection was given back: 'NpgsqlDataReader' is of no use without its connection; {Advice}",
        $"'Open' returns 'IDataReader', which would be used after its connection was given back: 'IDataReader' is of no use without its connection; {Advice}",
        $"'Command' returns 'NpgsqlCommand', which would be used after its connection was given back: 'NpgsqlCommand' is of no use without its connection; {Advice}",
        $"'Pair' returns 'ValueTask<(DbConnection, int)>', which would be used after its connection was given back: 'DbConnection' is of no use without its connection; {Advice}",
        $"'Nested' returns 'List<NpgsqlTransaction[]>', which would be used after its connection was given back: 'NpgsqlTransaction' is of no use without its connection; {Advice}",
        $"'Grid' returns 'Task<GridReader>', which would be used after its connection was given back: 'GridReader' is of no use without its connection; {Advice}");

    [Fact]
    public Task Is_evaluated_later() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static {|CTR005:IQueryable<int>|} Query(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:IOrderedQueryable<int>|} Ordered(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:IEnumerable<int>|} Lazily(NpgsqlConnection connection) { yield return 1; }

            [ReadQuery]
            public static {|CTR005:Task<IEnumerable<int>>|} Dapper(NpgsqlConnection connection) => connection.QueryAsync<int>("select 1");

            [ReadQuery]
            public static {|CTR005:System.Collections.IEnumerable|} Untyped(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:Task<Task<int>>|} Later(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:Lazy<int>|} Lazy(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static {|CTR005:Task<IAsyncEnumerable<int>>|} StreamInTask(NpgsqlConnection connection) => throw new NotSupportedException();
        }
        """,
        $"'Query' returns 'IQueryable<int>', which would be used after its connection was given back: 'IQueryable<int>' runs its query when it is enumerated; {Advice}",
        $"'Ordered' returns 'IOrderedQueryable<int>', which would be used after its connection was given back: 'IOrderedQueryable<int>' runs its query when it is enumerated; {Advice}",
        $"'Lazily' returns 'IEnumerable<int>', which would be used after its connection was given back: 'IEnumerable<int>' may do its work after the connection was given back; {Advice}",
        $"'Dapper' returns 'Task<IEnumerable<int>>', which would be used after its connection was given back: 'IEnumerable<int>' may do its work after the connection was given back; {Advice}",
        $"'Untyped' returns 'IEnumerable', which would be used after its connection was given back: 'IEnumerable' may do its work after the connection was given back; {Advice}",
        $"'Later' returns 'Task<Task<int>>', which would be used after its connection was given back: 'Task<int>' may do its work after the connection was given back; {Advice}",
        $"'Lazy' returns 'Lazy<int>', which would be used after its connection was given back: 'Lazy<int>' may do its work after the connection was given back; {Advice}",
        $"'StreamInTask' returns 'Task<IAsyncEnumerable<int>>', which would be used after its connection was given back: 'IAsyncEnumerable<int>' may do its work after the connection was given back; {Advice}");

    [Fact]
    public Task DbContext() => Rule.Reports(
        """
        namespace Microsoft.EntityFrameworkCore
        {
            public class DbContext;
        }

        public sealed class BookingContext : Microsoft.EntityFrameworkCore.DbContext;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial {|CTR005:Task<BookingContext>|} ContextAsync();

            private static Task<BookingContext> ContextAsync(NpgsqlConnection connection) => throw new NotSupportedException();
        }
        """,
        $"'ContextAsync' returns 'Task<BookingContext>', which would be used after its connection was given back: 'BookingContext' is of no use without its connection; {Advice}");

    [Fact]
    public Task NoFalsePositive_collections() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<List<int>> List(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static Task<IReadOnlyList<string?>> ReadOnlyList(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static int[][] Arrays(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static ValueTask<Dictionary<int, List<string>>> Dictionary(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static Task<ILookup<int, string>> Lookup(NpgsqlConnection connection) => throw new NotSupportedException();
        }
        """);

    [Fact]
    public Task NoFalsePositive_stream_that_keeps_its_connection() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial IAsyncEnumerable<string> StreamAsync(CancellationToken ct = default);

            private static async IAsyncEnumerable<string> StreamAsync(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken ct)
            {
                await Task.Yield();
                yield return "";
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_values() => Rule.ReportsNothing(
        """
        public sealed record Note(long Id, string Body);

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> Text(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static Task<Note?> One(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static Task<(int, DateTime?)> Tuple(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static Task<DataTable> Table(NpgsqlConnection connection) => throw new NotSupportedException();

            [ReadQuery]
            public static Task<T> Generic<T>(NpgsqlConnection connection) => throw new NotSupportedException();
        }
        """);

    [Fact]
    public Task NoFalsePositive_parameters_are_no_results() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static Task<int> AddAsync(NpgsqlConnection connection, IEnumerable<string> bodies, Lazy<string> author) => throw new NotSupportedException();
        }
        """);
}
