namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Calls of which the source doesn't say what they run, delegates that are held elsewhere, and calls that are too many to follow.</summary>
public class Escapes
{
    [Theory]
    [InlineData("IRepo repo = null!; await {|CTR108:repo.Touch(connection)|};", "interface IRepo { Task Touch(NpgsqlConnection c); }")]
    [InlineData("IRepo repo = null!; await {|CTR108:repo.DeleteAll(connection)|};", "interface IRepo { Task DeleteAll(NpgsqlConnection c); }")]
    [InlineData("IRepo repo = null!; await {|CTR108:repo.Touch(context)|};", "interface IRepo { Task Touch(DbContext c); }")]
    [InlineData("IRepo repo = null!; await {|CTR108:repo.Touch(connection)|};", "interface IRepo { Task Touch(object c); }")]
    [InlineData("IRepo repo = null!; await {|CTR108:repo.Touch(connection)|};", "interface IRepo { Task Touch<T>(T c) where T : DbConnection; }")]
    [InlineData("Repo repo = null!; await {|CTR108:repo.Touch(connection)|};", "abstract class Repo { public abstract Task Touch(NpgsqlConnection c); }")]
    [InlineData("await {|CTR108:Ask(connection, null!)|};", "interface IRepo { Task Touch(NpgsqlConnection c); } static Task Ask(NpgsqlConnection c, IRepo repo) => repo.Touch(c);")]
    [InlineData("IRepo repo = null!; Func<NpgsqlConnection, Task> f = {|CTR108:repo.Touch|}; await f(connection);", "interface IRepo { Task Touch(NpgsqlConnection c); }")]
    public Task Member_that_nothing_implements(string statements, string members) => BodyRule.Reports(statements, members);

    [Fact]
    public Task Member_that_nothing_implements_in_code_that_isnt_bound() => BodyRule.ReportsUnbound(
        "IRepo repo = null!; {|CTR108:repo.Touch(connection, Missing.Limit)|};", "interface IRepo { Task Touch(NpgsqlConnection c, int limit); }");

    [Theory]
    [InlineData("await {|CTR108:F(connection)|};", "static Func<NpgsqlConnection, Task> F = null!;")]
    [InlineData("await {|CTR108:F!.Invoke(connection)|};", "static Func<NpgsqlConnection, Task>? F;")]
    [InlineData("await (F?{|CTR108:.Invoke(connection)|} ?? Task.CompletedTask);", "public static Func<NpgsqlConnection, Task>? F { get; set; } = c => c.QueryAsync<int>(\"select 1\");")]
    [InlineData("{|CTR108:F(context)|};", "public static Action<DbContext> F = c => { };")]
    [InlineData("var f = F; {|CTR108:f(connection)|};", "delegate int Work(DbConnection c); static Work F = null!;")]
    [InlineData("await {|CTR108:With(connection, F)|};", "static Func<NpgsqlConnection, Task> F = null!; static Task With(NpgsqlConnection c, Func<NpgsqlConnection, Task> f) => f(c);")]
    [InlineData("{|CTR108:Done(connection)|};", "static event Action<NpgsqlConnection> Done = null!;")]
    [InlineData("foreach (var work in Later) {|CTR108:work(connection)|};", "static readonly Queue<Action<NpgsqlConnection>> Later = new(); public static void Add(Action<NpgsqlConnection> work) => Later.Enqueue(work);")]
    public Task Delegate_that_gets_the_connection(string statements, string members) => BodyRule.Reports(statements, members);

    [Fact]
    public Task Delegate_that_the_read_is_given() => BodyRule.ReportsIn(
        """
        public static partial class Notes
        {
            [ReadQuery]
            public static async Task Run(NpgsqlConnection connection, Func<NpgsqlConnection, Task> f) { await {|CTR108:f(connection)|}; }

            [ReadQuery]
            public static async Task HandOn(NpgsqlConnection connection, Func<NpgsqlConnection, Task> f) { await {|CTR108:With(connection, f)|}; }

            static Task With(NpgsqlConnection c, Func<NpgsqlConnection, Task> f) => f(c);
        }
        """);

    [Fact]
    public Task NoFalsePositive_Implementation_that_reads() => BodyRule.IsKnown(
        "IRepo repo = null!; await repo.Touch(connection); Base b = null!; await b.Touch(connection);",
        """
        interface IRepo { Task Touch(NpgsqlConnection c); }
        sealed class Repo : IRepo { public Task Touch(NpgsqlConnection c) => c.QueryAsync<int>("select 1"); }
        abstract class Base { public abstract Task Touch(NpgsqlConnection c); }
        sealed class Derived : Base { public override Task Touch(NpgsqlConnection c) => c.QueryAsync<int>("select 1"); }
        """);

    [Fact]
    public Task NoFalsePositive_Member_that_gets_no_connection() => BodyRule.IsKnown(
        "IClock clock = null!; clock.Now(name); Func<string, int> f = null!; f(name); F(id);",
        "interface IClock { int Now(string zone); } static Func<long, long> F = null!;");

