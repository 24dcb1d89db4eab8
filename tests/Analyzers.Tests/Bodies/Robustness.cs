using System.Diagnostics;

namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Code that is broken, huge or made of itself: the analyzer ends, and never fails.</summary>
public class Robustness
{
    private const string Whole =
        """
        var sql = new StringBuilder($"select {name}");
        sql.Append(flag ? " from notes" : null).AppendFormat(" where id = {0}", id);
        foreach (var text in new[] { sql.ToString(), $"{Make(name)} x" + "y" })
            await connection.ExecuteAsync(new CommandDefinition(text ?? "", commandType: CommandType.StoredProcedure));
        using var command = new NpgsqlCommand { CommandText = kind switch { 1 => "select 1", _ => throw new Exception() } };
        string Make(string verb) => verb == "" ? Make(verb) : string.Join(",", verb, string.Format("{0", verb));
        """;

    /// <summary>A writer of JSON as there are many: no text of it is ever the same, and there is no SQL in it.</summary>
    private const string Writers =
        """
        static bool Value(object v, StringBuilder b)
        {
            var ok = true;
            if (v is string s) ok = Text(s, b); else if (v is System.Collections.IDictionary d) ok = Members(d.Keys, d.Values, b); else if (v is System.Collections.IEnumerable e) ok = Elements(e, b); else b.Append("null");
            return ok;
        }
        static bool Members(System.Collections.IEnumerable k, System.Collections.IEnumerable v, StringBuilder b)
        {
            b.Append("{"); var ke = k.GetEnumerator(); var ve = v.GetEnumerator();
            while (ke.MoveNext() && ve.MoveNext()) { b.Append(","); if (ke.Current is string s) Text(s, b); else if (!Value(ve.Current!, b)) return false; b.Append(":"); if (!Value(ve.Current!, b)) return false; }
            b.Append("}"); return true;
        }
        static bool Elements(System.Collections.IEnumerable a, StringBuilder b) { b.Append("["); foreach (var x in a) { b.Append(","); if (!Value(x, b)) return false; } b.Append("]"); return true; }
        static bool Text(string s, StringBuilder b) { b.Append("'"); b.Append(s); b.Append("'"); return true; }
        """;

    [Fact]
    public async Task Methods_that_call_each_other_with_more_and_more_text()
    {
        await Survives("var b = new StringBuilder(); Value(new object(), b); connection.Query(\"select 1\");", members: Writers);
        Assert.NotEmpty(await BodyRule.AnalyzeRead("var b = new StringBuilder(\"delete from notes\"); Value(new object(), b); connection.Query(b.ToString());", Writers));
    }

    [Theory]
    [InlineData("connection.Query<long>(")]
    [InlineData("connection.Query<long>(\"delete from")]
    [InlineData("connection.Query<Missing>(\"delete from notes\", );")]
    [InlineData("connection.Execute($\"delete {\");")]
    [InlineData("connection.Execute($\"delete {missing} {\");")]
    [InlineData("connection.Execute(sql: );")]
    [InlineData("connection.Execute(missing + );")]
    [InlineData("new NpgsqlCommand(;")]
    [InlineData("new NpgsqlCommand { CommandText = };")]
    [InlineData("new Missing(\"delete\") { CommandText = \"delete from notes\" };")]
    [InlineData("missing.CommandText = \"delete from notes\";")]
    [InlineData("var sql = sql; connection.Execute(sql);")]
    [InlineData("var a = b; var b = a; connection.Execute(a);")]
    [InlineData("string sql; connection.Execute(sql += sql);")]
    [InlineData("connection.Execute(string.Format());")]
    [InlineData("connection.Execute(string.Join());")]
    [InlineData("connection.Execute(string.Concat());")]
    [InlineData("connection.Execute(string.Format(\"{\", 1));")]
    [InlineData("connection.Execute(string.Format(\"{0} {99} {x} {-1} }\", name));")]
    [InlineData("connection.Execute(\"a\".Replace());")]
    [InlineData("connection.Execute(\"a\".Replace(\"\", \"b\"));")]
    [InlineData("connection.Execute(new StringBuilder().Append().AppendFormat().AppendJoin().Insert().Replace().ToString());")]
    [InlineData("connection.Execute(kind switch { });")]
    [InlineData("connection.Execute(kind switch { 1 => , _ => });")]
    [InlineData("connection.Execute(flag ? \"a\" : );")]
    [InlineData("foreach (var s in ) connection.Execute(s);")]
    [InlineData("foreach (var s in new[] { }) connection.Execute(s);")]
    [InlineData("context.Database.ExecuteSqlRaw(\"{0} {\", );")]
    [InlineData("context.Set<Missing>().FromSql($\"{}\");")]
    [InlineData("var (a, ) = (\"x\", ); connection.Execute(a);")]
    [InlineData("connection.Execute(Missing(\"delete\"));")]
    [InlineData("connection.Execute(Run);")]
    [InlineData("connection.Execute(null!); connection.Execute(default(string)!); connection.Execute(\"\");")]
    [InlineData("connection.Execute(\"select '\0' delete\"); connection.Execute(\"\\0\");")]
    [InlineData("connection.Execute(\"\\uD800 delete from \\uDC00\"); connection.Execute(\"\\uD800\");")]
    [InlineData("connection.Execute(\"\\U0010FFFF\\x1\\q delete\");")]
    [InlineData("connection.Execute(\"\"\"\n delete\n\"\"\");")]
    [InlineData("unsafe { char* p = null; connection.Execute(new string(p)); }")]
    [InlineData("dynamic d = connection; d.Execute(\"delete from notes\"); connection.Execute(d);")]
    [InlineData("goto x; x: connection.Execute(throw null!);")]
    public async Task Broken_code(string statements) => await Survives(statements);

