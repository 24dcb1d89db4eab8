namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>What a read runs can't be known at compile time.</summary>
public class CTR108
{
    [Fact]
    public Task Parameter() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, string sql) => connection.QuerySingleAsync<string>({|CTR108:sql|});
        }
        """,
        Unknown("the parameter 'sql' puts in a part of the SQL"));

    [Fact]
    public Task Part_that_is_a_parameter() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, string table) => connection.QuerySingleAsync<string>({|CTR108:$"select body from {table}"|});
        }
        """,
        Unknown("the parameter 'table' puts in a part of the SQL"));

    [Fact]
    public Task Unknown_method() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>({|CTR108:Environment.GetEnvironmentVariable("SQL")|}!);
        }
        """,
        Unknown("the result of 'GetEnvironmentVariable' puts in a part of the SQL"));

    [Fact]
    public Task File() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>({|CTR108:System.IO.File.ReadAllText("notes.sql")|});
        }
        """,
        Unknown("the result of 'ReadAllText' puts in a part of the SQL"));

    [Fact]
    public Task Helper_that_gets_a_parameter() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, string sql) => {|CTR108:Helper(connection, sql)|};

            private static Task<string> Helper(NpgsqlConnection connection, string sql) => connection.QuerySingleAsync<string>({|1:sql|});
        }
        """,
        Unknown("in 'Helper' the parameter 'sql' puts in a part of the SQL"));

    [Fact]
    public Task Callee_of_another_assembly_that_gets_the_connection() => Rule.Reports(
        new Surroundings { Library = "namespace Vendor { public static class Tools { public static void Refresh(NpgsqlConnection connection) => connection.Open(); } }" },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void RunAsync(NpgsqlConnection connection) => {|CTR108:Vendor.Tools.Refresh(connection)|};
        }
        """,
        Unknown("'Refresh' gets the connection, and what it does isn't known here"));

    [Fact]
    public Task One_of_two_implementations_writes() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR108:store.DoAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> DoAsync(NpgsqlConnection connection);
        }

        public sealed class Purge : IStore
        {
            public Task<int> DoAsync(NpgsqlConnection connection) => connection.ExecuteAsync("{|1:delete|} from notes");
        }

        public sealed class Count : IStore
        {
            public Task<int> DoAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }
        """,
        Unknown("in 'Purge.DoAsync' one of the implementations of 'DoAsync' writes"));

    [Fact]
    public Task Syntax_that_is_not_known() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>({|CTR108:"frobnicate notes"|});
        }
        """,
        Unknown("no statement begins so"));

    [Fact]
    public Task NoFalsePositive_constant() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Sql = "select body from notes";

            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>(Sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_concatenation_of_constants() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Table = "notes";

            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>("select body from " + Table + " order by id");
        }
        """);

    [Fact]
    public Task NoFalsePositive_interpolation_of_constants() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Table = "notes";

            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>($"select body from {Table}");
        }
        """);

    [Fact]
    public Task NoFalsePositive_static_readonly_field() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private static readonly string Sql = "select body from notes";

            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>(Sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_local_with_one_value() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection)
            {
                var sql = "select body from notes";
                sql += " order by id";
                return connection.QuerySingleAsync<string>(sql);
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_number_in_the_text() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, int year, long limit) =>
                connection.QuerySingleAsync<string>($"select body from notes_{year} where kind = {(int)DayOfWeek.Monday} limit " + limit);
        }
        """);

    [Fact]
    public Task NoFalsePositive_record_that_keeps_the_connection() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private sealed record Request(NpgsqlConnection Connection, long Id);

            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, long id) => FindAsync(new Request(connection, id));

            private static Task<string> FindAsync(Request request) => request.Connection.QuerySingleAsync<string>("select body from notes where id = @Id", request);
        }
        """);

    [Fact]
    public Task NoFalsePositive_choice() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, bool all) => connection.QuerySingleAsync<string>(all ? "select body from notes" : "select body from notes limit 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_switch_expression() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection, int order) => connection.QuerySingleAsync<string>("select body from notes order by " + order switch { 1 => "id", _ => "body" });
        }
        """);

    [Fact]
    public Task NoFalsePositive_joined_texts() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>(string.Join(" ", "select body", "from notes"));
        }
        """);

    [Fact]
    public Task NoFalsePositive_builder() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection)
            {
                var sql = new System.Text.StringBuilder();
                sql.Append("select body ").Append("from notes");
                return connection.QuerySingleAsync<string>(sql.ToString());
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_text_that_a_method_returns() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<string>(Sql("notes"));

            private static string Sql(string table) => "select body from " + table;
        }
        """);

    [Fact]
    public Task NoFalsePositive_text_that_the_caller_gives() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => Helper(connection, "select body from notes");

            private static Task<string> Helper(NpgsqlConnection connection, string sql) => connection.QuerySingleAsync<string>(sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_callee_that_gets_no_connection() => Rule.ReportsNothingAtAll(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection) => string.Concat(connection.Database, Environment.NewLine);
        }
        """);

    private static string Unknown(string reason) => $"What 'RunAsync' runs can't be known here: {reason}";
}
