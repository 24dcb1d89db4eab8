namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The SQL of a read calls a function that belongs on the primary.</summary>
public class CTR103
{
    [Fact]
    public Task Nextval() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:nextval|}('numbers')")]
            public partial Task<long> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'nextval', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Setval_of_a_strong_read() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:setval|}('numbers', 1)", Consistency = ReadConsistency.Strong)]
            public partial Task<long> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'setval', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Quoted_and_qualified_name() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:pg_catalog.\"nextval\"|}('numbers')")]
            public partial Task<long> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'nextval', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Notification() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:PG_NOTIFY|}('notes', body) from notes")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'pg_notify', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Transaction_id() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:txid_current|}()")]
            public partial Task<long> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'txid_current', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Transaction_id_under_explain() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain select {|CTR103:txid_current|}()")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'txid_current', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Advisory_lock() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:pg_advisory_lock|}(@id)")]
            public partial Task RunAsync(long id);
        }
        """,
        "The SQL of 'RunAsync' calls 'pg_advisory_lock', whose effect belongs on the primary; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Setting() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:set_config|}('app.user', @user, false)")]
            public partial Task<string> RunAsync(string user);
        }
        """,
        "The SQL of 'RunAsync' calls 'set_config', whose effect belongs on the primary; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task Large_object_for_writing() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR103:lo_open|}(@id, 131072)")]
            public partial Task<int> RunAsync(long id);
        }
        """,
        "The SQL of 'RunAsync' calls 'lo_open', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task In_a_condition() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where case when id > 1 then {|CTR103:nextval|}('numbers') > 1 else {|CTR103:pg_try_advisory_lock|}(1) end")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'nextval', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL",
        "The SQL of 'RunAsync' calls 'pg_try_advisory_lock', whose effect belongs on the primary; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task In_from() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select n from {|CTR103:nextval|}('numbers') n")]
            public partial Task<List<long>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'nextval', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task In_a_string() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select query_to_xml({|CTR103:'select nextval(''numbers'')'|}, true, false, '')::text")]
            public partial Task<string> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'nextval', which a replica refuses; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task On_another_server() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select a from {|CTR103:dblink|}('other', 'select 1') as t (a int)")]
            public partial Task<List<int>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'dblink', whose effect belongs on the primary; mark the method [WriteCommand], or take the call out of the SQL");

    [Fact]
    public Task NoFalsePositive_column_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select nextval, n.setval from notes n")]
            public partial Task<List<(long, long)>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_name_in_a_literal() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 'nextval(''numbers'')'")]
            public partial Task<string> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_name_in_a_comment() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 1 -- nextval('numbers')")]
            public partial Task<int> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_alias_and_table_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body as pg_notify from nextval as setval (body)")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_quoted_name_of_another_case() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109 info:\"NextVal\"|}(body) from notes")]
            public partial Task<List<long>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls '\"NextVal\"', which only the database knows; mark the method [WriteCommand] if that writes, or take a catalog snapshot that tells");

    [Fact]
    public Task NoFalsePositive_function_of_another_schema() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109 info:app.nextval|}('numbers')")]
            public partial Task<long> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'app.nextval', which only the database knows; mark the method [WriteCommand] if that writes, or take a catalog snapshot that tells");

    [Fact]
    public Task NoFalsePositive_large_object_for_reading() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select lo_open(@id, 262144)")]
            public partial Task<int> RunAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_large_object_for_reading_in_hexadecimal() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select lo_open(@id, x'40000'::int)")]
            public partial Task<int> RunAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_explain_without_analyze() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain select nextval('numbers')")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_volatile_functions_that_write_nothing() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select random(), clock_timestamp()::text, gen_random_uuid()::text")]
            public partial Task<(double, string, string)> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_unknown_function() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR109 info:app_counter|}(1)")]
            public partial Task<long> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'app_counter', which only the database knows; mark the method [WriteCommand] if that writes, or take a catalog snapshot that tells");

    [Fact]
    public Task NoFalsePositive_string_that_only_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select query_to_xml('select body from notes', true, false, '')::text")]
            public partial Task<string> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_string_that_is_not_constant() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select query_to_xml(@query, true, false, '')::text")]
            public partial Task<string> RunAsync(string query);
        }
        """);

    [Fact]
    public Task NoFalsePositive_command() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("select nextval('numbers')")]
            public partial Task<long> RunAsync();
        }
        """);
}
