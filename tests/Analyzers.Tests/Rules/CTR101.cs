namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The SQL of a read writes.</summary>
public class CTR101
{
    [Fact]
    public Task Insert() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:insert|} into notes (body) values (@body)")]
            public partial Task<int> RunAsync(string body);
        }
        """,
        "The SQL of 'RunAsync' writes with INSERT, which a replica refuses; mark the method [WriteCommand], or take INSERT out of the SQL");

    [Fact]
    public Task Update_without_rows() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:Update|} notes set body = null where false")]
            public partial Task<int> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with UPDATE, which a replica refuses; mark the method [WriteCommand], or take UPDATE out of the SQL");

    [Fact]
    public Task Delete_of_a_strong_read() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:DELETE|} FROM notes", Consistency = ReadConsistency.Strong)]
            public partial Task<int> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with DELETE, which a replica refuses; mark the method [WriteCommand], or take DELETE out of the SQL");

    [Fact]
    public Task Merge() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:merge|} into notes n using drafts d on n.id = d.id when matched then update set body = d.body")]
            public partial Task<int> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with MERGE, which a replica refuses; mark the method [WriteCommand], or take MERGE out of the SQL");

    [Fact]
    public Task Each_write_in_a_with_clause() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("with a as ({|CTR101:delete|} from notes returning body), b as ({|CTR101:insert|} into log values (1)) select body from a")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with DELETE, which a replica refuses; mark the method [WriteCommand], or take DELETE out of the SQL",
        "The SQL of 'RunAsync' writes with INSERT, which a replica refuses; mark the method [WriteCommand], or take INSERT out of the SQL");

    [Fact]
    public Task Select_into() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body {|CTR101:into|} copies from notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with INTO, which a replica refuses; mark the method [WriteCommand], or take INTO out of the SQL");

    [Fact]
    public Task Copy_from() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:copy|} notes from stdin")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with COPY, which a replica refuses; mark the method [WriteCommand], or take COPY out of the SQL");

    [Fact]
    public Task Copy_to_a_file_of_the_server() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("copy notes {|CTR101:to '/tmp/notes'|}")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with TO '/tmp/notes', whose effect belongs on the primary; mark the method [WriteCommand], or take TO '/tmp/notes' out of the SQL");

    [Fact]
    public Task Definition() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:drop|} table if exists nope")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with DROP, which a replica refuses; mark the method [WriteCommand], or take DROP out of the SQL");

    [Fact]
    public Task Truncate() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:truncate|} notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with TRUNCATE, which a replica refuses; mark the method [WriteCommand], or take TRUNCATE out of the SQL");

    [Fact]
    public Task Maintenance() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:vacuum|} notes")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with VACUUM, which a replica refuses; mark the method [WriteCommand], or take VACUUM out of the SQL");

    [Fact]
    public Task Checkpoint() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("{|CTR101:checkpoint|}")]
            public partial Task RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with CHECKPOINT, whose effect belongs on the primary; mark the method [WriteCommand], or take CHECKPOINT out of the SQL");

    [Fact]
    public Task Explain_analyze() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain (analyze, costs off) {|CTR101:delete|} from notes")]
            public partial Task<List<string>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with DELETE, which a replica refuses; mark the method [WriteCommand], or take DELETE out of the SQL");

    [Fact]
    public Task Sql_in_a_string() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select query_to_xml({|CTR101:'delete from notes'|}, true, false, '')::text")]
            public partial Task<string> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' writes with DELETE, which a replica refuses; mark the method [WriteCommand], or take DELETE out of the SQL");

    [Fact]
    public Task Word_in_a_verbatim_literal() => Rule.Reports(
        """"
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery(@"select "" "" from notes; ")]
            public partial Task<List<string>> ReadAsync();

            [ReadQuery(@"with "" "" as (
                {|CTR101:delete|} from notes returning body) select body from "" """)]
            public partial Task<List<string>> RunAsync();
        }
        """",
        "The SQL of 'RunAsync' writes with DELETE, which a replica refuses; mark the method [WriteCommand], or take DELETE out of the SQL");

    [Fact]
    public Task Constant_from_elsewhere() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Where = " where id = @id";

            [ReadQuery({|CTR101:"delete from notes" + Where|})]
            public partial Task<int> RunAsync(long id);
        }
        """,
        "The SQL of 'RunAsync' writes with DELETE, which a replica refuses; mark the method [WriteCommand], or take DELETE out of the SQL");

    [Fact]
    public Task NoFalsePositive_plain_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select id, body from notes where id = @id")]
            public partial Task<(long, string)?> RunAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_literals() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 'delete from notes', $$ insert into notes $$, E'\\'; update notes'")]
            public partial Task<(string, string, string)> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_comments() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body /* delete from notes /* update */ */ from notes -- insert into notes")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_words_in_quoted_names() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select \"delete\" from \"insert into\"")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_columns_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select update, n.delete from notes n where insert > 1")]
            public partial Task<List<(string, string)>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_aliases_and_tables_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body as insert, id as into from update as delete")]
            public partial Task<List<(string, long)>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_common_table_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("with merge as (select body from notes) select body from merge")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_explain_without_analyze() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain delete from notes")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_explain_with_analyze_off() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("explain (analyze on, analyze off) update notes set body = null")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_merge_that_does_nothing() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("merge into notes n using drafts d on n.id = d.id when matched then do nothing")]
            public partial Task<int> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_copy_to_the_client() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("copy notes to stdout")]
            public partial Task RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_parameter_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @delete")]
            public partial Task<List<string>> RunAsync(long delete);
        }
        """);

    [Fact]
    public Task NoFalsePositive_open_literal() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("delete from notes where body = {|CTR012:'open|}")]
            public partial Task<int> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' can't be used in an attribute: it ends inside a literal that begins with ''open'; correct it, or give the method a core");

    [Fact]
    public Task NoFalsePositive_command() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("with a as (delete from notes returning body) select body from a")]
            public partial Task<List<string>> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_functions_that_only_read() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select lower(body), {|CTR109 info:truncate_text|}(body) from notes")]
            public partial Task<List<(string, string)>> RunAsync();
        }
        """,
        "The SQL of 'RunAsync' calls 'truncate_text', which only the database knows; mark the method [WriteCommand] if that writes, or take a catalog snapshot that tells");

    [Fact]
    public Task NoFalsePositive_show() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("show transaction_read_only")]
            public partial Task<string> RunAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_no_sql_in_the_attribute() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("select 1 /* delete */");
        }
        """);
}
