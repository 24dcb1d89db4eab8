namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A read calls a routine of the database that may write.</summary>
public class CTR109
{
    private static readonly Surroundings Snapshot = Surroundings.Catalog(
        """
        {
          "version": 1,
          "searchPath": ["app", "public"],
          "functions": [
            { "schema": "app", "name": "reads", "arguments": ["integer"], "kind": "function", "volatility": "stable", "language": "sql", "route": "replica", "reads": ["app.customers"] },
            { "schema": "app", "name": "book", "arguments": ["integer", "text"], "defaults": 1, "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "INSERT", "writes": ["appointments"] },
            { "schema": "app", "name": "book_all", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["book"] },
            { "schema": "app", "name": "outermost", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["app.book_all", "reads"] },
            { "schema": "app", "name": "overloaded", "arguments": ["integer"], "kind": "function", "volatility": "stable", "language": "sql", "route": "replica" },
            { "schema": "app", "name": "overloaded", "arguments": ["integer", "integer"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "DELETE", "writes": ["app.customers"] },
            { "schema": "app", "name": "overloaded", "arguments": ["text"], "kind": "function", "volatility": "stable", "language": "sql", "route": "replica" },
            { "schema": "app", "name": "in_c", "arguments": ["integer"], "kind": "function", "volatility": "immutable", "language": "c", "route": "unknown", "reason": "is written in c" },
            { "schema": "app", "name": "ping", "arguments": ["integer"], "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "replica", "calls": ["app.pong"] },
            { "schema": "app", "name": "pong", "arguments": ["integer"], "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "replica", "calls": ["app.ping"] },
            { "schema": "app", "name": "report", "arguments": ["integer"], "kind": "procedure", "volatility": "volatile", "language": "plpgsql", "route": "replica", "reads": ["app.customers"] },
            { "schema": "app", "name": "archive", "kind": "procedure", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "DELETE", "writes": ["app.appointments"] }
          ],
          "relations": [
            { "schema": "app", "name": "customers", "kind": "table" },
            { "schema": "app", "name": "appointments", "kind": "table" },
            { "schema": "app", "name": "cache", "kind": "table", "unlogged": true },
            { "schema": "app", "name": "upcoming", "kind": "view", "reads": ["app.appointments", "app.customers"] },
            { "schema": "app", "name": "next_ones", "kind": "view", "reads": ["app.upcoming"] },
            { "schema": "app", "name": "booking", "kind": "view", "reads": ["app.customers"], "calls": ["app.outermost"] },
            { "schema": "app", "name": "dropped", "kind": "table", "rules": [{ "name": "drop_it", "events": ["insert"], "instead": true, "nothing": true }] }
          ]
        }
        """);

