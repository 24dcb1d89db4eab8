namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Commands that other methods run, commands in wrappers, and texts that objects hold.</summary>
public class Commands
{
    // A command behind a class of the application, and a run behind an extension method.
    private const string Helpers =
        """
        public sealed class Wrapper(DbCommand command) : IDisposable
        {
            public string CommandText { get => command.CommandText; set => command.CommandText = value; }
            public void Add(string name, object value) { var p = command.CreateParameter(); p.ParameterName = name; p.Value = value; command.Parameters.Add(p); }
            public object? One() => command.ExecuteScalar();
            public void Dispose() => command.Dispose();
        }
        public static class CommandExtensions
        {
            public static Task<int> ExecuteNonQueryEx(this DbCommand command, CancellationToken ct = default) => command.ExecuteNonQueryAsync(ct);
            public static Task<object?> ExecuteScalarEx(this DbCommand command, CancellationToken ct = default) => command.ExecuteScalarAsync(ct);
            public static void AddParameter(this DbCommand command, string name, object value) { var p = command.CreateParameter(); p.Value = value; command.Parameters.Add(p); }
            public static async Task ExecuteTwice(this DbCommand command) { await command.ExecuteNonQueryEx(); await command.ExecuteNonQueryEx(); }
        }
        """;

    [Fact]
    public Task Setter_that_forwards() => Reports("""using var w = new Wrapper(any.CreateCommand()); {|CTR105:w.CommandText|} = "delete from notes"; w.One();""");

    [Fact]
    public Task NoFalsePositive_setter_that_forwards() => Reports("""using var w = new Wrapper(any.CreateCommand()); w.CommandText = "select 1"; w.One();""");

    [Fact]
    public Task Unknown_text_run_by_a_helper() => Reports(
        """using var c = any.CreateCommand(); c.CommandText = {|CTR104:name|}; c.AddParameter("a", 1); await c.ExecuteNonQueryEx();""");

    [Fact]
    public Task Unknown_text_run_by_a_helper_of_a_helper() => Reports("""using var c = any.CreateCommand(); c.CommandText = {|CTR104:name|}; await c.ExecuteTwice();""");

    [Fact]
    public Task NoFalsePositive_known_read_run_by_a_helper() => Reports("""using var c = any.CreateCommand(); c.CommandText = "select 1"; await c.ExecuteNonQueryEx();""");

    [Fact]
    public Task NoFalsePositive_unknown_text_whose_helper_returns_a_value() => Reports("""using var c = any.CreateCommand(); c.CommandText = name; await c.ExecuteScalarEx();""");

    [Fact]
    public Task Command_of_the_caller_run_by_a_helper() => Reports(
        "await {|CTR105:RunAsync(source.CreateCommand())|};",
        "private static async Task RunAsync(DbCommand c) { c.CommandText = Environment.MachineName; await c.ExecuteNonQueryEx(); }");

    [Fact]
    public Task Unknown_text_of_a_field_that_returns_no_rows() => Reports(
        "await {|CTR105:new Runner(source.CreateCommand()).RunAsync(name)|};",
        types: "public sealed class Runner(DbCommand given) { private readonly DbCommand _command = given; public Task RunAsync(string text) { _command.CommandText = Environment.MachineName; return _command.ExecuteNonQueryAsync(); } }");

    [Fact]
    public Task NoFalsePositive_helper_that_gives_the_text_itself() => Reports(
        "await Load(source.CreateCommand());",
        """private static Task<int> Load(DbCommand c) { c.CommandText = "select 1"; return c.ExecuteNonQueryAsync(); }""");

    private const string Dialects =
        """
        public abstract class Dialect
        {
            public abstract string Cleanup(string table);
            public virtual string Find(string table) => $"select id from {table}";
            public virtual string Touch => "update notes set seen = now()";
        }
        public sealed class Postgres : Dialect { public override string Cleanup(string table) => $"delete from {table} where done"; }
        public sealed class SqlServer : Dialect
        {
            public override string Cleanup(string table) => $"delete top (10) from {table}";
            public override string Find(string table) => $"select top 1 id from {table}";
        }
        public sealed class Texts
        {
            public Texts(string cleanup, string find) { Cleanup = cleanup; Find = find; }
            public string Cleanup { get; }
            public readonly string Find;
            public static Texts Build(Dialect dialect, string table) { var find = dialect.Find(table); return new Texts(dialect.Cleanup(table), find); }
        }
        """;

