using System.Text.Json;
using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Sql.Tests;
using Npgsql;

namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr sql classify --standby</c> against a real standby.</summary>
public abstract class StandbyTests(StandbyCluster servers)
{
    [Fact]
    public async Task Agreement_is_said_and_ends_well()
    {
        var outcome = await RunAsync("select * from t; update t set a = 1; select nextval('s'); lock t; create table x (); select * from t for update");

        Assert.Equal("", outcome.Errors);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            ["served ", "refused 25006", "refused 25006", "refused 25006", "refused 25006", "refused 25006"],
            Standby(outcome).Select(static s => $"{s.Text("verdict")} {Optional(s, "sqlstate")}"));
    }

    [Fact]
    public async Task A_function_that_writes_is_found_unsafe()
    {
        var outcome = await Ctr.RunAsync(["sql", "classify", "--standby", Url], "select 1;\nselect writes()");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(
            "unsafe: <stdin>:2:1 is said to be a replica's, but the standby refused it: cannot execute INSERT in a read-only transaction (25006)",
            outcome.Output, StringComparison.Ordinal);
        Assert.Contains("2 statements: 2 replica, 0 primary, 0 unknown; the standby disagrees: 1 unsafe, 0 wasteful", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unlogged_table_and_refusals_of_other_codes_are_found()
    {
        var outcome = await RunAsync("select * from fleeting; select pg_current_wal_lsn(); select lo_create(0)");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            ["refused 0A000 unsafe", "refused 55000 ", servers.Cluster.ServerVersion.Major >= 16 ? "refused 25006 " : "refused XX000 "],
            Standby(outcome).Select(static s => $"{s.Text("verdict")} {Optional(s, "sqlstate")} {Optional(s, "disagreement")}"));
    }

    [Fact]
    public async Task A_rule_that_does_nothing_is_found_wasteful()
    {
        var outcome = await Ctr.RunAsync(["sql", "classify", "--standby", Url, "--sarif"], "insert into swallowed values (1)");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("standby-wasteful", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_proves_nothing_is_no_verdict()
    {
        (string Sql, string SqlState)[] all =
        [
            ("select * from nope", "42P01"),
            ("select 1 / 0", "22012"),
            ("select pg_sleep(60)", "57014"),
            ("insert into nope values (1)", "42P01"),
            ("select case when true then 1 else nextval('s') end", ""),
            ("select nextval($1)", ""),
            ("select $1, @a", ""),
        ];
        var outcome = await AskAsync(all.Select(static s => s.Sql));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            all.Select(static s => $"{s.Sql} no-verdict {s.SqlState}"),
            all.Zip(Standby(outcome), static (s, standby) => $"{s.Sql} {standby.Text("verdict")} {Optional(standby, "sqlstate")}"));
        Assert.All(Standby(outcome), static s => Assert.NotEmpty(s.Text("message")));
    }

    [Fact]
    public async Task Parameters_are_bound_to_null()
    {
        var outcome = await AskAsync(
            ["select * from t where a = @a and b = :b or id = any(@ids) limit @n", "select $1::int + $2::int", "update t set a = @a where id = @id"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["served", "served", "refused"], Standby(outcome).Select(static s => s.Text("verdict")));
    }

    /// <summary>What a standby accepts and what does something is never run; the session would tell.</summary>
    [Fact]
    public async Task What_does_something_on_a_standby_is_not_asked()
    {
        string[] all =
        [
            "select pg_terminate_backend(pg_backend_pid())",
            "select nextval('s'), pg_terminate_backend(pg_backend_pid())",
            "select query_to_xml('select pg_terminate_backend(pg_backend_pid())', true, true, '')",
            "select query_to_xml('select nextval(''s''), pg_terminate_backend(pg_backend_pid())', true, true, '')",
            "select query_to_xml('select pg_terminate' || '_backend(pg_backend_pid())', true, true, '')",
            "do $$ begin perform pg_terminate_backend(pg_backend_pid()); end $$",
            "call ends()",
            "alter system set work_mem = '5MB'",
            "copy t to program 'true'",
            "copy t from program 'true'",
            "select pg_advisory_lock(1)",
            "select set_config('work_mem', '5MB', false)",
            "checkpoint",
            "commit",
            "rollback",
            "begin isolation level repeatable read",
            "set role postgres",
            "discard all",
            "prepare p as select 1",
            "selec pg_terminate_backend(pg_backend_pid())",
            "select pg_terminate_backend(pg_backend_pid()",
            "select '\0'",
            "select '\ud800'",
        ];
        var outcome = await AskAsync(all);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(all.Select(static sql => sql + " not-asked"), all.Zip(Standby(outcome), static (sql, standby) => $"{sql} {standby.Text("verdict")}"));
    }

    [Fact]
    public async Task A_function_that_ends_the_session_costs_its_own_answer_only()
    {
        var outcome = await RunAsync("select 1; select ends_session(); select 2");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["served", "no-verdict", "served"], Standby(outcome).Select(static s => s.Text("verdict")));
    }

    [Fact]
    public async Task A_statement_leaves_nothing_to_the_next()
    {
        var outcome = await RunAsync("select remembers('9MB'); select case when current_setting('work_mem') = '9MB' then writes() end");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["served", "served"], Standby(outcome).Select(static s => s.Text("verdict")));
    }

    [Fact]
    public async Task Large_results_and_copies_are_begun_only()
    {
        var outcome = await RunAsync(
            "select generate_series(1, 1000000000); copy (select generate_series(1, 100000000)) to stdout; "
            + "copy t to stdout; copy (select * from t where false) to stdout; copy (select nextval('s')) to stdout; select 1");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["served", "served", "served", "served", "refused", "served"], Standby(outcome).Select(static s => s.Text("verdict")));
    }

    [Fact]
    public async Task Copies_in_binary_are_asked_too()
    {
        var outcome = await RunAsync(
            "copy (select generate_series(1, 100000000)) to stdout (format binary); copy t to stdout with (format 'binary'); copy binary t to stdout; "
            + "copy (select * from t where false) to stdout with binary; copy (select nextval('s')) to stdout (format \"binary\"); "
            + "copy (select 1 as binary) to stdout; select 1");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            ["served", "served", "served", "served", "refused", "no-verdict", "served"], Standby(outcome).Select(static s => s.Text("verdict")));
    }

    [Fact]
    public async Task Lines_are_asked_too()
    {
        string[] lines = ["select 1; select writes()", "select 1", "select 1; rollback", "", "delete from t"];
        var outcome = await AskAsync(lines);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            ["refused unsafe", "served ", "not-asked ", "no-verdict ", "refused "],
            Standby(outcome).Select(static s => $"{s.Text("verdict")} {Optional(s, "disagreement")}"));
    }

    /// <summary>Verified statements that may be asked: no disagreement but the one that no text tells.</summary>
    [Fact]
    public async Task Verified_statements_agree()
    {
        var all = VerifiedRoutes.Read().Where(static r => r.Rule != "Several statements").ToList();
        var outcome = await AskAsync(all.Select(static r => r.Sql));

        var standby = Standby(outcome);
        var wrong = all.Zip(standby).Where(static x => x.Second.TryGetProperty("disagreement", out _)).Select(static x => $"{x.Second} {x.First.Sql}");
        Assert.Empty(wrong);
        Assert.Equal(0, outcome.ExitCode);
        // Most of them are asked in fact, and of both sorts.
        Assert.True(standby.Count(static s => s.Text("verdict") == "served") > 140, string.Join('\n', standby));
        Assert.True(standby.Count(static s => s.Text("verdict") == "refused") > 150);
    }

    [Fact]
    public async Task A_primary_is_not_asked()
    {
        var outcome = await Ctr.RunAsync(["sql", "classify", "--standby", servers.Cluster.Primary.Url], "select 1");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains("is a primary, not a standby", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keyword_form_is_taken()
    {
        var outcome = await Ctr.RunAsync(["sql", "classify", "--standby", servers.Cluster.Replicas[0].ConnectionString], "select 1");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("served", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://{0}:{1}@localhost:{2}/none")]
    [InlineData("Host=localhost;Port={2};Username={0};Password={1};Database=none")]
    [InlineData("postgresql://{0}:{1}@localhost:1/none")]
    [InlineData("postgresql://{0}:{1}@localhost:{2}/none?nope=1")]
    [InlineData("postgresql://{0}:{1}@{1}@localhost:{2}/none")]
    [InlineData("Host=localhost;Passwort={1}")]
    public async Task The_password_never_shows(string form)
    {
        var url = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, form, "nobody", form.StartsWith("postgresql", StringComparison.Ordinal) ? "s3cret-w0rd" : "\"s3cret-w0rd\"",
            servers.Cluster.Replicas[0].Port);
        var outcome = await Ctr.RunAsync(["sql", "classify", "--standby", url], "select 1");

        Assert.Equal(2, outcome.ExitCode);
        Assert.NotEmpty(outcome.Errors);
        Assert.DoesNotContain("s3cret", outcome.Errors + outcome.Output, StringComparison.Ordinal);
    }

    private string Url => servers.Cluster.Replicas[0].Url;

    private Task<Outcome> RunAsync(string sql) => Ctr.RunAsync(["sql", "classify", "--json", "--standby", Url], sql);

    private Task<Outcome> AskAsync(IEnumerable<string> lines) =>
        Ctr.RunAsync(["sql", "classify", "--ndjson", "--standby", Url], string.Concat(lines.Select(Line)));

    /// <summary>By hand, for JsonSerializer writes no lone surrogate.</summary>
    private static string Line(string sql, int id)
    {
        var text = new System.Text.StringBuilder($"{{\"id\":{id},\"sql\":\"");
        foreach (var c in sql)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        return text.Append("\"}\n").ToString();
    }

    private static List<JsonElement> Standby(Outcome outcome) => [.. Answers.Read(outcome).Select(static a => a.GetProperty("standby"))];

    private static string Optional(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString()! : "";
}

public sealed class Standby15Tests(Standby15 servers) : StandbyTests(servers), IClassFixture<Standby15>;

public sealed class Standby18Tests(Standby18 servers) : StandbyTests(servers), IClassFixture<Standby18>;

public sealed class Standby15() : StandbyCluster(15);

public sealed class Standby18() : StandbyCluster(18);

/// <summary>A primary with tables and functions, and a standby that has them.</summary>
public abstract class StandbyCluster(int majorVersion) : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    public PostgresCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1, MajorVersion = majorVersion });
        using var schema = new StreamReader(typeof(StandbyCluster).Assembly.GetManifestResourceStream("routes-schema.sql")!);
        await using var primary = NpgsqlDataSource.Create(Cluster.Primary.AdminConnectionString);
        var sql = await schema.ReadToEndAsync() + """
            create unlogged table fleeting (id int);
            create table swallowed (id int);
            create rule nothing as on insert to swallowed do instead nothing;
            create function writes() returns int language plpgsql as 'begin insert into t (id) values (100); return 1; end';
            create function remembers(value text) returns text language sql as 'select set_config(''work_mem'', value, false)';
            create function ends_session() returns bool language sql as 'select pg_terminate_backend(pg_backend_pid())';
            create procedure ends() language sql as 'select pg_terminate_backend(pg_backend_pid())';
            grant all on all tables in schema public, sch to public;
            grant all on all sequences in schema public to public;
            grant usage on schema sch to public;
            """;
        foreach (var statement in SqlStatements.Split(sql))
        {
            await using var command = primary.CreateCommand(statement.Text(sql));
            await command.ExecuteNonQueryAsync();
        }

        await Cluster.WaitUntilCaughtUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
