namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Texts and calls that hide behind the language's shorter forms.</summary>
public class HiddenInSyntax
{
    [Theory]
    [InlineData("connection.Query(All[\"x\"]);", "static readonly Dictionary<string, string> All = new() { [\"x\"] = \"delete from notes\" };")]
    [InlineData("connection.Query(All[^1]);", "static readonly string[] All = [\"select 1\", \"delete from notes\"];")]
    [InlineData("connection.Query(nameof(Delete) + \" from notes\");", "static void Delete() { }")]
    [InlineData("var sql = \"select 1\"; void Set() { sql = \"delete from notes\"; } Set(); connection.Query(sql);")]
    [InlineData("var sql = \"select 1\"; Action set = () => sql = \"delete from notes\"; set(); connection.Query(sql);")]
    [InlineData("Func<string> text = () => \"delete from notes\"; connection.Query(text());")]
    [InlineData("connection.Query(await TextAsync());", "static async Task<string> TextAsync() { await Task.Yield(); return \"delete from notes\"; }")]
    [InlineData("object o = \"delete from notes\"; connection.Query((string)o);")]
    [InlineData("connection.Query(new Q());", "sealed class Q { public static implicit operator string(Q q) => \"delete from notes\"; }")]
    [InlineData("connection.Query(new Q().ToString());", "sealed class Q { public override string ToString() => \"delete from notes\"; }")]
    [InlineData("Ask(connection);", "static void Ask(NpgsqlConnection c, string sql = \"delete from notes\") => c.Query(sql);")]
    [InlineData("Ask(connection, [\"select 1\", \"delete from notes\"]);", "static void Ask(NpgsqlConnection c, string[] all) { foreach (var sql in all) c.Query(sql); }")]
    [InlineData("Ask(connection, \"select 1\", \"delete from notes\");", "static void Ask(NpgsqlConnection c, params string[] all) { foreach (var sql in all) c.Query(sql); }")]
    [InlineData("foreach (var step in new[] { new Step(1, \"delete from notes\") }) connection.Query(step.Text);", "record Step(int N, string Text);")]
    [InlineData("Ask<Purge>(connection);", "interface IText { static abstract string Sql { get; } } sealed class Purge : IText { public static string Sql => \"delete from notes\"; } static void Ask<T>(NpgsqlConnection c) where T : IText => c.Query(T.Sql);")]
    [InlineData("var command = connection.CreateCommand(); command.CommandText ??= \"delete from notes\"; command.ExecuteScalar();")]
    [InlineData("var command = connection.CreateCommand(); (command.CommandText, command.CommandTimeout) = (\"delete from notes\", 1); command.ExecuteScalar();")]
    [InlineData("var command = connection.CreateCommand(); command.CommandText = \"select 1\"; command.CommandText += \"; delete from notes\"; command.ExecuteScalar();")]
    [InlineData("var job = new Job { Command = { CommandText = \"delete from notes\" } }; job.Command.ExecuteScalar();", "sealed class Job { public NpgsqlCommand Command { get; } = new(); }")]
    [InlineData("connection.CreateCommand().With(\"delete from notes\").ExecuteScalar();", "static DbCommand With(this DbCommand c, string text) { c.CommandText = text; return c; }")]
    [InlineData("System.Linq.Expressions.Expression<Func<int>> e = () => connection.Execute(\"delete from notes\", null, null, null, null); e.Compile()();")]
    [InlineData("IEnumerable<int> rows = new Rows(connection); foreach (var x in rows) { }", Rows)]
    [InlineData("foreach (var x in Make(connection)) { }", Rows + "static IEnumerable<int> Make(NpgsqlConnection c) => new Rows(c);")]
    [InlineData("using var scope = Begin(connection);", Unit + "static IDisposable Begin(NpgsqlConnection c) => new Unit(c);")]
    [InlineData("IDisposable scope = new Unit(connection); using (scope) { }", Unit)]
    [InlineData("connection.Purge();", "extension(NpgsqlConnection c) { public int Purge() => c.Execute(\"delete from notes\"); }")]
    [InlineData("_ = connection.Purged;", "extension(NpgsqlConnection c) { public int Purged => c.Execute(\"delete from notes\"); }")]
    [InlineData("new Store(connection).N = 1;", "sealed class Store(NpgsqlConnection c) { public int N { get; set { field = value; c.Execute(\"delete from notes\"); } } }")]
    [InlineData("IRepo r = new Repo(); r.Touch(connection);", "interface IRepo { void Touch(NpgsqlConnection c); } sealed class Repo : IRepo { void IRepo.Touch(NpgsqlConnection c) => c.Execute(\"delete from notes\"); }")]
    [InlineData("Work(new Repo(), connection);", "interface IRepo { void Touch(NpgsqlConnection c); } sealed class Repo : IRepo { void IRepo.Touch(NpgsqlConnection c) => c.Execute(\"delete from notes\"); } static void Work<T>(T r, NpgsqlConnection c) where T : IRepo => r.Touch(c);")]
    [InlineData("foreach (var r in new IRepo[] { new Repo() }) r.Touch(connection);", "interface IRepo { void Touch(NpgsqlConnection c); } sealed class Repo : IRepo { public void Touch(NpgsqlConnection c) => c.Execute(\"delete from notes\"); }")]
    [InlineData("object o = new Store(connection); switch (o) { case Store s when s.Touch() > 0: break; }", "sealed class Store(NpgsqlConnection c) { public int Touch() => c.Execute(\"delete from notes\"); }")]
    [InlineData("Action<NpgsqlConnection> a = Read; a += Delete; a(connection);", "static void Read(NpgsqlConnection c) => c.Query(\"select 1\"); static void Delete(NpgsqlConnection c) => c.Execute(\"delete from notes\");")]
    [InlineData("new Lazy<Store>(() => new Store(connection)).Value.Touch();", "sealed class Store(NpgsqlConnection c) { public int Touch() => c.Execute(\"delete from notes\"); }")]
    [InlineData("Db.Current.Execute(\"delete from notes\");", "static class Db { public static NpgsqlConnection Current => new(); }")]
    [InlineData("Q q; q.Sql = \"delete from notes\"; connection.Query(q.Sql);", "struct Q { public string Sql; }")]
    [InlineData("connection.Query(Held.Sql);", "sealed class Q { public string Sql { get; set; } = null!; } static readonly Q Held = new() { Sql = \"delete from notes\" };")]
    [InlineData("var all = new List<string>(); Fill(all); foreach (var sql in all) connection.Execute(sql);", "static void Fill(List<string> all) => all.Add(\"delete from notes\");")]
    [InlineData("var all = new Queue<string>(); all.Enqueue(\"delete from notes\"); while (all.TryDequeue(out var sql)) connection.Execute(sql);")]
    [InlineData("await connection.QueryAsync(\"select 1\").ContinueWith(_ => connection.Execute(\"delete from notes\"));")]
    [InlineData("if (await connection.QuerySingleAsync<int>(\"select 1\") is 0 && Insert(connection) > 0) { }", "static int Insert(NpgsqlConnection c) => c.Execute(\"insert into notes values (1)\");")]
    [InlineData("var x = name ?? Insert(connection);", "static string Insert(NpgsqlConnection c) { c.Execute(\"insert into notes values (1)\"); return \"\"; }")]
    [InlineData("_ = new[] { 1 } is [var n] && Insert(connection, n);", "static bool Insert(NpgsqlConnection c, int n) => c.Execute(\"insert into notes values (1)\") > n;")]
    [InlineData("throw Fail(connection);", "static Exception Fail(NpgsqlConnection c) { c.Execute(\"insert into errors values (1)\"); return new Exception(); }")]
    public Task Write(string statements, string members = "") => BodyRule.FindsWrite(statements, members);

