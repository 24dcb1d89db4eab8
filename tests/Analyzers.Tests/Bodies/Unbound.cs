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

    [Theory]
    [InlineData("IRepository<Note> notes = null!; {|CTR104:notes.AddAsync(new Note())|};", "interface IRepository<T> : IMissingBase<T> { }")]
    [InlineData("NoteRepository<Note> notes = null!; {|CTR104:notes.UpdateAsync(new Note())|};", "class NoteRepository<T> : MissingBase<T> { }")]
    [InlineData("IMissingRepository<Note> notes = null!; {|CTR104:notes.DeleteAsync(new Note())|};", "")]
    [InlineData("{|CTR105:Store(null!)|};", "interface IRepository<T> : IMissingBase<T> { } static object Store(IRepository<Note> notes) => notes.InsertAsync(new Note());")]
    public Task Repository_of_a_missing_package(string statements, string members) => BodyRule.ReportsUnbound(statements, members);

    [Fact]
    public Task Unit_of_work_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        IMissingUnitOfWork work = null!;
        {|CTR104:work.CommitAsync()|};
        """);

    [Fact]
    public Task Type_of_a_missing_package_that_is_known_to_write() => BodyRule.ReportsUnbound(
        """
        UserManager<Note> users = null!;
        {|CTR104:users.CreateAsync(new Note())|};
        SignInManager<Note> entries = null!;
        {|CTR104:entries.PasswordSignInAsync(name, name, false, false)|};
        """);

    [Fact]
    public Task Connection_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        SqliteConnection sqlite = null!;
        {|CTR104:sqlite.InsertAsync(new Note())|};
        """);

    [Fact]
    public Task Text_in_the_state_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        var sql = "{|CTR101:delete|} from notes";
        Missing.Execute(static (state, _) => state.connection.Execute(state.sql, state.id), (connection, sql, id));
        Missing.Query(static state => state.connection.Query(state.text), (connection, text: "select 1"));
        """);

    [Fact]
    public Task Unknown_text_in_the_state_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        Missing.Execute(static state => state.connection.Execute({|CTR104:state.deleteSql|}), connection);
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

    [Fact]
    public Task NoFalsePositive_Reads_of_types_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        IRepository<Note> notes = null!;
        notes.ListAsync();
        IMissingRepository<Note> others = null!;
        others.GetByIdAsync(id);
        IMissingUnitOfWork work = null!;
        work.BeginAsync();
        UserManager<Note> users = null!;
        users.FindByIdAsync(id);
        SignInManager<Note> entries = null!;
        entries.SignOutAsync();
        entries.RefreshSignInAsync(new Note());
        SqliteConnection sqlite = null!;
        sqlite.GetAsync<Note>(id);
        """,
        "interface IRepository<T> : IMissingBase<T> { }");

    [Fact]
    public Task NoFalsePositive_Repository_of_files() => BodyRule.ReportsUnbound(
        """
        MissingRepository git = null!;
        git.AddFile(name);
        """);

    [Fact]
    public Task NoFalsePositive_Text_that_reads_in_the_state_of_a_missing_package() => BodyRule.ReportsUnbound(
        """
        var sql = "select 1";
        Missing.Execute(static (state, _) => state.connection.Execute(state.sql, state.id), (connection, sql, id));
        Missing.Run(static state => state.connection.Query(state.sql), connection);
        """);

    [Fact]
    public Task NoFalsePositive_Set_of_a_context() => BodyRule.ReportsUnbound(
        """
        context.Set<Note>(1, 2, 3);
        """);
}
