using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CompileTimeRouting.DevCluster.Processes;
using Npgsql;

namespace CompileTimeRouting.DevCluster.Tests;

/// <summary>
/// A process of its own that starts a cluster: to be killed, interrupted, run as another user or in another directory.
/// It prints one line when it is ready (<c>READY data-directory connection-string</c>) or when it failed
/// (<c>FAILED message</c>), then holds the cluster until its input ends.
/// </summary>
internal sealed partial class Child : IDisposable
{
    public const string Command = "child";

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public string DataDirectory { get; private set; } = "";

    public string ConnectionString { get; private set; } = "";

    public string Failure { get; private set; } = "";

    /// <summary>What the servers' processes were when it was ready.</summary>
    public IReadOnlyList<int> ServerPids { get; private set; } = [];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
            {
                Backend = Enum.Parse<ClusterBackend>(args[0]),
                MajorVersion = args[1] == "-" ? null : int.Parse(args[1], CultureInfo.InvariantCulture),
                BinarySource = Enum.Parse<BinarySource>(args[2]),
                Replicas = 1,
            });
            await using var connection = new NpgsqlConnection(cluster.Primary.AdminConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("show data_directory", connection);
            Console.WriteLine($"READY\t{await command.ExecuteScalarAsync()}\t{cluster.Primary.ConnectionString}");
            await Console.In.ReadToEndAsync();
            return 0;
        }
        catch (PostgresClusterException e)
        {
            Console.WriteLine($"FAILED\t{e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    public static async Task<Child> StartAsync(
        ClusterBackend backend = ClusterBackend.Processes,
        int? major = 15,
        BinarySource source = BinarySource.Any,
        IReadOnlyList<string>? prefix = null,
        Dictionary<string, string>? environment = null)
    {
        string[] line =
        [
            .. prefix ?? [], "dotnet", typeof(Child).Assembly.Location, Command,
            backend.ToString(), major?.ToString(CultureInfo.InvariantCulture) ?? "-", source.ToString(),
        ];
        var start = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        var child = new Child(Process.Start(start)!);
        var answer = await child._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "FAILED\tno answer";
        if (answer.Split('\t') is ["READY", var directory, var connectionString])
        {
            child.DataDirectory = directory;
            child.ConnectionString = connectionString;
            if (backend == ClusterBackend.Processes)
                child.ServerPids = Servers.Below(child.ClusterDirectory);
        }
        else
        {
            child.Failure = answer;
        }
        return child;
    }

    /// <summary>A user who is not root and can run this build, or the test is skipped.</summary>
    public static async Task<ServerUser> RequireNormalUserAsync()
    {
        if (await ServerUser.ResolveOnceAsync() is not { } user)
        {
            Assert.Skip("takes root, to be another user");
            return null;
        }
        if (!ServerUser.MayPassThrough(Path.GetDirectoryName(typeof(Child).Assembly.Location)!))
            Assert.Skip("another user can't read this build");
        return user;
    }

    public string ClusterDirectory => Path.GetDirectoryName(Path.GetDirectoryName(DataDirectory))!;

    public Task KillAsync() => EndBySignalAsync(9);

    public async Task EndBySignalAsync(int signal)
    {
        Assert.Equal(0, SendSignal(_process.Id, signal));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets it dispose its cluster.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
                _process.Kill();
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
