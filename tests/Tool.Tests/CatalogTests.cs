namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr sql classify --catalog</c></summary>
public sealed class CatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_catalog_tells_what_functions_and_views_do()
    {
        _folder.Write("app.routing-catalog.json", """
            {
              "version": 1,
              "searchPath": ["app"],
              "functions": [
                { "schema": "app", "name": "reads", "kind": "function", "volatility": "stable", "language": "sql", "route": "replica", "reads": ["app.t"] },
                { "schema": "app", "name": "book", "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "INSERT", "writes": ["app.t"] }
              ],
              "relations": [
                { "schema": "app", "name": "t", "kind": "table" },
                { "schema": "app", "name": "v", "kind": "view", "reads": ["app.t"] }
              ]
            }
            """);
        _folder.Write("other.routing-catalog.json", """
            { "version": 1, "searchPath": ["app"], "relations": [ { "schema": "app", "name": "fleeting", "kind": "table", "unlogged": true } ] }
            """);
        const string Sql = "select reads(); select book(); select * from v; select * from fleeting; select f()";
        var outcome = await RunAsync(Sql, "--json", "--catalog", "app.routing-catalog.json", "--catalog", "other.routing-catalog.json");

        Assert.Equal("", outcome.Errors);
        Assert.Equal(0, outcome.ExitCode);
        var answers = Answers.Read(outcome);
        Assert.Equal(["replica", "primary", "replica", "primary", "replica"], answers.Select(static a => a.Text("route")));
        Assert.Equal("writing-routine", answers[1].GetProperty("effects")[0].Text("kind"));
        Assert.Equal(["t"], answers[1].Texts("writes"));
        Assert.Equal(["v", "t"], answers[2].Texts("reads"));

        var table = await RunAsync("select book()", "--catalog", "app.routing-catalog.json");
        Assert.Contains("writing-routine book: INSERT", table.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"version\": 1,", "bad.json(1,16): ")]
    [InlineData("{ \"version\": 99 }", "bad.json(1,14): ")]
    [InlineData("", "bad.json(1,1): ")]
    public async Task What_is_no_snapshot_is_said_with_its_place(string json, string message)
    {
        _folder.Write("bad.json", json);
        var outcome = await RunAsync("select 1", "--catalog", "bad.json");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_snapshot_is_said()
    {
        var outcome = await RunAsync("select 1", "--catalog", "none.json");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("The file 'none.json' can't be read", outcome.Errors, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(string sql, params string[] options) =>
        Ctr.RunAsync(["sql", "classify", .. options], System.Text.Encoding.UTF8.GetBytes(sql), _folder.Path);
}