    [Fact]
    public Task Text_of_a_dialect() => Reports("Dialect d = new Postgres(); await any.ExecuteAsync({|CTR101:d.Cleanup(name)|});", types: Dialects);

    [Fact]
    public Task Virtual_text_of_a_dialect() => Reports("Dialect d = new Postgres(); await any.ExecuteAsync({|CTR101:d.Touch|});", types: Dialects);

    [Fact]
    public Task NoFalsePositive_text_of_a_dialect() => Reports("Dialect d = new Postgres(); await any.QueryAsync<int>(d.Find(name));", types: Dialects);

    [Fact]
    public Task Text_of_a_dialect_in_an_object() => Reports("var t = Texts.Build(new Postgres(), name); await any.QueryAsync<int>({|CTR101:t.Cleanup|});", types: Dialects);

    [Fact]
    public Task NoFalsePositive_text_of_a_dialect_in_an_object() => Reports("var t = Texts.Build(new Postgres(), name); await any.QueryAsync<int>(t.Find);", types: Dialects);

    private const string Queries =
        """
        public sealed class Query(DbConnection connection, string words) { public Task RunAsync() => connection.QueryAsync<int>(words); }
        public sealed record Purge(string Sql);
        public static class All
        {
            public static readonly Purge Purge = new("delete from notes");
            public static Query Read(DbConnection c) => new(c, "select 1");
        }
        """;

    [Fact]
    public Task Text_that_a_record_is_created_with() => Reports("await any.ExecuteAsync({|CTR101:All.Purge.Sql|});", types: Queries);

    [Fact]
    public Task Text_that_a_primary_constructor_takes() => Reports(
        "await {|CTR105:new Statement(any, \"delete from notes\").RunAsync()|};",
        types: "public sealed class Statement(DbConnection connection, string words) { public Task RunAsync() => connection.ExecuteAsync(words); }");

    [Fact]
    public Task NoFalsePositive_text_that_a_primary_constructor_takes() => Reports("await All.Read(any).RunAsync();", types: Queries);

    [Fact]
    public Task NoFalsePositive_object_of_a_type_that_holds_other_texts_too() => Reports(
        "await All.Read(any).RunAsync(); await Other(any);",
        "private static Task Other(DbConnection c) => All.Read(c).RunAsync(); private static Query Delete(DbConnection c) => new(c, \"delete from notes\");",
        Queries);

    [Fact]
    public Task Command_of_a_delegate_behind_a_call_that_hands_on_its_task() => Reports(
        "await {|CTR105:Handle(any, null!)|};",
        """
        private static Task<T> Kept<T>(this Task<T> task) => task;
        private static async Task Handle(DbConnection c, Func<DbConnection, Task<DbCommand>> make) { var command = await make(c).Kept(); await command.ExecuteNonQueryAsync(); }
        """);

    [Fact]
    public Task NoFalsePositive_command_that_reads_behind_a_call_that_hands_on_its_task() => Reports(
        "var command = await Make(any).Kept(); await command.ExecuteNonQueryAsync();",
        """
        private static Task<T> Kept<T>(this Task<T> task) => task;
        private static Task<DbCommand> Make(DbConnection c) { var command = c.CreateCommand(); command.CommandText = "select 1"; return Task.FromResult(command); }
        """);

    private static Task Reports(string statements, string members = "", string types = "") => BodyRule.ReportsIn(
        $$"""
        {{Helpers}}
        {{types}}
        public static partial class Notes
        {
            [ReadQuery]
            public static async Task Run(NpgsqlDataSource source, DbConnection any, string name) { await Task.Yield(); {{statements}} }
            {{members}}
        }
        """);
}
