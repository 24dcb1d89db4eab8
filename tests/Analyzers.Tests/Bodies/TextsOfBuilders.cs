namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Builders within builders and handed to methods, and members that a tuple gives their value.</summary>
public class TextsOfBuilders
{
    [Theory]
    [InlineData("connection.Query(new StringBuilder().Append(new StringBuilder(\"select 1\")).ToString());")]
    [InlineData("var sb = new StringBuilder(\"select 1\"); Ask(connection, sb);", "static void Ask(NpgsqlConnection c, StringBuilder sb) { sb.Append(\" limit 1\"); c.Query(sb.ToString()); }")]
    [InlineData("var sb = new StringBuilder(\"select 1\"); connection.Query(Done(sb));", "static string Done(StringBuilder sb) { sb.Append(\" limit 1\"); return sb.ToString(); }")]
    [InlineData("var sb = new StringBuilder(); Fill(sb); connection.Query(sb.ToString());", "static void Fill(StringBuilder sb) => sb.Append(\"select 1\");")]
    [InlineData("connection.Query(new Q(\"select 1\").Sql);", "sealed class Q { readonly string _sql; readonly int _n; public Q(string sql) { (_sql, _n) = (sql, 1); } public string Sql => _sql; }")]
    public Task NoFalsePositive_and_nothing_unknown(string statements, string members = "") => BodyRule.IsKnown(statements, members);

    [Theory]
    [InlineData("connection.Query(new StringBuilder().Append(new StringBuilder(\"delete from notes\")).ToString());")]
    [InlineData("connection.Query(new StringBuilder().Append(new StringBuilder(\"delete\").Append(\" from notes\")).ToString());")]
    [InlineData("var sb = new StringBuilder(\"delete from notes\"); Ask(connection, sb);", "static void Ask(NpgsqlConnection c, StringBuilder sb) => c.Query(sb.ToString());")]
    [InlineData("var sb = new StringBuilder(\"delete from notes\"); Ask(connection, sb);", "static void Ask(NpgsqlConnection c, StringBuilder sb) => c.Query(new StringBuilder(\"select 1;\").Append(sb).ToString());")]
    [InlineData("var sb = new StringBuilder(\"; delete from notes\"); Ask(connection, sb);", "static void Ask(NpgsqlConnection c, StringBuilder sb) { sb.Insert(0, \"select 1\"); c.Query(sb.ToString()); }")]
    [InlineData("connection.Query(new Q().Sql);", "sealed class Q { readonly string _sql = \"select 1\"; public Q() { int x; (_sql, x) = (\"delete from notes\", 1); } public string Sql => _sql; }")]
    [InlineData("connection.Query(new StringBuilder(\"select 1;\").Append(new StringBuilder().Append(\"delete from \").Append(\"notes\")).ToString());")]
    [InlineData("var inner = new StringBuilder(); inner.Append(\"; delete from notes\"); connection.Query(new StringBuilder(\"select 1\").Append(inner).ToString());")]
    [InlineData("connection.Query(new StringBuilder(\"select 1;\").Append(Tail()).ToString());", "static StringBuilder Tail() => new StringBuilder(\"delete from notes\");")]
    [InlineData("var sb = new StringBuilder(\"delete from notes\"); connection.Query(Done(sb));", "static string Done(StringBuilder sb) { sb.Append(\" where id = 1\"); return sb.ToString(); }")]
    [InlineData("Ask(connection, new StringBuilder(\"delete from notes\"));", "static void Ask(NpgsqlConnection c, StringBuilder sb) => c.Query(sb.ToString());")]
    [InlineData("connection.Query(Cfg.Sql);", "static class Cfg { public static string Sql { get; set; } = \"delete from notes\"; } static void Set() { int x; (Cfg.Sql, x) = (\"delete from notes\", 1); }")]
    public Task Write(string statements, string members = "") => BodyRule.FindsWrite(statements, members);

    [Theory]
    [InlineData("var q = new Q(); Set(q); connection.Query(q.Sql);", "sealed class Q { public string Sql { get; set; } = \"select 1\"; } static void Set(Q q) { int x; (q.Sql, x) = (\"delete from notes\", 1); }")]
    [InlineData("connection.Query(Cfg.Sql);", "static class Cfg { public static string Sql { get; set; } = \"select 1\"; } static void Set() { int x; (Cfg.Sql, x) = (\"delete from notes\", 1); }")]
    [InlineData("connection.Query(new StringBuilder(\"select 1;\").Append(new StringBuilder(name)).ToString());")]
    [InlineData("connection.Query(Cfg.Sql);", "static class Cfg { public static string Sql { get; set; } = \"select 1\"; } static void Set() { int x; (Cfg.Sql, x) = Get(); } static (string, int) Get() => (\"delete from notes\", 1);")]
    public async Task Unknown(string statements, string members = "") => Assert.NotEmpty(await BodyRule.AnalyzeRead(statements, members));
}
