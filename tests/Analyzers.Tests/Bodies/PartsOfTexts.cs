namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Texts that are cut out of others, and elements of collections and tuples.</summary>
public class PartsOfTexts
{
    [Theory]
    [InlineData("connection.Query(\"-- delete from notes\"[3..]);")]
    [InlineData("connection.Query(\"select 'delete from notes'\"[8..^1]);")]
    [InlineData("connection.Query(\"-- delete from notes\".Substring(3));")]
    [InlineData("connection.Query(\"-- delete from notes --\".Substring(3, 17));")]
    [InlineData("connection.Query(\"-- delete from notes\".Remove(0, 3));")]
    [InlineData("connection.Query(\"-- delete from notes\".TrimStart('-', ' '));")]
    [InlineData("connection.Query(\"'delete from notes'\".Trim('\\''));")]
    [InlineData("connection.Query(\"-- delete from notes\".AsSpan(3).ToString());")]
    [InlineData("connection.Query(\"-- delete from notes\".AsSpan()[3..].ToString());")]
    [InlineData("connection.Query(\"-- delete from notes\".AsSpan().Slice(3).ToString());")]
    [InlineData("connection.Query(\"-- delete from notes\".AsSpan().TrimStart('-').ToString());")]
    [InlineData("connection.Query(\"select 1|delete from notes\".Split('|')[1]);")]
    [InlineData("foreach (var sql in \"--|delete from notes\".Split('|')) connection.Query(sql);")]
    [InlineData("connection.Query(\"dfrom notes\".Insert(1, \"elete \"));")]
    [InlineData("const string sql = \"-- delete from notes\"; var start = sql[3..]; connection.Query(start);")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\"); b.Remove(0, 3); connection.Query(b.ToString());")]
    [InlineData("connection.Query(new StringBuilder(\"-- delete from notes\").Remove(0, 3).ToString());")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\"); connection.Query(b.ToString(3, 17));")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\"); b[0] = ' '; b[1] = ' '; connection.Query(b.ToString());")]
    [InlineData("var b = new StringBuilder().Append(\"-- delete from notes\", 3, 17); connection.Query(b.ToString());")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\", 3, 17, 99); connection.Query(b.ToString());")]
    [InlineData("connection.Query(Cut(\"-- delete from notes\"));", "static string Cut(string s) => \"-- delete from notes\".Substring(3) + s;")]
    [InlineData("foreach (var c in new[] { \"delete from notes\" }.Select(s => new NpgsqlCommand(s, connection))) c.ExecuteReader();")]
    [InlineData("foreach (var c in new[] { \"delete from notes\" }.Select(s => { return source.CreateCommand(s); })) c.ExecuteReader();")]
    [InlineData("(string Sql, int N) t = (\"select 1\", 1); t.Sql = \"delete from notes\"; connection.Query(t.Sql);")]
    [InlineData("(string Sql, int N) t = (\"select 1\", 1); t.Item1 = \"delete from notes\"; connection.Query(t.Sql);")]
    [InlineData("(string Sql, int N) t = (\"select 1\", 1); t.Sql = \"delete from notes\"; connection.Query(t.Item1);")]
    [InlineData("(string Sql, int N) t = (\"select 1\", 1); t.Sql += \"; delete from notes\"; connection.Query(t.Sql);")]
    [InlineData("(string Sql, int N) t = (\"select 1\", 1); t.Sql = \"delete from notes\"; var (sql, n) = t; connection.Query(sql);")]
    [InlineData("var t = (A: \"select 1\", B: \"delete from notes\"); (t.A, t.B) = (t.B, t.A); connection.Query(t.A);")]
    [InlineData("connection.Query(All[\"del\"]);", Dictionary)]
    [InlineData("connection.Query(All[1]);", "static readonly string[] All = { \"select 1\", \"delete from notes\" };")]
    [InlineData("connection.Query(All[^1]);", "static readonly List<string> All = [\"select 1\", \"delete from notes\"];")]
    [InlineData("_ = new Q(connection) || new Q(connection);", Operators)]
    [InlineData("_ = new Q(connection) && new Q(connection);", Operators)]
    [InlineData("_ = $\"{new Q(connection)}\";", Operators)]
    [InlineData("_ = \"a\" + new Q(connection);", Operators)]
    [InlineData("_ = new R(connection) == new R(connection);", "sealed record R(NpgsqlConnection C) { public bool Equals(R? other) => C.Execute(\"delete from notes\") > 0; public override int GetHashCode() => 0; }")]
    public Task Write(string statements, string members = "") => BodyRule.FindsWrite(statements, members);

    [Theory]
    [InlineData("connection.Query(\"-- delete from notes\"[(int)id..]);")]
    [InlineData("connection.Query(\"-- delete from notes\".Substring((int)id));")]
    [InlineData("connection.Query(\"-- delete from notes\".Remove(kind, 3));")]
    [InlineData("connection.Query(\"-- delete from notes\".TrimStart(name.ToCharArray()));")]
    [InlineData("foreach (var sql in \"-- delete from notes\".Split(name)) connection.Query(sql);")]
    [InlineData("connection.Query(Cut(\"-- delete from notes\"));", "static string Cut(string s) => s[3..];")]
    [InlineData("connection.Query(Cut(\"-- delete from notes\"));", "static string Cut(string s) => s.TrimStart('-');")]
    [InlineData("connection.Query(Cut(\"select 1|delete from notes\"));", "static string Cut(string s) => s.Split('|')[1];")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\"); b.Remove(kind, 3); connection.Query(b.ToString());")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\"); b[kind] = '\\n'; connection.Query(b.ToString());")]
    [InlineData("var sql = \"select 1\"; ref var s = ref sql; s = \"delete from notes\"; connection.Query(sql);")]
    [InlineData("var sql = \"select 1\"; Pick(ref sql) = \"delete from notes\"; connection.Query(sql);", "static ref string Pick(ref string s) => ref s;")]
    [InlineData("connection.EnlistTransaction(null);")]
    [InlineData("connection.Query(All[\"get\"]);", Dictionary + " static void Set() => All[\"get\"] = \"delete from notes\";")]
    [InlineData("connection.Query(All[0]);", "static readonly string[] All = { \"select 1\", \"delete from notes\" }; static void Turn() => Array.Reverse(All);")]
    public async Task Unknown(string statements, string members = "") => Assert.NotEmpty(await BodyRule.AnalyzeRead(statements, members));

    [Theory]
    [InlineData("connection.Query(\"-- delete\\nselect 1\"[10..]);")]
    [InlineData("connection.Query(\"select 1; delete from notes\"[..8]);")]
    [InlineData("connection.Query(\"select 1; delete from notes\".Remove(8));")]
    [InlineData("connection.Query(\" select 1; \".Trim().TrimEnd(';'));")]
    [InlineData("connection.Query(\"and select 1\".Substring(4));")]
    [InlineData("connection.Query(\"select 1,\".TrimEnd(','));")]
    [InlineData("connection.Query(\"select 1|delete from notes\".Split('|')[0]);")]
    [InlineData("foreach (var sql in \"select 1;select 2\".Split(';')) connection.Query(sql);")]
    [InlineData("var sql = \"select a, \"; connection.Query(sql[..^2]);")]
    [InlineData("var sql = \"select a, \"; connection.Query(sql.Substring(0, sql.Length - 2));")]
    [InlineData("var sql = \"select a, \"; connection.Query(sql.Remove(sql.Length - 2));")]
    [InlineData("var sql = \"select 1\" + (flag ? \" where 1 = 1, \" : \", \"); connection.Query(sql.Remove(sql.Length - 2, 2));")]
    [InlineData("var b = new StringBuilder(\"select a, \"); b.Remove(b.Length - 2, 2).Append(\" from notes\"); connection.Query(b.ToString());")]
    [InlineData("var b = new StringBuilder(\"-- delete from notes\"); b[0] = '-'; connection.Query(b.ToString());")]
    [InlineData("foreach (var c in new[] { \"select 1\" }.Select(s => new NpgsqlCommand(s, connection))) c.ExecuteReader();")]
    [InlineData("(string Sql, int N) t = (\"select 1\", 1); t.Sql = \"select 2\"; connection.Query(t.Sql);")]
    [InlineData("var t = (A: \"select 1\", B: \"select 2\"); (t.A, t.B) = (t.B, t.A); connection.Query(t.A);")]
    [InlineData("connection.Query(All[\"get\"]);", Dictionary)]
    [InlineData("connection.Query(All[\"get\"]); foreach (var (name1, text) in All) { } _ = All.Count;", Dictionary)]
    [InlineData("connection.Query(All[\"get\"]);", "static readonly Dictionary<string, string> All = new() { { \"get\", \"select 1\" }, { \"del\", \"delete from notes\" } };")]
    [InlineData("connection.Query(All[0]);", "static readonly string[] All = { \"select 1\", \"delete from notes\" };")]
    [InlineData("connection.Query(All[^2]);", "static readonly IReadOnlyList<string> All = new List<string> { \"select 1\", \"delete from notes\" };")]
    [InlineData("_ = $\"{new Q(connection)}\" + new Q(connection);", "sealed class Q(NpgsqlConnection c) { public override string ToString() => c.Query(\"select 1\").ToString()!; }")]
    [InlineData("_ = new R(connection) == new R(connection);", "sealed record R(NpgsqlConnection C);")]
    public Task NoFalsePositive_Read(string statements, string members = "") => BodyRule.IsKnown(statements, members);

    private const string Operators =
        """
        sealed class Q(NpgsqlConnection c)
        {
            public static Q operator |(Q a, Q b) => a;
            public static Q operator &(Q a, Q b) => a;
            public static bool operator true(Q a) => a.Write();
            public static bool operator false(Q a) => a.Write();
            public override string ToString() => Write().ToString();
            private bool Write() => c.Execute("delete from notes") > 0;
        }

        """;

    private const string Dictionary = "static readonly Dictionary<string, string> All = new() { [\"get\"] = \"select 1\", [\"del\"] = \"delete from notes\" };";
}
