namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Calls that the compiler can't bind: a package is missing, a generator hasn't run, or the line is being typed.</summary>
public class Unbound
{
    [Fact]
    public Task Helper_that_gets_something_unbound() => BodyRule.ReportsUnbound(
        """
        {|CTR105:Purge(connection, Missing.Limit)|};
        """,
        "static int Purge(NpgsqlConnection connection, int limit) => connection.Execute(\"delete from notes\");");

    [Fact]
    public Task Overload_of_the_same_name_that_gets_something_unbound() => BodyRule.ReportsUnbound(
        """
        var note = new Note() ?? throw new InvalidOperationException(Missing.Text);
        {|CTR105:Save(connection, note, Missing.Limit)|};
        """,
        """
        static int Save(NpgsqlConnection connection, string text, int limit) => 0;
        static int Save(NpgsqlConnection connection, Note note, int limit) => connection.Execute("insert into notes default values");
        """);

    [Fact]
    public Task Text_given_to_a_helper() => BodyRule.ReportsUnbound(
        """
        {|CTR105:Run(connection, Missing.Limit, sql: "delete from notes returning id")|};
        """,
        "static int Run(NpgsqlConnection connection, int limit, string sql) => connection.QuerySingle<int>(sql);");

    [Fact]
    public Task Implementation_of_an_interface() => BodyRule.ReportsUnbound(
        """
        IStore store = new Store();
        {|CTR105:store.Save(connection, Missing.Limit)|};
        """,
        """
        interface IStore { int Save(NpgsqlConnection connection, int limit); }
        sealed class Store : IStore { public int Save(NpgsqlConnection connection, int limit) => connection.Execute("insert into notes default values"); }
        """);

    [Fact]
    public Task Dapper_with_an_unbound_argument() => BodyRule.ReportsUnbound(
        """
        connection.QuerySingle<int>("{|CTR101:delete|} from notes returning id", Missing.Values);
        """);

    [Fact]
    public Task Method_of_a_missing_package_that_runs_SQL() => BodyRule.ReportsUnbound(
        """
        connection.ExecuteMissing("{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Method_of_a_missing_package_that_is_named_for_a_change() => BodyRule.ReportsUnbound(
        """
        {|CTR104:context.ExecuteMissingInsertAsync(new List<Note>())|};
        """);

    [Fact]
    public Task Method_of_a_missing_package_that_gets_the_connection() => BodyRule.ReportsUnbound(
        """
        {|CTR108:context.FrobnicateAsync()|};
        {|CTR108:Missing.Frobnicate(connection)|};
        """);

    [Fact]
    public Task Command_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        var command = new MissingCommand("{|CTR101:delete|} from notes");
        var other = new MissingCommand();
        other.CommandText = "{|CTR101:update|} notes set id = 1";
        """);

    [Fact]
    public Task NoFalsePositive_Helper_that_reads() => BodyRule.ReportsUnbound(
        """
        Count(connection, Missing.Limit);
        Run(connection, Missing.Limit, sql: "select 1");
        """,
        """
        static int Count(NpgsqlConnection connection, int limit) => connection.QuerySingle<int>("select count(*)::int from notes");
        static int Run(NpgsqlConnection connection, int limit, string sql) => connection.QuerySingle<int>(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Overload_with_other_parameters() => BodyRule.ReportsUnbound(
        """
        Note(connection, Missing.Limit);
        """,
        """
        static int Note(NpgsqlConnection connection, int limit) => connection.QuerySingle<int>("select 1");
        static int Note(NpgsqlConnection connection, int limit, string text) => connection.Execute("insert into notes default values");
        """);

    [Fact]
    public Task NoFalsePositive_Text_that_a_missing_logger_gets() => BodyRule.ReportsUnbound(
        """
        Missing.Log("delete from notes");
        missing.LogInformation("update notes set id = 1");
        """);

    [Fact]
    public Task NoFalsePositive_Read_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        connection.QueryMissing("select 1");
        var command = new MissingCommand("select 1");
        """);

    [Fact]
    public Task NoFalsePositive_Change_of_what_is_no_connection() => BodyRule.ReportsUnbound(
        """
        name.InsertMissing(1);
        Missing.Update(id);
        """);
}
