using System.Text;

namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr sql classify</c> with files, folders, patterns and standard input.</summary>
public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_says_place_route_effects_and_tables()
    {
        _folder.Write("a.sql", "select * from t;\r\n\r\n  delete from app.u; select lock\n");
        var outcome = await RunAsync("a.sql");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Errors);
        Assert.Equal(
            """
            PLACE       ROUTE    EFFECTS  READS  WRITES
            a.sql:1:1   replica  -        t      -
            a.sql:3:3   primary  delete   -      app.u
            a.sql:3:22  replica  -        -      -

            3 statements: 2 replica, 1 primary, 0 unknown

            """,
            outcome.Output);
    }

    /// <summary>A full disk, as it is.</summary>
    [Theory]
    [InlineData("--json")]
    [InlineData("--ndjson")]
    [InlineData("--sarif=-")]
    [InlineData("--fail-on=unknown")]
    public async Task Answers_that_cannot_be_written_are_an_error(string option)
    {
        using var process = Ctr.StartInto("/dev/full", ["sql", "classify", option]);
        await process.StandardInput.WriteLineAsync(option == "--ndjson" ? """{"id":1,"sql":"select 1"}""" : "select 1");
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("ctr: Standard input can't be read, or standard output can't be written: ", errors);
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task Json_points_into_the_file()
    {
        const string Text = "select 1;\r\n/* é */ select * from t\r\nfor update;";
        _folder.Write("a.sql", Text);
        var outcome = await RunAsync("--json", "a.sql");

        Assert.Equal(0, outcome.ExitCode);
        var answers = Answers.Read(outcome);
        Assert.Equal(["a.sql:1:1", "a.sql:2:9"], answers.Select(static a => a.Text("id")));
        var second = answers[1];
        Assert.Equal(("a.sql", 2, 9), (second.Text("file"), second.GetProperty("line").GetInt32(), second.GetProperty("column").GetInt32()));
        Assert.Equal("select * from t\r\nfor update", Text.Substring(second.GetProperty("start").GetInt32(), second.GetProperty("length").GetInt32()));
        var effect = Assert.Single(second.GetProperty("effects").EnumerateArray());
        Assert.Equal(("row-lock", "for update"), (effect.Text("kind"), effect.Text("text")));
        Assert.Equal("for update", Text.Substring(effect.GetProperty("start").GetInt32(), effect.GetProperty("length").GetInt32()));
        Assert.Equal(["t"], second.Texts("reads"));
    }

    [Fact]
    public async Task Folders_patterns_and_files_are_read_in_order_and_once()
    {
        foreach (var name in (string[])["db/b.sql", "db/a.sql", "sql/host=reset_password.sql", "db/deep/er/c.sql", "db/x.txt", "other/d.sql", "e.sql"])
            _folder.Write(name, "select 1");

        Assert.Equal(["db/a.sql", "db/b.sql", "db/deep/er/c.sql"], await FilesAsync("db"));
        Assert.Equal(["e.sql", "db/a.sql", "db/b.sql"], await FilesAsync("e.sql", "db/*.sql", "db/a.sql"));
        Assert.Equal(["sql/host=reset_password.sql"], await FilesAsync("sql/host=reset_password.sql"));
        Assert.Equal(["db/a.sql", "db/b.sql", "db/deep/er/c.sql", "e.sql", "other/d.sql", "sql/host=reset_password.sql"], await FilesAsync("**/*.sql"));
        Assert.Equal(["db/x.txt"], await FilesAsync("db/x.t*"));
        Assert.Equal([$"{_folder.Path}/db/deep/er/c.sql"], await FilesAsync($"{_folder.Path}/db/**/c.sql"));
    }

    [Theory]
    [InlineData("sql", "classify", "--json")]
    [InlineData("sql", "classify", "--json", "-")]
    public async Task Standard_input_is_read_without_files_or_for_a_hyphen(params string[] arguments)
    {
        var outcome = await Ctr.RunAsync(arguments, "select 1;\ndelete from t");

        Assert.Equal(["<stdin>:1:1", "<stdin>:2:1"], Answers.Read(outcome).Select(static a => a.Text("id")));
    }

    [Fact]
    public async Task Files_of_any_encoding_have_an_answer()
    {
        const string Text = "select 'é'; delete from t";
        _folder.Write("1.sql", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)]);
        _folder.Write("2.sql", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)]);
        _folder.Write("3.sql", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Text)]);
        _folder.Write("4.sql", Encoding.Latin1.GetBytes(Text));
        _folder.Write("5.sql", Text);
        _folder.Write("6.sql", "");
        var outcome = await RunAsync("--json", ".");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            Enumerable.Repeat<string[]>(["replica", "primary"], 5).SelectMany(static r => r), Answers.Read(outcome).Select(static a => a.Text("route")));
    }

    [Fact]
    public async Task Every_byte_and_random_bytes_have_an_answer()
    {
        var random = new Random(7);
        for (var i = 0; i < 20; i++)
        {
            var bytes = new byte[20_000];
            random.NextBytes(bytes);
            _folder.Write($"{i:00}.sql", i == 0 ? [.. Enumerable.Range(0, 256).Select(static b => (byte)b)] : bytes);
        }

        foreach (var arguments in (string[][])[["."], ["--json", "."], ["--sarif", "."]])
        {
            var outcome = await RunAsync(arguments is ["--sarif", ..] ? [".", "--sarif"] : arguments);
            Assert.Equal(0, outcome.ExitCode);
            Assert.Empty(outcome.Errors);
            Assert.DoesNotContain('\x1b', outcome.Output);
        }
    }

    [Theory]
    [InlineData(0, "select 1")]
    [InlineData(0, "select 1", "--fail-on", "primary", "--fail-on", "unknown")]
    [InlineData(0, "selec 1", "--fail-on", "primary")]
    [InlineData(1, "selec 1", "--fail-on", "primary", "--fail-on", "unknown")]
    [InlineData(1, "select 1; delete from t", "--fail-on", "primary")]
    [InlineData(0, "select 1; delete from t", "--fail-on", "unknown")]
    public async Task Fail_on_decides_the_exit_status(int status, string sql, params string[] options)
    {
        var outcome = await Ctr.RunAsync(["sql", "classify", .. options], sql);

        Assert.Equal(status, outcome.ExitCode);
        Assert.NotEmpty(outcome.Output);
    }

    [Theory]
    [InlineData("There is no file or folder 'none.sql'.", "none.sql")]
    [InlineData("No file matches 'none/*.sql'.", "none/*.sql")]
    [InlineData("The folder 'empty' has no *.sql file below it.", "empty")]
    [InlineData("'replica' is none of primary, unknown.", "--fail-on", "replica")]
    [InlineData("'x' is none of replica, unknown, primary.", "--unknown-functions", "x")]
    [InlineData("--ndjson reads standard input.", "--ndjson", "a.sql")]
    [InlineData("--sarif points into files", "--ndjson", "--sarif", "x.sarif")]
    [InlineData("--json and --sarif both write to standard output.", "--json", "--sarif")]
    [InlineData("--sarif would overwrite a.sql.", "--sarif", "a.sql")]
    [InlineData("The file 'no/such/folder.sarif' can't be written", "--sarif", "no/such/folder.sarif", "a.sql")]
    [InlineData("There is no option '--nope'.", "--nope=x", "a.sql")]
    public async Task What_can_not_be_done_is_said_on_standard_error(string message, params string[] arguments)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        _folder.Write("a.sql", "select 1");
        var outcome = await RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("select 1", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "a.sql"), TestContext.Current.CancellationToken));
        if (!arguments.Contains("no/such/folder.sarif"))
            Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("--stanby", "postgresql://app:s3cret@localhost/app")]
    [InlineData("--stanby=Host=localhost;Password=s3cret")]
    [InlineData("--catalog", "postgresql://app:s3cret@localhost/app")]
    [InlineData("--sarif", "Host=localhost;Password=s3cret")]
    [InlineData("--fail-on", "postgresql://app:s3cret@localhost/app")]
    [InlineData("--ndjson", "postgresql://app:s3cret@localhost/app")]
    [InlineData("Host=localhost;Password=s3cret")]
    public async Task A_misplaced_connection_string_is_not_shown(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.NotEmpty(outcome.Errors);
        Assert.DoesNotContain("s3cret", outcome.Errors + outcome.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData]
    [InlineData("sql")]
    public async Task Without_a_command_the_help_goes_to_standard_error(params string[] arguments)
    {
        var outcome = await Ctr.RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains("Commands:", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_documents_the_exit_status()
    {
        var outcome = await Ctr.RunAsync("sql", "classify", "--help");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Exit status:", outcome.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(params string[] arguments) => Ctr.RunAsync(["sql", "classify", .. arguments], [], _folder.Path);

    private async Task<IEnumerable<string>> FilesAsync(params string[] arguments)
    {
        var outcome = await RunAsync(["--json", .. arguments]);
        Assert.Equal(0, outcome.ExitCode);
        return Answers.Read(outcome).Select(static a => a.Text("file"));
    }
}
