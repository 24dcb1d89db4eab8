namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The SQL of a read takes locks.</summary>
public class CTR102
{
    [Fact]
    public Task For_update() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @id {|CTR102:for update|}")]
            public partial Task<string?> RunAsync(long id);
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task For_no_key_update() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes {|CTR102:For No Key Update|} skip locked")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR NO KEY UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR NO KEY UPDATE out of the SQL");

    [Fact]
    public Task For_share_of() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select n.body from notes n join tags t on t.note = n.id {|CTR102:for share|} of n nowait")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR SHARE, which a replica refuses; mark the method [WriteCommand], or take FOR SHARE out of the SQL");

    [Fact]
    public Task For_key_share() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes {|CTR102:for key share|}")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR KEY SHARE, which a replica refuses; mark the method [WriteCommand], or take FOR KEY SHARE out of the SQL");

    [Fact]
    public Task Of_a_strong_read() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes {|CTR102:for update|}", Consistency = ReadConsistency.Strong)]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task In_a_subquery() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from (select body from notes {|CTR102:for update|}) n")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task Two_locks() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select n.body from notes n, tags t {|CTR102:for update|} of n {|CTR102:for share|} of t")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL",
        "The SQL of 'RunAsync' locks with FOR SHARE, which a replica refuses; mark the method [WriteCommand], or take FOR SHARE out of the SQL");

    [Fact]
    public Task Words_with_a_comment_between() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes {|CTR102:for /* key */ update|}")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task Table_statement() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("table notes {|CTR102:for update|}")]
            public partial Task<List<(long, string)>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task Explain_analyze() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain analyze select body from notes {|CTR102:for update|}")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task Lock_table() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR102:lock|} table notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with LOCK, which a replica refuses; mark the method [WriteCommand], or take LOCK out of the SQL");

    [Fact]
    public Task Lock_in_a_strong_mode() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR102:LOCK|} notes IN SHARE MODE")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' locks with LOCK, which a replica refuses; mark the method [WriteCommand], or take LOCK out of the SQL");

    [Fact]
    public Task Word_in_a_raw_literal() => Rule.Reports(
        """"
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("""
                select body
                from notes
                  {|CTR102:for
                  update|}
                """)]
            public partial Task<List<string>> RunAsync();
        }
        """",
        "The SQL of 'RunAsync' locks with FOR UPDATE, which a replica refuses; mark the method [WriteCommand], or take FOR UPDATE out of the SQL");

    [Fact]
    public Task NoFalsePositive_words_in_a_string() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where body = 'for update'")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_a_comment() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes -- for update")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_a_quoted_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select \"for update\" from notes")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_no_table() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 1 for update")]
            public partial Task<int> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_over_a_common_table() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("with n as (select body from notes) select body from n for update")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_over_a_function() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select n from generate_series(1, 3) n for update")]
            public partial Task<List<int>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_unreferenced_common_table() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("with n as (select body from notes for update) select 1")]
            public partial Task<int> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_explain_without_analyze() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain select body from notes for update")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_for_in_a_function() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select substring(body from 1 for 3) from notes")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_for_read_only() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes for read only")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_lock_in_a_mode_that_a_replica_grants() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("lock table notes in access share mode")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_columns_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select lock, share, update from notes")]
            public partial Task<List<(string, string, string)>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_command() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("select body from notes for update")]
            public partial Task<List<string>> RunAsync();
        }
        """);
}