    [Theory]
    [InlineData("All.TryGetValue(\"x\", out var sql); connection.Query(sql!);", "static readonly Dictionary<string, string> All = new() { [\"x\"] = \"delete from notes\" };")]
    [InlineData("connection.Query(Encoding.UTF8.GetString(\"delete from notes\"u8));")]
    [InlineData("connection.Query(All.Last());", "static readonly List<string> All = [\"select 1\", \"delete from notes\"];")]
    [InlineData("connection.Query($\"{Verb.Delete} from notes\");", "enum Verb { Delete }")]
    [InlineData("connection.Query(new string(new[] { 'd' }));")]
    [InlineData("var t = Tuple.Create(1, \"delete from notes\"); connection.Query(t.Item2);")]
    [InlineData("object o = \"delete from notes\"; if (o is string s) connection.Query(s);")]
    [InlineData("var p = new KeyValuePair<int, string>(1, \"delete from notes\"); connection.Query(p.Value);")]
    [InlineData("connection.Query(new System.IO.StringReader(\"delete from notes\").ReadToEnd());")]
    [InlineData("var c = new AsyncLocal<string> { Value = \"delete from notes\" }; connection.Query(c.Value);")]
    [InlineData("Current = \"delete from notes\"; connection.Query(_sql);", "static string _sql = \"select 1\"; static ref string Current => ref _sql;")]
    [InlineData("ref var s = ref _sql; s = \"delete from notes\"; connection.Query(_sql);", "static string _sql = \"select 1\";")]
    [InlineData("Fill(ref _sql); connection.Query(_sql);", "static string _sql = \"select 1\"; static void Fill(ref string s) => s = \"delete from notes\";")]
    [InlineData("dynamic sql = \"delete from notes\"; connection.Query((string)sql);")]
    [InlineData("var sqls = new Dictionary<int, string>(); sqls[1] = \"delete from notes\"; connection.Query(sqls[1]);")]
    [InlineData("var sqls = new string[1]; sqls[0] = \"delete from notes\"; connection.Query(sqls[0]);")]
    [InlineData("var sqls = new List<string> { \"select 1\" }; sqls.AddRange(new[] { \"delete from notes\" }); foreach (var s in sqls) connection.Query(s);")]
    [InlineData("var sqls = new List<string> { \"select 1\" }; Fill(sqls); foreach (var s in sqls) connection.Query(s);", "static void Fill(List<string> all) => all.Add(\"delete from notes\");")]
    [InlineData("foreach (var s in All) connection.Query(s);", "static readonly List<string> All = [\"select 1\"]; static void Fill() => All.AddRange([\"delete from notes\"]);")]
    [InlineData("connection.Query(Later.Value);", "static readonly Lazy<string> Later = new(() => \"delete from notes\");")]
    [InlineData("var q = new { Sql = \"delete from notes\" }; connection.Query(q.Sql);")]
    [InlineData("foreach (var (n, sql) in new[] { (1, \"delete from notes\") }) connection.Query(sql, new { n });")]
    [InlineData("var sqls = new[] { \"select 1\" }; sqls[0] = \"delete from notes\"; connection.Query(sqls[0]);")]
    [InlineData("connection.Query(Cfg.All[0]);", "static class Cfg { public static readonly List<string> All = [\"select 1\"]; } static void Fill() => Cfg.All.Add(\"delete from notes\");")]
    public async Task Unknown(string statements, string members = "") => Assert.NotEmpty(await BodyRule.AnalyzeRead(statements, members));

