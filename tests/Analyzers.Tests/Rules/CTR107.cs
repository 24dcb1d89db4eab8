namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The SQL of a read needs what only the primary has.</summary>
public class CTR107
{
    [Fact]
    public Task Serializable() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("begin isolation level {|CTR107:serializable|}")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs SERIALIZABLE, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Read_write() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("start transaction {|CTR107:read write|}")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs READ WRITE, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Both() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("set transaction isolation level {|CTR107:SERIALIZABLE|}, {|CTR107:READ  WRITE|}")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs SERIALIZABLE, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL",
        "The SQL of 'RunAsync' needs READ WRITE, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Read_only_switched_off() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("set local {|CTR107:transaction_read_only = off|}")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs TRANSACTION_READ_ONLY = OFF, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Listen() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:listen|} notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs LISTEN, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Notify_of_a_strong_read() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:notify|} notes, 'changed'", Consistency = ReadConsistency.Strong)]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs NOTIFY, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Temporary_table() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:create|} temp table copies as select body from notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs a temporary object (CREATE), which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Temporary_view() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:create|} or replace temporary view copies as select body from notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs a temporary object (CREATE), which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Schema_of_temporary_tables() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:create|} table pg_temp.copies (body text)")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs a temporary object (CREATE), which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Select_into_a_temporary_table() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body {|CTR107:into temp copies|} from notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs a temporary object (INTO TEMP COPIES), which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Explain_of_a_temporary_table() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain {|CTR107:create|} temp table copies as select body from notes")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs a temporary object (CREATE), which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Prepare_transaction() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:prepare transaction|} 'one'")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs PREPARE TRANSACTION, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task Commit_prepared() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR107:commit prepared|} 'one'")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' needs COMMIT PREPARED, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL");

    [Fact]
    public Task NoFalsePositive_read_only_transaction() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("begin isolation level repeatable read, read only")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_plain_transaction() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("begin")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_savepoint() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("savepoint a")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_default_for_later_transactions() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("set default_transaction_isolation = 'repeatable read'")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_read_only_switched_on() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("set transaction_read_only = on")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_unlisten() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("unlisten *")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_columns_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select listen, notify, serializable, temp from notes")]
            public partial Task<List<(string, string, string, string)>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_literals() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 'listen notes', $$begin isolation level serializable$$")]
            public partial Task<(string, string)> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_comments() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes /* notify notes */ -- create temp table")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_aliases_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body as notify, id as temp from listen")]
            public partial Task<List<(string, long)>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_quoted_names() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select \"read write\" from \"temp table\"")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_setting_shown() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("show transaction_isolation")]
            public partial Task<string> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_commands() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("notify notes")]
            public partial Task RunAsync();
        }
        """);
}
