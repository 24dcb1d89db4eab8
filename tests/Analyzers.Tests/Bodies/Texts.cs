namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>How the text that a call is given is found.</summary>
public class Texts
{
    [Fact]
    public Task Local_constant() => BodyRule.Reports(
        """
        const string sql = "delete from notes returning id";
        connection.Query<long>({|CTR101:sql|});
        """);

    [Fact]
    public Task Constant_of_the_class() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql|});
        """,
        """
        private const string Sql = "delete from notes returning id";
        """);

    [Fact]
    public Task Constant_of_another_class() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Texts.Sql|});
        """,
        """
        private static class Texts { public const string Sql = "delete from notes returning id"; }
        """);

    [Fact]
    public Task Constant_of_another_assembly() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Library.Texts.Write|});
        """);

    [Fact]
    public Task Constant_of_constants() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql|});
        """,
        """
        private const string Table = "notes";
        private const string Sql = $"delete from {Table}";
        """);

    [Fact]
    public Task Static_readonly_field() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql|});
        """,
        """
        private static readonly string Sql = "delete from notes returning id";
        """);

    [Fact]
    public Task Interpolated_verb() => BodyRule.Reports(
        """
        var verb = "{|CTR101:delete|}";
        connection.Query<long>($"{verb} from notes");
        """);

    [Fact]
    public Task Interpolated_table() => BodyRule.Reports(
        """
        connection.Query<long>($"{|CTR101:delete|} from {name} where id = {id}");
        """);

    [Fact]
    public Task Interpolated_raw_string() => BodyRule.Reports(
        """"
        connection.Query<long>($$"""
            {|CTR101:delete|} from {{name}}
            where id = @id
            """);
        """");

    [Fact]
    public Task Concatenation() => BodyRule.Reports(
        """
        connection.Query<long>("select 1;" + " {|CTR101:delete|} from " + name);
        """);

    [Fact]
    public Task Verb_across_a_concatenation() => BodyRule.Reports(
        """
        connection.Query<long>("{|CTR101:del|}" + "ete from notes");
        """);

    [Fact]
    public Task Added_in_a_branch() => BodyRule.Reports(
        """
        var sql = "select id from notes";
        if (flag) sql += " {|CTR102:for update|}";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Added_in_both_branches() => BodyRule.Reports(
        """
        var sql = "select id from notes ";
        if (flag)
        {
            sql += "order by id";
        }
        else
        {
            sql += "{|CTR102:for share|}";
        }

        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Assigned_in_a_branch() => BodyRule.Reports(
        """
        string sql;
        if (flag)
            sql = "select 1";
        else
            sql = "{|CTR101:delete|} from notes";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Value_after_a_reassignment() => BodyRule.Reports(
        """
        var sql = "select 1";
        connection.Query<long>(sql);
        sql = "{|CTR101:delete|} from notes";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Value_before_a_reassignment() => BodyRule.ReportsNothing(
        """
        var sql = "select 1";
        connection.Query<long>(sql);
        sql = "delete from notes";
        Console.WriteLine(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Value_that_is_replaced() => BodyRule.ReportsNothing(
        """
        var sql = "delete from notes";
        Console.WriteLine(sql);
        sql = "select 1";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Conditional_expression() => BodyRule.Reports(
        """
        connection.Query<long>(flag ? "select 1" : "{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Both_of_a_conditional_expression() => BodyRule.Reports(
        """
        connection.Query<long>(flag ? "{|CTR101:update|} notes set id = 1" : "{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Switch_expression() => BodyRule.Reports(
        """
        connection.Query<long>(kind switch { 0 => "select 1", 1 => "{|CTR101:delete|} from notes", _ => throw new ArgumentException("drop table notes") });
        """);

    [Fact]
    public Task Switch_statement() => BodyRule.Reports(
        """
        string sql;
        switch (kind)
        {
            case 0:
                sql = "select 1";
                break;
            default:
                sql = "{|CTR101:delete|} from notes";
                break;
        }

        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Null_coalescing() => BodyRule.Reports(
        """
        string? given = flag ? name : null;
        connection.Query<long>(given ?? "{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Coalescing_assignment() => BodyRule.Reports(
        """
        string? sql = null;
        sql ??= "{|CTR101:delete|} from notes";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task String_Join() => BodyRule.Reports(
        """
        connection.Query<long>(string.Join(" ", "{|CTR101:delete|}", "from", "notes"));
        """);

    [Fact]
    public Task String_Join_of_an_array() => BodyRule.Reports(
        """
        connection.Query<long>(string.Join(" ", new[] { "select id from notes", "{|CTR102:for update|}" }));
        """);

    [Fact]
    public Task String_Format() => BodyRule.Reports(
        """
        connection.Query<long>(string.Format("{|CTR101:delete|} from {0} where id = {1}", name, id));
        """);

    [Fact]
    public Task String_Format_with_the_verb() => BodyRule.Reports(
        """
        connection.Query<long>(string.Format("{0} from notes", "{|CTR101:delete|}"));
        """);

    [Fact]
    public Task String_Concat() => BodyRule.Reports(
        """
        connection.Query<long>(string.Concat("{|CTR101:delete|}", " from ", name));
        """);

    [Fact]
    public Task String_Replace() => BodyRule.Reports(
        """
        connection.Query<long>("#verb# from notes".Replace("#verb#", "{|CTR101:delete|}"));
        """);

    [Fact]
    public Task StringBuilder_chain() => BodyRule.Reports(
        """
        connection.Query<long>(new StringBuilder("{|CTR101:delete|} ").Append("from ").Append(name).ToString());
        """);

    [Fact]
    public Task StringBuilder_statements() => BodyRule.Reports(
        """
        var sql = new StringBuilder();
        sql.Append("select id from notes");
        if (flag)
            sql.Append(" {|CTR102:for update|}");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task StringBuilder_AppendLine() => BodyRule.Reports(
        """
        var sql = new StringBuilder();
        sql.AppendLine("select 1;");
        sql.AppendLine("{|CTR101:delete|} from notes");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task StringBuilder_AppendFormat() => BodyRule.Reports(
        """
        var sql = new StringBuilder();
        sql.AppendFormat("{|CTR101:delete|} from {0}", name);
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task StringBuilder_interpolated() => BodyRule.Reports(
        """
        var sql = new StringBuilder();
        sql.Append($"{|CTR101:delete|} from {name}");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task FormattableString_in_a_variable() => BodyRule.Reports(
        """
        FormattableString sql = $"{|CTR101:delete|} from notes where id = {id}";
        context.Database.ExecuteSql(sql);
        """);

    [Fact]
    public Task Method_that_returns_SQL() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql()|});
        """,
        """
        private static string Sql() => "delete from notes";
        """);

    [Fact]
    public Task Method_with_parameters() => BodyRule.Reports(
        """
        connection.Query<long>(Sql("{|CTR101:delete|}"));
        """,
        """
        private static string Sql(string verb) => $"{verb} from notes";
        """);

    [Fact]
    public Task Local_function_that_returns_SQL() => BodyRule.Reports(
        """
        connection.Query<long>(Sql("notes"));
        static string Sql(string table) => "{|CTR101:delete|} from " + table;
        """);

    [Fact]
    public Task Property() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql|});
        """,
        """
        private static string Sql => "delete from notes";
        """);

    [Fact]
    public Task Automatic_property() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql|});
        """,
        """
        private static string Sql { get; } = "delete from notes";
        """);

    [Fact]
    public Task Field_set_in_a_static_constructor() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql|});
        """,
        """
        private static readonly string Sql;
        static Notes() => Sql = "delete from notes";
        """);

    [Fact]
    public Task Foreach_over_an_array() => BodyRule.Reports(
        """
        foreach (var sql in new[] { "select 1", "{|CTR101:delete|} from notes" })
            connection.Execute(sql);
        """);

    [Fact]
    public Task Foreach_over_a_field() => BodyRule.Reports(
        """
        foreach (var sql in Statements)
            connection.Execute({|CTR101:sql|});
        """,
        """
        private static readonly string[] Statements = ["select 1", "delete from notes"];
        """);

    [Fact]
    public Task Foreach_over_an_array_field() => BodyRule.Reports(
        """
        foreach (var sql in Statements)
            connection.Execute({|CTR101:sql|});
        """,
        """
        private static readonly string[] Statements = { "select 1", "delete from notes" };
        """);

    [Fact]
    public Task Dictionary() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Statements[name]|});
        """,
        """
        private static readonly Dictionary<string, string> Statements = new() { ["a"] = "select 1", ["b"] = "delete from notes" };
        """);

    [Fact]
    public Task Dictionary_with_Add() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Statements[name]|});
        """,
        """
        private static readonly Dictionary<string, string> Statements = new() { { "a", "select 1" }, { "b", "delete from notes" } };
        """);

    [Fact]
    public Task Tuple_element() => BodyRule.Reports(
        """
        var pair = (Read: "select 1", Write: "{|CTR101:delete|} from notes");
        connection.Query<long>(pair.Write);
        """);

    [Fact]
    public Task Deconstructed_tuple() => BodyRule.Reports(
        """
        var (first, second) = ("select 1", "{|CTR101:delete|} from notes");
        connection.Query<long>(second);
        connection.Query<long>(first);
        """);

    [Fact]
    public Task Virtual_property_of_the_class_itself() => BodyRule.ReportsIn(
        """
        public abstract class Reader { protected abstract string Sql { get; } public void Read(NpgsqlConnection connection) => connection.Query<long>(Sql); }
        public sealed class Purge : Reader
        {
            protected override string Sql => "delete from notes";
            [ReadQuery] public static void Run(NpgsqlConnection connection) => {|CTR105:new Purge().Read(connection)|};
        }
        """);

    [Fact]
    public Task NoFalsePositive_Virtual_property_of_a_sibling() => BodyRule.ReportsIn(
        """
        public abstract class Reader { protected abstract string Sql { get; } public void Read(NpgsqlConnection connection) => connection.Query<long>(Sql); }
        public sealed class Purge : Reader { protected override string Sql => "delete from notes"; }
        public sealed class List : Reader
        {
            protected override string Sql => "select 1";
            [ReadQuery] public static void Run(NpgsqlConnection connection) => new List().Read(connection);
        }
        """);

    [Fact]
    public Task NoFalsePositive_Constant_of_another_assembly() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Library.Texts.Read);
        """);

    [Fact]
    public Task NoFalsePositive_Value_in_a_hole() => BodyRule.ReportsNothing(
        """
        connection.Query<long>($"select id from notes where id = {id} and body = '{name}'");
        """);

    [Fact]
    public Task NoFalsePositive_Table_in_a_hole() => BodyRule.ReportsNothing(
        """
        connection.Query<long>($"select id from {name} order by {name} limit {kind}");
        """);

    [Fact]
    public Task NoFalsePositive_Chosen_sort_order() => BodyRule.ReportsNothing(
        """
        var order = flag ? "asc" : "desc";
        connection.Query<long>($"select id from notes order by id {order}");
        """);

    [Fact]
    public Task NoFalsePositive_Where_added_in_branches() => BodyRule.ReportsNothing(
        """
        var sql = "select id from notes where true";
        if (flag)
            sql += " and updated";
        if (kind > 1)
            sql += " and deleted = @deleted";
        sql += " order by update_time";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Conditions_joined() => BodyRule.ReportsNothing(
        """
        var conditions = new List<string>();
        if (flag)
            conditions.Add("deleted");
        connection.Query<long>("select id from notes where " + string.Join(" and ", conditions));
        """);

    [Fact]
    public Task NoFalsePositive_StringBuilder_that_reads() => BodyRule.ReportsNothing(
        """
        var sql = new StringBuilder("select id");
        sql.Append(" from notes").AppendLine().Append("where id = ").Append(id);
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task NoFalsePositive_StringBuilder_cleared() => BodyRule.ReportsNothing(
        """
        var sql = new StringBuilder("delete from notes");
        sql.Clear();
        sql.Append("select 1");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task NoFalsePositive_StringBuilder_beside_it() => BodyRule.ReportsNothing(
        """
        var log = new StringBuilder("delete from notes");
        var sql = new StringBuilder("select 1");
        Console.WriteLine(log);
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task NoFalsePositive_Switch_whose_throw_names_a_write() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(kind switch { 0 => "select 1", _ => throw new NotSupportedException("delete from notes") });
        """);

    [Fact]
    public Task NoFalsePositive_Format_with_escaped_braces() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(string.Format("select '{{}}'::jsonb, {0} from notes", name));
        """);

    [Fact]
    public Task NoFalsePositive_Method_whose_other_result_is_logged() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Reads());
        Console.WriteLine(Writes());
        """,
        """
        private static string Reads() => "select 1";
        private static string Writes() => "delete from notes";
        """);

    [Fact]
    public Task NoFalsePositive_Dictionary_key_that_reads_like_SQL() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Statements[name]);
        """,
        """
        private static readonly Dictionary<string, string> Statements = new() { ["delete"] = "select 1", ["update"] = "select 2" };
        """);

    [Fact]
    public Task NoFalsePositive_Dictionary_key_with_Add() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Statements[name]);
        """,
        """
        private static readonly Dictionary<string, string> Statements = new() { { "delete from notes", "select 1" } };
        """);

    [Fact]
    public Task NoFalsePositive_Element_of_a_tuple() => BodyRule.ReportsNothing(
        """
        var pair = (Read: "select 1", Write: "delete from notes");
        connection.Query<long>(pair.Read);
        Console.WriteLine(pair.Write);
        """);

    [Fact]
    public Task NoFalsePositive_Element_of_an_array() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Statements[0]);
        """,
        """
        private static readonly string[] Statements = { "select 1", "select 2" };
        """);

    [Fact]
    public Task NoFalsePositive_Replace_of_a_table_name() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select id from #table# where deleted".Replace("#table#", name));
        """);

    [Fact]
    public Task NoFalsePositive_Replace_that_takes_the_lock_out() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select id from notes for update".Replace("for update", ""));
        """);

    [Fact]
    public Task NoFalsePositive_Branch_that_returns_before() => BodyRule.ReportsNothing(
        """
        var sql = "select 1";
        if (flag)
        {
            sql = "delete from notes";
            Console.WriteLine(sql);
            return;
        }

        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Local_of_a_closed_branch() => BodyRule.ReportsNothing(
        """
        if (flag)
        {
            var sql = "delete from notes";
            Console.WriteLine(sql);
        }
        else
        {
            var sql = "select 1";
            connection.Query<long>(sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_Recursive_helper() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Sql(kind));
        """,
        """
        private static string Sql(int depth) => depth == 0 ? "select 1" : Sql(depth - 1) + " union select 1";
        """);

    [Fact]
    public Task NoFalsePositive_Substring_that_cuts_the_end() => BodyRule.ReportsNothing(
        """
        var sql = "select id from notes where id = 1 and ";
        connection.Query<long>(sql.Substring(0, sql.Length - 5));
        """);

    [Fact]
    public Task Replaced_by_itself() => BodyRule.Reports(
        """
        var sql = "{|CTR101:delete|} from #table#";
        sql = sql.Replace("#table#", name);
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Concatenated_with_itself() => BodyRule.Reports(
        """
        var sql = "select id from notes";
        sql = sql + " {|CTR102:for update|}";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Interpolated_with_itself() => BodyRule.Reports(
        """
        var sql = "select id from notes";
        sql = $"{sql} {|CTR102:for update|}";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Added_conditionally() => BodyRule.Reports(
        """
        var sql = "select id from notes";
        sql += flag ? " {|CTR102:for update|}" : "";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Assigned_in_a_try_block() => BodyRule.Reports(
        """
        string sql;
        try
        {
            sql = "{|CTR101:delete|} from notes";
        }
        catch (InvalidOperationException)
        {
            sql = "select 1";
        }

        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Out_parameter() => BodyRule.Reports(
        """
        Make(out var sql);
        connection.Query<long>({|CTR101:sql|});
        """,
        """
        private static void Make(out string sql) => sql = "delete from notes";
        """);

    [Fact]
    public Task String_Create() => BodyRule.Reports(
        """
        connection.Query<long>(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{|CTR101:delete|} from {name}"));
        """);

    [Fact]
    public Task Name_of_a_type_in_a_hole() => BodyRule.Reports(
        """
        connection.Query<long>($"{|CTR101:delete|} from {nameof(Note)}");
        """);

    [Fact]
    public Task Lambda_that_returns_SQL() => BodyRule.Reports(
        """
        Func<string, string> make = table => $"{|CTR101:delete|} from {table}";
        connection.Query<long>(make(name));
        """);

    [Fact]
    public Task Extension_method_of_a_string() => BodyRule.Reports(
        """
        connection.Query<long>("{|CTR101:delete|} from notes".In(name));
        """,
        """
        private static string In(this string sql, string schema) => $"set search_path = {schema}; " + sql;
        """);

    [Fact]
    public Task Instance_property_set_by_a_constructor() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:new Purge(name).Sql|});
        """,
        """
        private sealed class Purge { public Purge(string table) => Sql = $"delete from {table}"; public string Sql { get; } }
        """);

    [Fact]
    public Task Statements_of_a_switch_in_a_helper() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql(kind)|});
        """,
        """
        private static string Sql(int kind)
        {
            switch (kind)
            {
                case 0: return "select 1";
                default: return "delete from notes";
            }
        }
        """);

    [Fact]
    public Task Rows_that_are_joined() => BodyRule.Reports(
        """
        var rows = new[] { 1, 2 };
        connection.Query<long>("{|CTR101:insert|} into notes values " + string.Join(", ", rows.Select(i => $"({i})")));
        """);

    [Fact]
    public Task Twentieth_arm_of_a_switch() => BodyRule.Reports(
        """
        connection.Query<long>(kind switch { 0 => "select 0", 1 => "select 1", 2 => "select 2", 3 => "select 3", 4 => "select 4", 5 => "select 5", 6 => "select 6", 7 => "select 7", 8 => "select 8", 9 => "select 9", 10 => "select 10", 11 => "select 11", 12 => "select 12", 13 => "select 13", 14 => "select 14", 15 => "select 15", 16 => "select 16", 17 => "select 17", 18 => "select 18", _ => "{|CTR101:delete|} from notes" });
        """);

    [Fact]
    public Task Twentieth_element_of_an_array() => BodyRule.Reports(
        """
        foreach (var sql in new[] { "select 0", "select 1", "select 2", "select 3", "select 4", "select 5", "select 6", "select 7", "select 8", "select 9", "select 10", "select 11", "select 12", "select 13", "select 14", "select 15", "select 16", "select 17", "select 18", "{|CTR101:delete|} from notes" })
            connection.Execute(sql);
        """);

    [Fact]
    public Task Hole_with_alignment_and_format() => BodyRule.Reports(
        """
        connection.Query<long>($"{|CTR101:delete|} from notes where id = {id,5:D3}");
        """);

    [Fact]
    public Task Trimmed() => BodyRule.Reports(
        """
        connection.Query<long>("{|CTR101:delete|} from notes,".TrimEnd(','));
        """);

    [Fact]
    public Task Range_of_a_string() => BodyRule.Reports(
        """
        var sql = "{|CTR101:delete|} from notes where id = 1,";
        connection.Query<long>(sql[..^1]);
        """);

    [Fact]
    public Task Raw_SQL_with_a_table_put_in() => BodyRule.Reports(
        """
        context.Set<Note>().FromSqlRaw($"select * from {name} {|CTR102:for update|}").ToList();
        """);

    [Fact]
    public Task StringBuilder_made_by_a_helper() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql().ToString()|});
        """,
        """
        private static StringBuilder Sql() => new StringBuilder("delete").Append(" from notes");
        """);

    [Fact]
    public Task StringBuilder_filled_by_a_helper() => BodyRule.Reports(
        """
        var sql = new StringBuilder("select id from notes");
        Lock(sql);
        connection.Query<long>({|CTR102:sql.ToString()|});
        """,
        """
        private static void Lock(StringBuilder sql) => sql.Append(" for update");
        """);

    [Fact]
    public Task List_of_lines_joined() => BodyRule.Reports(
        """
        var lines = new List<string> { "select id from notes" };
        if (flag)
            lines.Add("{|CTR102:for update|}");
        connection.Query<long>(string.Join("\n", lines));
        """);

    [Fact]
    public Task Unknown_text() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR108:name|});
        """);

    [Fact]
    public Task Unknown_tail() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR108:"select id from notes " + name|});
        """);

    [Fact]
    public Task NoFalsePositive_Initial_value_that_every_branch_replaces() => BodyRule.ReportsNothing(
        """
        var sql = "delete from notes";
        if (flag)
            sql = "select 1";
        else
            sql = "select 2";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Branch_that_throws() => BodyRule.ReportsNothing(
        """
        var sql = "select 1";
        if (flag)
        {
            sql = "delete from notes";
            throw new InvalidOperationException(sql);
        }

        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Text_of_the_other_branch() => BodyRule.ReportsNothing(
        """
        string sql;
        if (flag)
        {
            sql = "select 1";
            connection.Query<long>(sql);
        }
        else
        {
            sql = "delete from notes";
            Console.WriteLine(sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_Text_given_to_another_variable() => BodyRule.ReportsNothing(
        """
        var write = "delete from notes";
        var read = "select 1";
        var log = write + read;
        Console.WriteLine(log);
        connection.Query<long>(read);
        """);

    [Fact]
    public Task NoFalsePositive_Branches_that_add_different_clauses() => BodyRule.ReportsNothing(
        """
        var sql = "select id from notes";
        if (flag)
            sql += " order by update_time";
        else
            sql += " order by delete_time";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Enum_in_a_hole() => BodyRule.ReportsNothing(
        """
        connection.Query<long>($"select id from notes where kind = {(int)DayOfWeek.Friday}");
        """);

    [Fact]
    public Task NoFalsePositive_Helper_with_a_write_for_another_argument() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Sql("select"));
        """,
        """
        private static string Sql(string verb) => $"{verb} id from notes";
        """);

    [Fact]
    public Task StringBuilder_with_characters() => BodyRule.Reports(
        """
        var sql = new StringBuilder().Append("{|CTR101:delete|}").Append(' ').Append("from notes");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task StringBuilder_in_both_branches() => BodyRule.Reports(
        """
        var sql = new StringBuilder("select id from notes ");
        if (flag)
            sql.Append("order by id");
        else
            sql.Append("{|CTR102:for share|}");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task StringBuilder_AppendJoin() => BodyRule.Reports(
        """
        var sql = new StringBuilder("{|CTR101:insert|} into notes values ");
        sql.AppendJoin(", ", new[] { "(1)", "(2)" });
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task StringBuilder_in_a_loop() => BodyRule.Reports(
        """
        var sql = new StringBuilder();
        for (var i = 0; i < kind; i++)
            sql.AppendLine($"{|CTR101:delete|} from notes where id = {i};");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task NoFalsePositive_StringBuilder_appended_after_its_text_was_taken() => BodyRule.ReportsNothing(
        """
        var builder = new StringBuilder("select id from notes");
        var sql = builder.ToString();
        builder.Append(" for update");
        Console.WriteLine(builder);
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_StringBuilder_whose_length_is_set_to_zero() => BodyRule.ReportsNothing(
        """
        var sql = new StringBuilder("delete from notes");
        Console.WriteLine(sql);
        sql.Length = 0;
        sql.Append("select 1");
        connection.Query<long>(sql.ToString());
        """);

    [Fact]
    public Task Assigned_for_the_next_round_of_a_loop() => BodyRule.Reports(
        """
        var sql = "select 1";
        for (var i = 0; i < 2; i++)
        {
            connection.Query<long>(sql);
            sql = "{|CTR101:delete|} from notes";
        }
        """);

    [Fact]
    public Task Variable_captured_by_a_lambda() => BodyRule.Reports(
        """
        var sql = "{|CTR101:delete|} from notes";
        await Task.Run(() => connection.Execute(sql));
        """);

    [Fact]
    public Task Variable_captured_by_a_local_function() => BodyRule.Reports(
        """
        var sql = "delete from notes";
        {|CTR105:Go()|};
        void Go() => connection.Execute(sql);
        """);

    [Fact]
    public Task String_Concat_of_an_array() => BodyRule.Reports(
        """
        connection.Query<long>(string.Concat(new[] { "{|CTR101:delete|}", " from notes" }));
        """);

    [Fact]
    public Task String_Concat_of_six() => BodyRule.Reports(
        """
        connection.Query<long>(string.Concat("{|CTR101:delete|}", " from ", name, " where ", name, " = 1"));
        """);

    [Fact]
    public Task String_Format_of_five() => BodyRule.Reports(
        """
        connection.Query<long>(string.Format("{|CTR101:delete|} from {0} where {1} = {2} and {3} = {4}", name, name, id, name, id));
        """);

    [Fact]
    public Task String_Format_with_an_array() => BodyRule.Reports(
        """
        connection.Query<long>(string.Format("{0} from {1}", new object[] { "{|CTR101:delete|}", name }));
        """);

    [Fact]
    public Task Join_by_a_character() => BodyRule.Reports(
        """
        connection.Query<long>(string.Join(' ', new[] { "select id from notes", "{|CTR102:for update|}" }));
        """);

    [Fact]
    public Task Generic_helper() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql<Note>()|});
        """,
        """
        private static string Sql<T>() => $"delete from {typeof(T).Name}";
        """);

    [Fact]
    public Task Default_value_of_a_parameter() => BodyRule.Reports(
        """
        connection.Query<long>({|CTR101:Sql()|});
        """,
        """
        private static string Sql(string verb = "delete") => verb + " from notes";
        """);

    [Fact]
    public Task NoFalsePositive_Default_value_that_is_not_used() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Sql("select id"));
        """,
        """
        private static string Sql(string verb = "delete") => verb + " from notes";
        """);

    [Fact]
    public Task Through_two_helpers() => BodyRule.Reports(
        """
        connection.Query<long>(Outer("{|CTR101:delete|}"));
        """,
        """
        private static string Outer(string verb) => Inner(verb + " from");
        private static string Inner(string start) => $"{start} notes";
        """);

    [Fact]
    public Task Null_forgiving() => BodyRule.Reports(
        """
        string? sql = "{|CTR101:delete|} from notes";
        connection.Query<long>(sql!);
        """);

    [Fact]
    public Task Cast_to_object_and_back() => BodyRule.Reports(
        """
        object sql = "{|CTR101:delete|} from notes";
        connection.Query<long>((string)sql);
        """);

    [Fact]
    public Task FormattableStringFactory() => BodyRule.Reports(
        """
        context.Database.ExecuteSql(FormattableStringFactory.Create("{|CTR101:delete|} from notes where id = {0}", id));
        """);

    [Fact]
    public Task Chain_of_else_if() => BodyRule.Reports(
        """
        string sql;
        if (kind == 0)
            sql = "select 0";
        else if (kind == 1)
            sql = "{|CTR101:delete|} from notes";
        else
            sql = "select 2";
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task Collection_expression() => BodyRule.Reports(
        """
        string[] statements = ["select 1", "{|CTR101:delete|} from notes"];
        foreach (var sql in statements)
            connection.Execute(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Comparison_with_a_write() => BodyRule.ReportsNothing(
        """
        var sql = "select 1";
        if (name.Contains("for update") || name == "delete from notes" || name.StartsWith("insert into notes"))
            throw new InvalidOperationException();
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Pattern_that_names_a_write() => BodyRule.ReportsNothing(
        """
        var sql = name switch { "delete from notes" => "select 1", _ => "select 2" };
        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Condition_that_names_a_write() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(name == "delete from notes" ? "select 1" : "select 2");
        """);

    [Fact]
    public Task NoFalsePositive_Text_replaced_by_a_helpers_parameter() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Sql("delete from notes"));
        """,
        """
        private static string Sql(string ignored) => "select " + ignored.Length;
        """);

    [Fact]
    public Task NoFalsePositive_Overwritten_in_every_section_of_a_switch() => BodyRule.ReportsNothing(
        """
        var sql = "delete from notes";
        switch (kind)
        {
            case 0: sql = "select 0"; break;
            default: sql = "select 1"; break;
        }

        connection.Query<long>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Variables_of_the_same_name_in_two_lambdas() => BodyRule.ReportsNothing(
        """
        Func<string> log = () => { var sql = "delete from notes"; return sql; };
        Func<IEnumerable<long>> read = () => { var sql = "select 1"; return connection.Query<long>(sql); };
        Console.WriteLine(log() + read());
        """);

    [Fact]
    public Task NoFalsePositive_Table_field_of_a_repository() => BodyRule.ReportsNothing(
        """
        connection.Query<long>($"select {Columns} from {Table} where id = @id");
        """,
        """
        private const string Table = "update_log";
        private static readonly string Columns = string.Join(", ", "id", "delete_time");
        """);

    [Fact]
    public Task NoFalsePositive_Paging_helper() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Paged("select id from notes", kind, 20));
        """,
        """
        private static string Paged(string sql, int page, int size) => $"{sql} order by id offset {page * size} limit {size}";
        """);

    [Fact]
    public Task NoFalsePositive_Filter_built_by_a_helper() => BodyRule.ReportsNothing(
        """
        var sql = new StringBuilder("select id from notes where true");
        Filter(sql, name);
        connection.Query<long>(sql.ToString());
        """,
        """
        private static void Filter(StringBuilder sql, string? name)
        {
            if (name is not null)
                sql.Append(" and body = @delete");
        }
        """);

    [Fact]
    public Task NoFalsePositive_Count_beside_the_rows() => BodyRule.ReportsNothing(
        """
        var where = flag ? "where deleted" : "";
        using var grid = connection.QueryMultiple($"select count(*) from notes {where}; select id from notes {where}");
        """);

    [Fact]
    public Task NoFalsePositive_In_list_of_values() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select id from notes where id in (" + string.Join(", ", new[] { 1, 2, 3 }) + ")");
        """);

    [Fact]
    public Task NoFalsePositive_Text_of_a_constant_condition() => BodyRule.ReportsNothing(
        """
        const bool writes = false;
        connection.Query<long>(writes ? "delete from notes" : "select 1");
        """);

    [Fact]
    public Task NoFalsePositive_Text_taken_from_the_read_side_of_a_pair() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Statements.Read);
        """,
        """
        private static class Statements { public const string Read = "select 1"; public const string Write = "delete from notes"; }
        """);

    [Fact]
    public Task NoFalsePositive_Overload_of_a_helper_that_writes() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Sql(1));
        """,
        """
        private static string Sql(int id) => $"select {id}";
        public static string Sql(string table) => $"delete from {table}";
        """);

    [Fact]
    public Task NoFalsePositive_Write_of_another_read_of_the_class() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select 1");
        """,
        """
        public static void Purge(NpgsqlConnection connection) => connection.Execute("delete from notes");
        """);

    [Fact]
    public Task NoFalsePositive_Comment_put_together() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("-- delete from notes\n" + "select 1");
        """);

    [Fact]
    public Task NoFalsePositive_Literal_put_together() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select '" + "delete from notes" + "'");
        """);

    [Fact]
    public Task NoFalsePositive_Raw_string_with_a_comment() => BodyRule.ReportsNothing(
        """"
        connection.Query<long>("""
            -- update notes set id = 1;
            select id /* delete from notes */ from notes
            """);
        """");

    [Fact]
    public Task NoFalsePositive_Json_in_a_raw_interpolated_string() => BodyRule.ReportsNothing(
        """"
        connection.Query<long>($$"""
            select '{"delete": 1}'::jsonb, {{id}} from notes
            """.Replace("x", "y"));
        """");

    [Fact]
    public Task StringWriter_that_implementations_fill() => BodyRule.Reports(
        """
        ITable table = Make(kind);
        var writer = new System.IO.StringWriter();
        table.WriteTo(writer);
        connection.Query<int>({|CTR101:writer.ToString()|});
        """,
        """
        static ITable Make(int kind) => kind == 0 ? new Empty() : new Filled();
        interface ITable { void WriteTo(System.IO.TextWriter writer); }
        sealed class Empty : ITable { public void WriteTo(System.IO.TextWriter writer) { } }
        sealed class Filled : ITable
        {
            public void WriteTo(System.IO.TextWriter writer)
            {
                writer.Write("create table ");
                writer.WriteLine("notes (id int)");
            }
        }
        """);

    [Fact]
    public Task StringWriter_over_a_builder() => BodyRule.Reports(
        """
        var builder = new StringBuilder();
        var writer = new System.IO.StringWriter(builder);
        writer.WriteLine("{|CTR101:delete|} from {0}", name);
        connection.Query<int>(builder.ToString());
        """);

    [Fact]
    public Task Writer_over_a_writer_over_a_builder() => BodyRule.Reports(
        """
        var builder = new StringBuilder();
        var writer = new System.CodeDom.Compiler.IndentedTextWriter(new System.IO.StringWriter(builder));
        writer.WriteLine("{|CTR101:delete|} from notes");
        connection.Query<int>(builder.ToString());
        """);

    [Fact]
    public Task Builder_that_an_object_keeps() => BodyRule.Reports(
        """
        var builder = new StringBuilder("select 1;");
        new Clause(builder).Add();
        connection.Query<int>({|CTR108:builder.ToString()|});
        """,
        "sealed class Clause(StringBuilder all) { public void Add() => all.Append(\"delete from notes\"); }");

    [Fact]
    public Task Builder_that_is_given_to_a_delegate() => BodyRule.Reports(
        """
        var builder = new StringBuilder("select 1;");
        fill(builder);
        connection.Query<int>({|CTR108:builder.ToString()|});
        """,
        "static Action<StringBuilder> fill = null!;");

    [Fact]
    public Task NoFalsePositive_Builder_that_others_only_see() => BodyRule.IsKnown(
        """
        var builder = new StringBuilder("select ");
        builder.Append($"{id}").Append(" from notes");
        Console.WriteLine(builder);
        runner.Log(string.Concat(builder, "delete"));
        connection.Query<int>(builder.ToString());
        """);

    [Fact]
    public Task Part_of_a_script() => BodyRule.Reports(
        """
        foreach (var part in Script(name).Split(';'))
            connection.Query<int>({|CTR101:part|});
        """,
        "static string Script(string table) => $\"select 1; delete from {table}\";");

    [Fact]
    public Task Element_of_a_returned_tuple() => BodyRule.Reports(
        """
        var (count, sql) = Both();
        connection.Query<int>({|CTR101:sql|});
        """,
        "static (int Count, string Sql) Both() => (1, \"delete from notes returning id\");");

    [Fact]
    public Task Collection_given_to_a_helper() => BodyRule.Reports(
        """
        {|CTR105:RunAll(connection, new List<string> { "select 1", "delete from notes" })|};
        """,
        """
        static void RunAll(NpgsqlConnection connection, IReadOnlyList<string> statements)
        {
            foreach (var statement in statements)
                connection.Query<int>(statement);
        }
        """);

    [Fact]
    public Task Collection_joined_by_another_assembly() => BodyRule.Reports(
        """
        {|CTR105:RunAll(connection, "select 1", "delete from notes")|};
        """,
        """
        static void RunAll(NpgsqlConnection connection, params string[] statements) => connection.Query<int>(Library.Texts.Glue(statements, ";"));
        """);

    [Fact]
    public Task Tail_that_only_a_write_has() => BodyRule.Reports(
        """
        connection.Query<int>(name + " {|CTR101:returning|} id");
        connection.Query<int>($"{name} {|CTR101:on conflict|} do nothing");
        connection.Query<int>($"{name} {|CTR101:delete from|} notes");
        """);

    [Fact]
    public Task NoFalsePositive_StringWriter_that_implementations_fill() => BodyRule.ReportsNothing(
        """
        IQuery query = new Query();
        var writer = new System.IO.StringWriter();
        query.WriteTo(writer);
        connection.Query<int>(writer.ToString());
        """,
        """
        interface IQuery { void WriteTo(System.IO.TextWriter writer); }
        sealed class Query : IQuery { public void WriteTo(System.IO.TextWriter writer) => writer.Write("select 1"); }
        """);

    [Fact]
    public Task NoFalsePositive_Writer_of_a_log() => BodyRule.ReportsNothing(
        """
        var writer = new System.IO.StringWriter();
        writer.WriteLine("delete from notes");
        connection.Query<int>("select 1");
        runner.Log(writer.ToString());
        """);

    [Fact]
    public Task NoFalsePositive_Other_element_of_a_returned_tuple() => BodyRule.ReportsNothing(
        """
        var (read, write) = Both();
        connection.Query<int>(read);
        """,
        "static (string Read, string Write) Both() => (\"select 1\", \"delete from notes\");");

    [Fact]
    public Task NoFalsePositive_Tail_of_a_read() => BodyRule.ReportsNothing(
        """
        connection.Query<int>(name + " where id in (select 1) order by t.returning");
        connection.Query<int>(name + " where note = 'returning' -- on conflict");
        connection.Query<int>(name + " join notes on id = 1");
        """);
}