    [Theory]
    [InlineData("var all = new List<string> { \"select 1\" }; all.Add(\"select 2\"); foreach (var sql in all) connection.Query(sql);")]
    [InlineData("foreach (var sql in All) connection.Query(sql);", "static readonly List<string> All = [\"select 1\"]; static void Fill() => All.Add(\"select 2\");")]
    [InlineData("using var scope = Begin(connection);", "sealed class Unit(NpgsqlConnection c) : IDisposable { public void Save() => c.Execute(\"delete from notes\"); public void Dispose() => c.Close(); } static IDisposable Begin(NpgsqlConnection c) => new Unit(c);")]
    [InlineData("IEnumerable<int> all = [1, 2]; foreach (var x in all) { }", Rows)]
    [InlineData("var command = connection.CreateCommand(); command.CommandText ??= \"select 1\"; command.ExecuteScalar();")]
    [InlineData("var command = connection.CreateCommand(); (command.CommandText, command.CommandTimeout) = (\"select 1\", 1); command.ExecuteScalar();")]
    [InlineData("connection.Query(new Q());", "sealed class Q { public static implicit operator string(Q q) => \"select 1\"; }")]
    [InlineData("connection.Query(new Q().ToString());", "sealed class Q { public override string ToString() => \"select 1\"; }")]
    [InlineData("Ask(connection, [\"select 1\", \"select 2\"]);", "static void Ask(NpgsqlConnection c, string[] all) { foreach (var sql in all) c.Query(sql); }")]
    [InlineData("Sql = \"select 2\"; connection.Query(Sql);", "static string Sql = \"select 1\";")]
    public Task NoFalsePositive_Read(string statements, string members = "") => BodyRule.FindsNoWrite(statements, members);

    private const string Rows =
        """
        sealed class Rows(NpgsqlConnection c) : IEnumerable<int>
        {
            public IEnumerator<int> GetEnumerator() { yield return c.Execute("delete from notes"); }
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }

        """;

    private const string Unit = "sealed class Unit(NpgsqlConnection c) : IDisposable { public void Dispose() => c.Execute(\"delete from notes\"); }\n";
}
