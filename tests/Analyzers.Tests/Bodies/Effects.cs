namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Each kind of effect, through the code of a read.</summary>
public class Effects
{
    [Fact]
    public Task Merge() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:merge|} into notes n using t on n.id = t.id when matched then delete", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Truncate() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:truncate|} table notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Create_table() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:create|} table t (id int)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Alter_table() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:alter|} table t add x int", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Drop_table() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:drop|} table t", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Select_into() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select id {|CTR101:into|} copies from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Vacuum() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:vacuum|} notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Data_modifying_CTE() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("with gone as ({|CTR101:delete|} from notes returning id) select id from gone", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Insert_from_a_CTE() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("with t as (select 1) {|CTR101:insert|} into notes select * from t", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task For_update() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select id from notes {|CTR102:for update|} skip locked", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task For_no_key_update() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select id from notes {|CTR102:for no key update|}", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task For_key_share() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select id from notes {|CTR102:for key share|}", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Lock_table() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR102:lock|} table notes in exclusive mode", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Nextval() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select {|CTR103:nextval|}('ids')", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Setval() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select {|CTR103:setval|}('ids', 1)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Advisory_lock() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select {|CTR103:pg_advisory_lock|}(1)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Notify_function() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select {|CTR103:pg_notify|}('a', 'b')", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Listen() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR107:listen|} changes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Notify() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR107:notify|} changes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Temporary_table() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR107:create|} temp table t (id int)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Read_write_transaction() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("set transaction {|CTR107:read write|}", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Serializable_transaction() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("begin isolation level {|CTR107:serializable|}", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Second_statement() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select 1; select 2; {|CTR101:update|} notes set id = 1", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Explain_analyze() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("explain analyze {|CTR101:delete|} from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task User_function() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("select {|CTR109:archive_notes|}(1)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Call() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR109:call|} archive_notes()", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Do_block() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR109:do|} $$ begin end $$", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task Serializable_by_the_API() => BodyRule.Reports(
        """
        using var transaction = connection.BeginTransaction({|CTR107:IsolationLevel.Serializable|});
        """);

    [Fact]
    public Task NoFalsePositive_Comment() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select 1 -- delete from notes\n", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Block_comment() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select /* delete from /* nested */ notes */ 1", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_String_literal() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select 'delete from notes; drop table notes'", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Escape_string_literal() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select E'it\\'s; delete from notes'", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Dollar_quoted_literal() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select $x$ delete from notes $x$", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Column_names() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select update_time, delete_flag, inserted from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Quoted_names() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select \"delete\", \"update\" from \"insert\"", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Explain() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("explain delete from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Read_only_transaction() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("begin read only", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Repeatable_read() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("begin isolation level repeatable read", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Plain_CTE() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("with t as (select id from notes) select id from t", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_For_in_substring() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select substring(body from 1 for 3) from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Values_list() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("values (1, 'delete'), (2, 'update')", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Table_command() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("table notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Show() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("show transaction_read_only", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Set_local() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("set local search_path = public", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Recursive_CTE() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("with recursive t as (select 1 as n union all select n + 1 from t where n < 5) select n from t", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Function_named_like_a_verb() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select replace(body, 'a', 'b'), overlay(body placing 'x' from 1) from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Bracketed_TSql_select() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("SELECT [Id], [Update], [Delete] FROM [dbo].[Notes]", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Parameters() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select id from notes where id = @update or id = :delete or id = $1", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Copy_out() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("copy notes to stdout", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Cursor() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("declare c cursor for select id from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Current_schema() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select current_schema(), current_setting('transaction_read_only')", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Repeatable_read_by_the_API() => BodyRule.ReportsNothing(
        """
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        """);

    [Fact]
    public Task NoFalsePositive_Union() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select id from notes union all select 2", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Lateral() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select * from notes n, lateral (select n.id) t", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Window() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select row_number() over (partition by id order by id) from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Case() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select case when id = 1 then 'delete' else 'update' end from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Aggregate_filter() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select count(*) filter (where deleted) from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Grouping_sets() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select id from notes group by grouping sets ((id), ())", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Fetch_first() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select id from notes order by id fetch first 5 rows only", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Tablesample() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select id from notes tablesample system (10)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Json_operators() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select body -> 'update' ->> 'delete' from notes where body @> '{}'", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Cast_of_a_literal() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select 'notes'::regclass, date '2024-01-01', interval '1 day'", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Array() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select array[1, 2] || array(select id from notes)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Extract() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select extract(epoch from now()), position('a' in body), trim(both from body) from notes", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Generate_series() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select g from generate_series(1, 5) as g", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Exists() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select exists (select 1 from notes where updated), not exists (select 1)", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Statements_that_end_in_semicolons() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand(";; select 1;; select 2;", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Alias_that_is_a_verb() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select 1 as \"insert\", 2 as \"delete\" from notes as \"update\"", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Reset() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("reset statement_timeout", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Deallocate() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("deallocate all", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Savepoint() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("savepoint a; select 1; rollback to savepoint a", connection);
        command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Materialized_CTE() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("with t as materialized (select 1), u as not materialized (select 2) select * from t, u", connection);
        command.ExecuteReader();
        """);
}