    [Fact]
    public Task NoFalsePositive_Delegate_whose_code_is_at_hand() => BodyRule.IsKnown(
        """
        Func<NpgsqlConnection, Task> f = c => c.QueryAsync<int>("select 1");
        await f(connection);
        var g = flag ? f : Read;
        await g(connection);
        await With(connection, f);
        await With(connection, async c => await c.QueryAsync<int>("select 2"));
        await With(connection, Read);
        await F(connection);
        await Table["a"](connection);
        await P(connection);
        var list = new List<Func<NpgsqlConnection, Task>>();
        list.Add(c => c.QueryAsync<int>("select 6"));
        foreach (var work in list)
            await work(connection);
        """,
        """
        static readonly Func<NpgsqlConnection, Task> F = c => c.QueryAsync<int>("select 3");
        static readonly Dictionary<string, Func<NpgsqlConnection, Task>> Table = new() { ["a"] = c => c.QueryAsync<int>("select 4"), ["b"] = Read };
        static Func<NpgsqlConnection, Task> P { get; } = Read;
        static Task Read(NpgsqlConnection c) => c.QueryAsync<int>("select 5");
        static Task With(NpgsqlConnection c, Func<NpgsqlConnection, Task> f) => f(c);
        """);

    [Theory]
    [InlineData("await {|CTR105:P|}(connection);", "static Func<NpgsqlConnection, Task> P { get; } = c => c.ExecuteAsync(\"delete from notes\");")]
    [InlineData("await {|CTR105:P|}(connection);", "static Func<NpgsqlConnection, Task> P { get; } = Write; static Task Write(NpgsqlConnection c) => c.ExecuteAsync(\"delete from notes\");")]
    [InlineData("await {|CTR105:Table|}[\"a\"](connection);", "static readonly Dictionary<string, Func<NpgsqlConnection, Task>> Table = new() { [\"a\"] = c => c.ExecuteAsync(\"delete from notes\") };")]
    [InlineData("await {|CTR108:Table|}[name](connection);", "static readonly Dictionary<string, Func<NpgsqlConnection, Task>> Table = new() { [\"a\"] = c => c.ExecuteAsync(\"delete from notes\"), [\"b\"] = c => c.QueryAsync<int>(\"select 1\") };")]
    [InlineData("await {|CTR105:Later|}.Value;", "static readonly Lazy<Task> Later = new(() => new NpgsqlConnection().ExecuteAsync(\"delete from notes\"));")]
    [InlineData("await {|CTR105:Held.Run(connection)|};", "static readonly Holder Held = new(); sealed class Holder { private readonly Func<NpgsqlConnection, Task> _f; public Holder() { _f = c => c.ExecuteAsync(\"delete from notes\"); } public Task Run(NpgsqlConnection c) => _f(c); }")]
    public Task Delegate_that_a_member_holds(string statements, string members) => BodyRule.Reports(statements, members);

    [Theory]
    [InlineData(18, "CTR105")]
    [InlineData(80, "CTR108")]
    public Task Chain_of_calls(int length, string id) => BodyRule.Reports(
        $"{{|{id}:M0(connection)|}};",
        string.Concat(Enumerable.Range(0, length).Select(static i => $"static int M{i}(NpgsqlConnection c) => M{i + 1}(c);\n")) +
        $"static int M{length}(NpgsqlConnection c) => c.Execute(\"delete from notes\");");

    [Theory]
    [InlineData(450, 440, "CTR105")]
    [InlineData(1200, 1190, "CTR108")]
    public Task Many_calls(int count, int writing, string id) => BodyRule.Reports(
        $"{{|{id}:All(connection)|}}; {{|{id}:All(connection)|}};",
        $"static void All(NpgsqlConnection c) {{ {string.Concat(Enumerable.Range(0, count).Select(static i => $"M{i}(c);"))} }}\n" +
        string.Concat(Enumerable.Range(0, count).Select(i => $"static int M{i}(NpgsqlConnection c) => c.{(i == writing ? "Execute(\"delete from notes\")" : "QuerySingle<int>(\"select 1\")")};\n")));

    [Fact]
    public Task Members_with_so_many_implementations_that_nothing_else_is_reached() => BodyRule.Reports(
        "{|CTR105:All(connection)|};", Web("c.Execute(\"delete from notes\")"));

    [Fact]
    public Task NoFalsePositive_Members_with_many_implementations() => BodyRule.ReportsNothing(
        "All(connection);", Web("c.QuerySingle<int>(\"select 1\")"));

    [Fact]
    public Task NoFalsePositive_Methods_that_call_each_other() => BodyRule.IsKnown(
        "A(connection);",
        """
        static int A(NpgsqlConnection c) => B(c) + c.QuerySingle<int>("select 1");
        static int B(NpgsqlConnection c) => A(c) + B(c);
        """);

    // Each of the implementations asks for all the others: no answer can be kept for another way.
    private static string Web(string last)
    {
        const int Members = 8;
        var all = string.Concat(Enumerable.Range(0, Members).Select(static i => $"A{i}.Tell(c);"));
        return $"static void All(NpgsqlConnection c) {{ A0.Tell(c); Then(c); }} static void Then(NpgsqlConnection c) => Last(c); static int Last(NpgsqlConnection c) => {last};\n" +
            string.Concat(Enumerable.Range(0, Members).Select(i =>
                $"interface I{i} {{ void Tell(NpgsqlConnection c); }} static I{i} A{i} = null!;\n" +
                string.Concat(Enumerable.Range(0, 3).Select(j => $"sealed class C{i}{j} : I{i} {{ public void Tell(NpgsqlConnection c) {{ c.QuerySingle<int>(\"select 1\"); {all} }} }}\n"))));
    }
}