    [Fact]
    public async Task Every_prefix()
    {
        for (var length = 0; length < Whole.Length; length += 9)
            await Survives(Whole[..length]);
    }

    [Fact]
    public async Task A_text_of_a_megabyte() =>
        await Survives($"""connection.Query<long>("select '{new string('x', 1 << 20)}'; delete from notes");""", "CTR101");

    [Fact]
    public async Task A_concatenation_of_2000_operands() =>
        await Survives($"""connection.Query<long>("delete from notes where id in (0" + {string.Join(" + ", Enumerable.Repeat("\",1\"", 2000))} + name + ")");""", "CTR101");

    [Fact]
    public async Task A_concatenation_of_2000_variables() =>
        await Survives($"""connection.Query<long>("delete from notes where " + {string.Join(" + ", Enumerable.Repeat("name", 2000))});""", "CTR101");

    [Fact]
    public async Task A_thousand_appends() =>
        await Survives($"""var b = new StringBuilder("delete from notes where true"); {string.Concat(Enumerable.Repeat("b.Append(\" and id <> 1\");\n", 1000))} connection.Execute(b.ToString());""", "CTR101");

    [Fact]
    public async Task A_thousand_branches() =>
        await Survives($"""var s = "delete from notes where true"; {string.Concat(Enumerable.Repeat("if (flag) s += \" and flag\";\n", 1000))} connection.Execute(s);""", "CTR101");

    [Fact]
    public async Task Alternatives_in_thirty_places() =>
        await Survives($"""connection.Execute("delete from notes where " + {string.Join(" + ", Enumerable.Range(0, 30).Select(static i => $"(flag ? \"a{i}\" : \"b{i}\")"))});""", "CTR101");

    [Fact]
    public async Task Two_hundred_nested_conditions() =>
        await Survives($"""connection.Execute({string.Concat(Enumerable.Repeat("(flag ? \"select 1\" : ", 200))}"delete from notes"{new string(')', 200)});""");

    [Fact]
    public async Task Helpers_that_call_each_other_twice() =>
        await Survives(
            "connection.Execute(F0(name));",
            members: string.Concat(Enumerable.Range(0, 24).Select(static i => $"static string F{i}(string s) => F{i + 1}(s + \"a\") + F{i + 1}(s + \"b\");\n")) + "static string F24(string s) => s;");

    [Fact]
    public async Task Locals_made_of_each_other_twice() =>
        await Survives($"""var s0 = "delete from notes"; {string.Concat(Enumerable.Range(1, 24).Select(static i => $"var s{i} = s{i - 1} + s{i - 1};\n"))} connection.Execute(s24);""");

    [Fact]
    public async Task Helpers_that_call_themselves() =>
        await Survives(
            "connection.Execute(A(name) + P + B(1));",
            members: "static string A(string s) => B(1) + A(s); static string B(int i) => A(P) + P; static string P => P + A(\"\") + B(2);");

    /// <summary>Each may hold what any other holds: there are as many ways through them as there are orders of twelve.</summary>
    [Fact]
    public async Task Objects_that_are_made_of_each_other()
    {
        var names = Enumerable.Range(0, 12).Select(static i => $"T{i}").ToArray();
        var types = string.Concat(names.Select(static n => $"public sealed class {n}(string a, string b, string c) {{ public string Text {{ get; }} = a + b + c; }}\n"));
        var made = string.Concat(names.SelectMany(n => names.Where(o => o != n).Select(o => $"public static {n} {n}Of{o}({o} other) => new {n}(other.Text, other.Text + name, name + other.Text);\n")));
        await Survives("connection.Execute(Held.Text);", "CTR104", $"private const string name = \"\"; public static T0 Held => null!;\n{types}{made}");
    }

    private static async Task Survives(string statements, string? expected = null, string members = "")
    {
        var watch = Stopwatch.StartNew();
        var diagnostics = await BodyRule.Analyze(BodyRule.Source(statements, members));
        Assert.DoesNotContain(diagnostics, static d => d.Id == "AD0001");
        if (expected is not null)
            Assert.Contains(diagnostics, d => d.Id == expected);
        // Far above what it takes, far below what anything exponential does.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed} for {statements.Length} characters");
    }
}
