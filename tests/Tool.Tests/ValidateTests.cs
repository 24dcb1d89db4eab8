using System.Text.Json;
using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Tests;
using Npgsql;

namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr validate</c> against a real primary and standby.</summary>
public sealed class ValidateTests : IAsyncLifetime
{
    private PostgresCluster _cluster = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await PostgresCluster.StartAsync(new() { Replicas = 1 }, Ct);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private string Password => new NpgsqlConnectionStringBuilder(_cluster.Primary.ConnectionString).Password!;

    private async Task<Outcome> RunAsync(params string[] arguments)
    {
        var outcome = await Ctr.RunAsync(["validate", .. arguments]);
        Assert.DoesNotContain(Password, outcome.Output + outcome.Errors, StringComparison.Ordinal);
        return outcome;
    }

    [Fact]
    public async Task A_good_configuration_ends_well_with_a_table()
    {
        var outcome = await RunAsync("--primary", _cluster.Primary.Url, "--replica", _cluster.Replicas[0].ConnectionString);
        Assert.Equal("", outcome.Errors);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^NODE +ADDRESS +ROLE +STATE +VERSION +CONNECTIONS +POOLER$", outcome.Lines[0]);
        Assert.Matches($@"^primary +127\.0\.0\.1:{_cluster.Primary.Port} +primary +up +\d+\.\d+.* +202 of 297 +none$", outcome.Lines[1]);
        Assert.Matches($@"^replica-1 +127\.0\.0\.1:{_cluster.Replicas[0].Port} +replica +up +\d+\.\d+.* +102 of 297 +none$", outcome.Lines[2]);
        Assert.Contains("note: replica-1: hot_standby_feedback is off", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("2 nodes, 0 errors, 0 warnings,", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_read_and_too_many_instances_are_a_warning()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("appsettings.json", JsonSerializer.Serialize(new
        {
            ConnectionStrings = new { Standby = _cluster.Replicas[0].ConnectionString },
            Db = new { Primary = _cluster.Primary.ConnectionString, Replicas = new[] { "Standby" }, ReplicaPool = new { Size = 5, MaxOverflow = 5 } },
        }));
        var outcome = await RunAsync("--config", file, "--section", "Db", "--instances", "2", "--json");
        Assert.Equal("", outcome.Errors);
        Assert.Equal(1, outcome.ExitCode);
        using var json = JsonDocument.Parse(outcome.Output);
        var nodes = json.RootElement.GetProperty("nodes");
        Assert.Equal(24, nodes[1].GetProperty("connections").GetProperty("needed").GetInt32());
        Assert.Equal(nodes[0].GetProperty("systemIdentifier").GetString(), nodes[1].GetProperty("systemIdentifier").GetString());
        Assert.Equal("replica", nodes[1].GetProperty("role").GetString());
        Assert.Equal("off", nodes[1].GetProperty("settings").GetProperty("hot_standby_feedback").GetString());
        Assert.Contains(
            json.RootElement.GetProperty("findings").EnumerateArray(),
            f => f.GetProperty("level").GetString() == "warning" && f.GetProperty("node").GetString() == "primary"
                && f.GetProperty("message").GetString()!.StartsWith("2 x 202 connections (pools, and two for probes) are 404, more than the 297 it gives", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_doesnt_work_is_an_error()
    {
        var gone = await RunAsync("--primary", _cluster.Primary.Url, "--replica", "Host=127.0.0.1;Port=1;Username=app;Password=s3cret");
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("error: replica-1: 127.0.0.1:1 refused the connection: nothing listens there.", gone.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", gone.Output, StringComparison.Ordinal);

        var standby = await RunAsync("--primary", _cluster.Replicas[0].Url);
        Assert.Equal(1, standby.ExitCode);
        Assert.Contains("error: No node is the primary: writes would fail.", standby.Output, StringComparison.Ordinal);

        var wrong = await RunAsync("--primary", "Host=");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("error: Primary: there is no host.", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_has_stopped_receiving_is_an_error()
    {
        await _cluster.Replicas[0].CutWalReceiverAsync(Ct);
        await using (var admin = new NpgsqlConnection(_cluster.Primary.AdminConnectionString))
        {
            await admin.OpenAsync(Ct);
            await using var write = new NpgsqlCommand("create table since_then ()", admin);
            await write.ExecuteNonQueryAsync(Ct);
        }

        var outcome = await RunAsync("--primary", _cluster.Primary.Url, "--replica", _cluster.Replicas[0].Url);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("^replica-1 .* lagging ", outcome.Lines[2]);
        Assert.Contains("an unknown time behind the primary and receives nothing from it", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_promoted_replica_would_be_asked_for_too_many_connections_there_is_a_note()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("appsettings.json", JsonSerializer.Serialize(new
        {
            Routing = new { Primary = _cluster.Primary.ConnectionString + ";Maximum Pool Size=10", Replicas = new[] { _cluster.Replicas[0].ConnectionString + ";Maximum Pool Size=160" } },
        }));
        var outcome = await RunAsync("--config", file);
        Assert.Equal("", outcome.Errors);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("note: replica-1: once promoted it may be asked for 1 x 322 connections, which are 322, more than the 297 it gives", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_arguments_arent_a_verdict()
    {
        Assert.Equal(2, (await RunAsync("--config", "nowhere.json")).ExitCode);
        Assert.Equal(2, (await RunAsync("--replica", _cluster.Replicas[0].Url)).ExitCode);
        Assert.Equal(2, (await RunAsync("--instances", "many", "--primary", _cluster.Primary.Url)).ExitCode);
        Assert.Equal(2, (await RunAsync("--primry", _cluster.Primary.Url)).ExitCode);
        using var folder = new TemporaryFolder();
        var broken = await RunAsync("--config", folder.Write("broken.json", $"{{ \"Routing\": {{ \"Primary\": \"{_cluster.Primary.Url}\" "));
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains("It must be JSON", broken.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pooler_is_found()
    {
        Assert.SkipWhen(PgBouncer.Unavailable is not null, PgBouncer.Unavailable ?? "");
        await using var bouncer = await PgBouncer.StartAsync(_cluster, poolSize: 4, Ct);
        using var folder = new TemporaryFolder();
        string File(string pooler) => folder.Write($"{pooler}.json", JsonSerializer.Serialize(new
        {
            Routing = new { Primary = bouncer.ConnectionString(_cluster.Primary), Pooler = pooler },
        }));
        var set = await RunAsync("--config", File("PgBouncerTransaction"));
        Assert.Equal(0, set.ExitCode);
        Assert.EndsWith("transaction", set.Lines[1], StringComparison.Ordinal);

        var unset = await RunAsync("--config", File("None"));
        Assert.Equal(1, unset.ExitCode);
        Assert.Contains("set Pooler to PgBouncerTransaction", unset.Output, StringComparison.Ordinal);
    }
}
