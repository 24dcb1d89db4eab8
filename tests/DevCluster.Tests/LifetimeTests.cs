using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster.Processes;
using static CompileTimeRouting.DevCluster.Tests.Servers;

namespace CompileTimeRouting.DevCluster.Tests;

/// <summary>How clusters of processes begin and end: leftovers, users, failures.</summary>
public sealed class LifetimeTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_leaves_no_process_no_file_and_no_shared_memory()
    {
        var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { MajorVersion = 15, Replicas = 1 }, Token);
        var directory = Path.GetDirectoryName(Path.GetDirectoryName(await DataDirectoryAsync(cluster.Primary)))!;
        var pids = Below(directory);
        var segments = cluster.Nodes.Select(n => SharedMemoryId(Path.Combine(directory, n.Name, "data"))).ToList();
        Assert.All(segments, s => Assert.Contains(s, SharedMemoryIds()));
        Assert.True(pids.Count > 2, "no processes were seen");

        await cluster.Replicas[0].FreezeAsync(Token);
        await cluster.DisposeAsync();
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.Primary.StartAsync(Token));

        Assert.Empty(Alive(pids));
        Assert.False(Directory.Exists(directory));
        Assert.All(segments, s => Assert.DoesNotContain(s, SharedMemoryIds()));
    }

    [Fact]
    public async Task A_segment_that_took_over_the_id_of_a_dead_servers_one_stays()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { MajorVersion = 15, Replicas = 0 }, Token);
        var data = await DataDirectoryAsync(cluster.Primary);
        var lines = await File.ReadAllLinesAsync(Path.Combine(data, "postmaster.pid"), Token);
        var id = SharedMemoryId(data);
        var dead = Directory.CreateTempSubdirectory("ctr-test-");
        (lines[0], lines[6]) = (int.MaxValue.ToString(CultureInfo.InvariantCulture), $"  1 {id}");
        await File.WriteAllLinesAsync(Path.Combine(dead.FullName, "postmaster.pid"), lines, Token);

        ServerProcess.Kill(dead.FullName);
        Assert.Empty(dead.EnumerateFiles());
        Assert.Contains(id, SharedMemoryIds());
        dead.Delete();
    }

    [Fact]
    public async Task What_a_crashed_run_left_is_removed_by_the_next_start_and_nothing_else()
    {
        using var crashed = await Child.StartAsync();
        using var alive = await Child.StartAsync();
        Assert.Equal("", crashed.Failure + alive.Failure);
        await crashed.KillAsync();
        Assert.NotEmpty(Alive(crashed.ServerPids));
        Assert.Equal(1, await QueryAsync<int>(crashed.ConnectionString, "select 1"));

        List<string> log = [];
        await using var next = await PostgresCluster.StartAsync(new PostgresClusterOptions { MajorVersion = 15, Replicas = 0, Log = log.Add }, Token);

        // Another test's start may have been faster; then it removes it, in its own time.
        await Waiting.UntilAsync(() => !Directory.Exists(crashed.ClusterDirectory), "what is left of the crashed run is removed", TimeSpan.FromMinutes(1));
        Assert.Empty(Alive(crashed.ServerPids));
        Assert.Equal(alive.ServerPids, Alive(alive.ServerPids));
        Assert.Equal(1, await QueryAsync<int>(alive.ConnectionString, "select 1"));
        Assert.Equal(0, await alive.EndAsync());
        Assert.Empty(Alive(alive.ServerPids));
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task A_run_that_is_interrupted_ends_its_servers(int signal)
    {
        using var child = await Child.StartAsync();
        Assert.NotEmpty(Alive(child.ServerPids));
        await child.EndBySignalAsync(signal);
        Assert.Empty(Alive(child.ServerPids));
        Assert.False(Directory.Exists(child.ClusterDirectory));
    }

    [Fact]
    public async Task A_normal_user_can_start_a_cluster()
    {
        var user = await Child.RequireNormalUserAsync();
        using var child = await Child.StartAsync(prefix: user.Prefix);
        Assert.Equal("", child.Failure);
        Assert.Equal(1, await QueryAsync<int>(child.ConnectionString, "select 1"));
        Assert.Equal(0, await child.EndAsync());
        Assert.Empty(Alive(child.ServerPids));
    }

    [Fact]
    public async Task Two_processes_of_a_normal_user_fetch_the_binaries_at_once()
    {
        if (Command.Find("npm") is null)
            Assert.Skip("npm is not installed");
        var user = await Child.RequireNormalUserAsync();
        var home = Directory.CreateTempSubdirectory("ctr-test-");
        user.TakeOver(home.FullName);
        var environment = new Dictionary<string, string> { ["HOME"] = home.FullName, ["XDG_CACHE_HOME"] = Path.Combine(home.FullName, "cache") };
        var children = await Task.WhenAll(
            Child.StartAsync(major: 18, source: BinarySource.Npm, prefix: user.Prefix, environment: environment),
            Child.StartAsync(major: 18, source: BinarySource.Npm, prefix: user.Prefix, environment: environment));
        foreach (var child in children)
        {
            using (child)
            {
                Assert.Equal("", child.Failure);
                Assert.StartsWith("PostgreSQL 18", await QueryAsync<string>(child.ConnectionString, "select version()"), StringComparison.Ordinal);
                Assert.Equal(0, await child.EndAsync());
            }
        }
        Assert.Single(Directory.GetDirectories(Path.Combine(home.FullName, "cache", "compile-time-routing", "postgres")));
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        var directory = Directory.CreateTempSubdirectory("ctr-test-");
        var mounted = await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "size=30m", "tmpfs", directory.FullName], cancellationToken: Token);
        if (!mounted.Succeeded)
            Assert.Skip("no small file system can be mounted: " + mounted.Output);
        try
        {
            using var child = await Child.StartAsync(environment: new() { ["TMPDIR"] = directory.FullName });
            Assert.Contains("No disk space is left in " + directory.FullName, child.Failure, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateDirectories(directory.FullName, "ctr-pg-*"));
        }
        finally
        {
            await Command.RunAsync("umount", [directory.FullName], cancellationToken: Token);
            directory.Delete();
        }
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => PostgresCluster.StartAsync(new PostgresClusterOptions { MajorVersion = 15, Replicas = 0, Ports = [port] }, Token));
        Assert.Contains($"Port {port}, wanted for primary, is in use", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_ports_are_used_and_one_taken_while_its_server_was_down_is_named()
    {
        var port = FreePort.Next();
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { MajorVersion = 15, Replicas = 0, Ports = [port] }, Token);
        Assert.Equal(port, cluster.Primary.Port);
        await cluster.Primary.KillAsync(Token);
        using (var listener = new TcpListener(IPAddress.Loopback, port))
        {
            listener.Start();
            var e = await Assert.ThrowsAsync<PostgresClusterException>(() => cluster.Primary.StartAsync(Token));
            Assert.Contains($"Port {port}, wanted for primary, is in use", e.Message, StringComparison.Ordinal);
        }
        await cluster.Primary.StartAsync(Token);
        Assert.Equal(1, await QueryAsync<int>(cluster.Primary.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task Without_binaries_the_command_that_installs_them_is_given()
    {
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => PostgresCluster.StartAsync(new PostgresClusterOptions { MajorVersion = 99, BinarySource = BinarySource.Installed }, Token));
        Assert.Contains("No server binaries of PostgreSQL 99 were found. Install them: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(InstallCommand.For(99), e.Message, StringComparison.Ordinal);
        Assert.Contains("99", InstallCommand.For(99), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PG_BIN_without_binaries_is_named()
    {
        using var child = await Child.StartAsync(environment: new() { ["PG_BIN"] = "/nowhere" });
        Assert.Contains("PG_BIN can't be used: there is no initdb in /nowhere", child.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_binaries_is_named()
    {
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => PostgresCluster.StartAsync(new PostgresClusterOptions { BinDirectory = "/nowhere" }, Token));
        Assert.Contains("there is no initdb in /nowhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_to_start_shows_its_log_and_no_password()
    {
        const string password = "a:pass'word\\with all";
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => PostgresCluster.StartAsync(
            new PostgresClusterOptions { MajorVersion = 15, Replicas = 0, Password = password, Settings = { ["shared_buffers"] = "much" + password } }, Token));
        Assert.Contains("Last lines of primary's log", e.Message, StringComparison.Ordinal);
        Assert.Contains("invalid value for parameter \"shared_buffers\"", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_passwords_may_hold_any_character()
    {
        await using var cluster = await PostgresCluster.StartAsync(
            new PostgresClusterOptions { MajorVersion = 15, Replicas = 1, UserName = "O'Neil \"x\"", DatabaseName = "a b;c", Password = "p:ä'\\;\" %", Settings = { ["log_statement"] = "all" } },
            Token);
        await cluster.WaitUntilCaughtUpAsync(Token);
        Assert.Equal("O'Neil \"x\" a b;c", await QueryAsync<string>(cluster.Replicas[0].ConnectionString, "select current_user || ' ' || current_database()"));
        var url = new Uri(cluster.Replicas[0].Url);
        Assert.Equal("O'Neil \"x\":p:ä'\\;\" %", string.Join(':', url.UserInfo.Split(':').Select(Uri.UnescapeDataString)));

        var log = await File.ReadAllTextAsync(Path.Combine(await DataDirectoryAsync(cluster.Primary), "..", "server.log"), Token);
        Assert.Contains("log_statement = 'none'", log, StringComparison.Ordinal);
        Assert.DoesNotContain("create role", log, StringComparison.Ordinal);
    }

    private static async Task<string> DataDirectoryAsync(PostgresNode node) =>
        await QueryAsync<string>(node.AdminConnectionString, "show data_directory");

    private static int SharedMemoryId(string dataDirectory) =>
        int.Parse(File.ReadAllLines(Path.Combine(dataDirectory, "postmaster.pid"))[6].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static List<int> SharedMemoryIds() =>
    [
        .. File.ReadLines("/proc/sysvipc/shm").Skip(1)
            .Select(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)),
    ];
}