    [Fact]
    public Task Unknown_function() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109 info:book|}(1)")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("book", "which only the database knows"));

    [Fact]
    public Task Unknown_function_of_a_schema() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109 info:app.book|}(1)")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("app.book", "which only the database knows"));

    [Fact]
    public Task Unknown_function_in_code() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select {|CTR109 info:book|}(1)");
        }
        """,
        Calls("book", "which only the database knows"));

    [Fact]
    public Task Unknown_function_through_a_helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection) => {|CTR109 info:Helper(connection)|};

            private static Task<long> Helper(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select {|1:book|}(1)");
        }
        """,
        Calls("book", "which only the database knows"));

    [Fact]
    public Task Call() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR109:call|} archive()")]
            public partial Task RunAsync();
        }
        """,
        Calls("archive", "which only the database knows"));

    [Fact]
    public Task Call_with_a_schema_and_a_comment() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR109:call|} /* all */ app . \"Archive\"(1)")]
            public partial Task RunAsync();
        }
        """,
        Calls("app.\"Archive\"", "which only the database knows"));

    [Fact]
    public Task Anonymous_code_block() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR109:do|} $$ begin perform 1; end $$")]
            public partial Task RunAsync();
        }
        """,
        Calls("DO", "whose code may write"));

    [Fact]
    public Task Stored_procedure() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync({|CTR109 info:"archive"|}, commandType: CommandType.StoredProcedure);
        }
        """,
        Calls("archive", "which only the database knows"));

    [Fact]
    public Task Stored_procedure_of_a_command() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection)
            {
                using var command = new NpgsqlCommand({|CTR109 info:"archive"|}, connection);
                command.CommandType = CommandType.StoredProcedure;
                return command.ExecuteNonQuery();
            }
        }
        """,
        Calls("archive", "which only the database knows"));

    [Fact]
    public Task Function_that_writes() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109:book|}(1)")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("book", "which by the catalog snapshot doesn't only read (book: INSERT)"));

    [Fact]
    public Task Function_that_calls_one_that_writes() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109:book_all|}()")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("book_all", "which by the catalog snapshot doesn't only read (book_all: calls app.book(integer, text): INSERT)"));

    [Fact]
    public Task Overload_that_writes() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109:overloaded|}(1, 2)")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("overloaded", "which by the catalog snapshot doesn't only read (overloaded: DELETE)"));

    [Fact]
    public Task Procedure_that_writes() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR109:call|} app.archive()")]
            public partial Task RunAsync();
        }
        """,
        Calls("app.archive", "which by the catalog snapshot doesn't only read (app.archive: DELETE)"));

    [Fact]
    public Task Stored_procedure_that_writes() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync({|CTR109:"app.archive"|}, commandType: CommandType.StoredProcedure);
        }
        """,
        Calls("app.archive", "which by the catalog snapshot doesn't only read (DELETE)"));

    [Fact]
    public Task View_that_calls_a_function_that_writes() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from {|CTR109:booking|}")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("booking", "which by the catalog snapshot doesn't only read (app.booking: calls app.book(integer, text): INSERT)"));

    [Fact]
    public Task Unlogged_table() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from {|CTR109:cache|}")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("cache", "which is unlogged, so that a replica has none of its rows"));

    [Fact]
    public Task Function_in_another_language() => Rule.Reports(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109 info:in_c|}(1)")]
            public partial Task<long> RunAsync();
        }
        """,
        Calls("in_c", "whose body the catalog snapshot doesn't know"));

    [Fact]
    public Task NoFalsePositive_built_in_functions() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) + length(lower(max(body))) from notes")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_function_of_an_extension() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from notes where similarity(body, 'a') > 0.5")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_types_and_columns_with_brackets() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from (values (1)) as book(id) where id::numeric(10, 2) in (1)")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_a_literal() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select length('call archive(); select book(1)')")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_function_that_reads() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select reads(1)")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_function_that_reads_in_code() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select app.reads(1)");
        }
        """);

    [Fact]
    public Task NoFalsePositive_overload_that_reads() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select overloaded(1)")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_function_that_reads_in_a_condition() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from app.customers where reads(1) > 0")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_stored_procedure_that_reads() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("app.report", commandType: CommandType.StoredProcedure);
        }
        """);

    [Fact]
    public Task NoFalsePositive_view_that_reads() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from next_ones")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_logged_table() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from app.customers")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_write_that_a_rule_drops() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from dropped")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_functions_that_call_each_other_and_read() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select ping(1)")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_function_of_a_command() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("select book(1)")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_helper_that_reads() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection) => Helper(connection);

            private static Task<long> Helper(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select reads(1)");
        }
        """);

    [Fact]
    public Task NoFalsePositive_common_table_of_the_name_of_an_unlogged_one() => Rule.ReportsNothing(
        Snapshot,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("with cache as (select 1) select count(*) from cache")]
            public partial Task<long> RunAsync();
        }
        """);

    [Fact]
    public Task Name_that_is_put_in_is_shown_as_it_is_written() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, string schema) => connection.QuerySingleAsync<int>($"select {{|CTR109 info:schema|}}.refresh(1)");
        }
        """,
        Calls("{schema}.refresh", "which only the database knows"));

    [Fact]
    public Task NoFalsePositive_name_that_is_put_in_beside_a_known_function() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, string schema) => connection.QuerySingleAsync<int>($"select max(id)::int from {schema}.notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_procedure_that_a_command_calls() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("call app.archive(1)")]
            public partial Task RunAsync();
        }
        """);

    private static string Calls(string routine, string reason) =>
        $"The SQL of 'RunAsync' calls '{routine}', {reason}; mark the method [WriteCommand] if that writes, or take a catalog snapshot that tells";
}
