using System.Text.Json;

namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr sql classify --sarif</c></summary>
public sealed class SarifTests : IDisposable
{
    private const string Sql = "select 1;\r\n/* é */ select *\r\nfrom t for\r\nupdate;\nselect nextval('s'), f(1);\nbegin read write; selec 1;\ndelete from t; begin";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Results_stand_under_the_words()
    {
        _folder.Write("db/a b.sql", Sql);
        var outcome = await RunAsync("db", "--sarif");

        Assert.Equal(0, outcome.ExitCode);
        var results = Results(outcome.Output);
        Assert.Equal(
            [
                ("CTR102", "error", "for\r\nupdate"),
                ("CTR103", "error", "nextval"),
                ("unknown-function", "note", "f"),
                ("CTR107", "error", "read write"),
                ("unknown-syntax", "note", "selec"),
                ("CTR101", "error", "delete"),
                ("transaction-control", "warning", "begin"),
            ],
            results.Select(static r => (r.Text("ruleId"), r.Text("level"), Sql.Substring(Region(r, "charOffset"), Region(r, "charLength")))));
        Assert.All(results, static r => Assert.Equal("db/a%20b.sql", Location(r).GetProperty("artifactLocation").Text("uri")));
        Assert.All(results, static r => Assert.Equal(Region(r, "charOffset"), Offset(Region(r, "startLine"), Region(r, "startColumn"))));
        Assert.All(results, static r => Assert.Equal(Region(r, "charOffset") + Region(r, "charLength"), Offset(Region(r, "endLine"), Region(r, "endColumn"))));
        Assert.All(results, static r => Assert.NotEmpty(r.GetProperty("message").Text("text")));
    }

    [Fact]
    public async Task The_log_has_the_shape_of_the_standard()
    {
        _folder.Write("a.sql", Sql);
        using var log = JsonDocument.Parse((await RunAsync("a.sql", "--sarif")).Output);

        Assert.Equal("2.1.0", log.RootElement.Text("version"));
        Assert.Equal("https://json.schemastore.org/sarif-2.1.0.json", log.RootElement.Text("$schema"));
        var run = Assert.Single(log.RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal("utf16CodeUnits", run.Text("columnKind"));
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("ctr", driver.Text("name"));
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(rules.Count, rules.Select(static r => r.Text("id")).Distinct().Count());
        foreach (var result in run.GetProperty("results").EnumerateArray())
            Assert.Equal(result.Text("ruleId"), rules[result.GetProperty("ruleIndex").GetInt32()].Text("id"));
    }

    [Fact]
    public async Task Rules_of_the_analyzer_have_its_titles_and_pages()
    {
        _folder.Write("a.sql", Sql);
        using var log = JsonDocument.Parse((await RunAsync("a.sql", "--sarif")).Output);
        var rules = log.RootElement.GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()
            .Where(static r => r.Text("id").StartsWith("CTR", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, rules.Count);
        foreach (var rule in rules)
        {
            var page = await File.ReadAllTextAsync(Path.Combine(Ctr.Repository, "docs", "rules", rule.Text("id") + ".md"), TestContext.Current.CancellationToken);
            Assert.StartsWith($"# {rule.Text("id")}: {rule.GetProperty("shortDescription").Text("text").TrimEnd('.')}\n", page, StringComparison.Ordinal);
            Assert.EndsWith($"/docs/rules/{rule.Text("id")}.md", rule.Text("helpUri"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_is_written_beside_the_other_output()
    {
        _folder.Write("a.sql", Sql);
        var outcome = await RunAsync("a.sql", "--json", "--sarif", "out.sarif");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(7, Answers.Read(outcome).Count);
        Assert.Equal(7, Results(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "out.sarif"), TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Nothing_found_is_a_log_without_results()
    {
        var outcome = await Ctr.RunAsync(["sql", "classify", "--sarif"], "select 1");

        Assert.Empty(Results(outcome.Output));
    }

    [Fact]
    public async Task An_effect_has_the_rule_that_the_analyzer_reports()
    {
        (string Sql, string Rule)[] all =
        [
            ("select query_to_xml('delete from t', true, true, '')", "CTR101"),
            ("select query_to_xml('select nextval(''s'')', true, true, '')", "CTR103"),
            ("select query_to_xml('select * from t for share', true, true, '')", "CTR102"),
            ("select dblink('delete from t')", "CTR103"),
            ("select 1 into temp x", "CTR107"),
            ("select 1 into x", "CTR101"),
            ("lock t", "CTR102"),
            ("lock t in access share mode", "lock-table"),
            ("listen a", "CTR107"),
            ("unlisten a", "listen"),
            ("alter system reset all", "CTR101"),
            ("select pg_advisory_lock(1)", "CTR103"),
        ];
        var outcome = await Ctr.RunAsync(["sql", "classify", "--sarif"], string.Join(";\n", all.Select(static s => s.Sql)));

        Assert.Equal(all, all.Zip(Results(outcome.Output), static (s, result) => (s.Sql, result.Text("ruleId"))));
    }

    private Task<Outcome> RunAsync(params string[] arguments) => Ctr.RunAsync(["sql", "classify", .. arguments], [], _folder.Path);

    private static List<JsonElement> Results(string log) =>
        [.. JsonDocument.Parse(log).RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()];

    private static JsonElement Location(JsonElement result) => Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");

    private static int Region(JsonElement result, string name) => Location(result).GetProperty("region").GetProperty(name).GetInt32();

    /// <summary>As a reader of the log finds it: lines end with CR LF or LF.</summary>
    private static int Offset(int line, int column)
    {
        var lines = Sql.Split('\n');
        return lines.Take(line - 1).Sum(static l => l.Length + 1) + column - 1;
    }
}
