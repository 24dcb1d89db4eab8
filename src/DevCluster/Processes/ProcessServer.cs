using System.Globalization;
using CompileTimeRouting.DevCluster.Servers;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>A server as processes of this machine, in a directory of its own.</summary>
internal sealed class ProcessServer(ClusterContext context, ServerBinaries binaries, ServerUser? user, string clusterDirectory, string name, int port) : INodeServer
{
    private const int TailLines = 15;

    // Restarts right after a kill may find the port held for a moment by a dying process's socket.
    private const int SamePortAttempts = 3;

    private readonly string _directory = Path.Combine(clusterDirectory, name);
    private long _logStart;
    private bool _frozen;

    public string Name => name;

    public string Host => "127.0.0.1";

    public int Port { get; private set; } = port;

    public (string Host, int Port) InnerAddress => (Host, Port);

    public TimeSpan ClockOffset
    {
        get;
        set
        {
            if (value != TimeSpan.Zero && FakeTime.Library is null)
                throw new PostgresClusterException(FakeTime.Missing);
            field = value;
        }
    }

    public string DataDirectory => DataDirectoryIn(_directory);

    public PostgresNodeState State =>
        !ServerProcess.IsAlive(DataDirectory) ? PostgresNodeState.Stopped
        : _frozen ? PostgresNodeState.Frozen
        : PostgresNodeState.Running;

    private string LogFile => Path.Combine(_directory, "server.log");

    private string PasswordFile => Path.Combine(_directory, "pgpass");

    private string Timeout => Math.Max(1, (int)context.Options.StartTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public static string DataDirectoryIn(string serverDirectory) => Path.Combine(serverDirectory, "data");

    public string ConnectionInfoFor(string standbyName) =>
        // Every server has a file of its own: it must not vanish with another server's directory.
        ServerConfiguration.ConnectionInfo(Host, Port, Path.Combine(clusterDirectory, standbyName, "pgpass").Replace('\\', '/'), standbyName);

    /// <summary>Makes the server's directory, without data.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(_directory);
        WritePrivate(PasswordFile, ServerConfiguration.PasswordFileLine(context.Password));
        GiveToUser(_directory);
    }

    /// <summary>Makes the data of a new primary.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(_directory, "initdb-password");
        WritePrivate(passwordFile, context.Password);
        GiveToUser(_directory);
        Command.Result result;
        try
        {
            result = await RunAsync(
                binaries.InitDb,
                [
                    "-D", DataDirectory, "-U", ClusterContext.SuperUser, "--pwfile", passwordFile, "--auth=scram-sha-256",
                    "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
                ],
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(passwordFile);
        }
        if (DiskSpace.IsExhausted(result.Output))
            throw DiskSpace.Exhausted(clusterDirectory, new PostgresClusterException(result.Output));
        if (!result.Succeeded)
            throw new PostgresClusterException(context.Redact($"initdb of {binaries.Directory} failed:{Environment.NewLine}{result.Output}"));
    }

    /// <summary>Takes the data of a stopped server.</summary>
    public void CopyDataOf(ProcessServer source) => WithDiskFullExplained(() => Processes.DataDirectory.CopyStopped(source.DataDirectory, DataDirectory));

    /// <summary>Writes the configuration; of a standby, if there is a source.</summary>
    public void Configure(INodeServer? source) => WithDiskFullExplained(() =>
    {
        File.WriteAllText(
            Path.Combine(DataDirectory, "postgresql.conf"),
            ServerConfiguration.Render(Port, Host, context.Options.Settings, source?.ConnectionInfoFor(name)));
        if (source is not null)
        {
            var autoConf = Path.Combine(DataDirectory, "postgresql.auto.conf");
            File.WriteAllText(autoConf, ServerConfiguration.WithoutReplicationSettings(File.ReadAllText(autoConf)));
            File.WriteAllText(Path.Combine(DataDirectory, "standby.signal"), "");
        }
        GiveToUser(DataDirectory);
    });

    /// <summary>Somebody took the port between its choice and now.</summary>
    public void MoveToFreePort()
    {
        FreePorts.Return(Port);
        Port = FreePorts.Next();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            _logStart = File.Exists(LogFile) ? new FileInfo(LogFile).Length : 0;
            _frozen = false;
            string[] command =
            [
                .. ClockOffset == TimeSpan.Zero ? [] : FakeTime.Prefix(ClockOffset),
                binaries.PgCtl, "start", "-w", "-s", "-t", Timeout, "-D", DataDirectory, "-l", LogFile,
            ];
            var result = await RunAsync(command[0], command[1..], cancellationToken).ConfigureAwait(false);
            if (result.Succeeded)
                return;
            var tail = await ReadLogTailAsync().ConfigureAwait(false);
            if (!tail.Contains("Address already in use", StringComparison.OrdinalIgnoreCase) && !tail.Contains("could not bind", StringComparison.Ordinal))
                throw await context.FailureAsync(this, $"{name} (PostgreSQL {binaries.Major}) did not start: {result.Output}").ConfigureAwait(false);
            if (attempt == SamePortAttempts)
                throw new PortInUseException(Port, name);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (State == PostgresNodeState.Frozen)
            await ThawAsync(cancellationToken).ConfigureAwait(false);
        if (State == PostgresNodeState.Stopped)
            return;
        var result = await RunAsync(binaries.PgCtl, ["stop", "-w", "-s", "-m", "fast", "-t", Timeout, "-D", DataDirectory], cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            throw await context.FailureAsync(this, $"{name} did not stop: {result.Output} A primary waits for its standbys to take the last WAL: thaw those that are frozen, or use {nameof(PostgresNode.KillAsync)}.").ConfigureAwait(false);
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => ServerProcess.Kill(DataDirectory), cancellationToken).ConfigureAwait(false);
        _frozen = false;
    }

    public async Task FreezeAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => ServerProcess.Freeze(DataDirectory), cancellationToken).ConfigureAwait(false);
        _frozen = true;
    }

    public async Task ThawAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => ServerProcess.Thaw(DataDirectory), cancellationToken).ConfigureAwait(false);
        _frozen = false;
    }

    // The state is always asked from the system.
    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IAsyncDisposable> CloneAsync(INodeServer source, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_directory))
            Prepare();
        if (Directory.Exists(DataDirectory))
            Directory.Delete(DataDirectory, recursive: true);
        var kept = await CopyRunningAsync((ProcessServer)source, cancellationToken).ConfigureAwait(false);
        try
        {
            Configure(source);
            await StartAsync(cancellationToken).ConfigureAwait(false);
            return kept;
        }
        catch
        {
            await kept.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<string> ReadLogTailAsync()
    {
        if (!File.Exists(LogFile))
            return "";
        await using var stream = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(Math.Min(_logStart, stream.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync().ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(Environment.NewLine, lines.TakeLast(TailLines));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None).ConfigureAwait(false);
        FreePorts.Return(Port);
    }

    private async Task<IAsyncDisposable> CopyRunningAsync(ProcessServer source, CancellationToken cancellationToken)
    {
        if (binaries.PgBaseBackup is not { } pgBaseBackup)
        {
            try
            {
                return await BaseBackup.TakeAsync(context, source, DataDirectory, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException e) when (DiskSpace.IsExhausted(e))
            {
                throw DiskSpace.Exhausted(clusterDirectory, e);
            }
        }
        var result = await RunAsync(
            pgBaseBackup,
            ["-D", DataDirectory, "--checkpoint=fast", "--wal-method=stream", "--no-sync", "--no-manifest", "-d", source.ConnectionInfoFor(name)],
            cancellationToken).ConfigureAwait(false);
        if (DiskSpace.IsExhausted(result.Output))
            throw DiskSpace.Exhausted(clusterDirectory, new PostgresClusterException(result.Output));
        if (!result.Succeeded)
            throw await context.FailureAsync(source, $"{name} could not be cloned from {source.Name}: {result.Output}").ConfigureAwait(false);
        // The WAL came with it.
        return NothingKept.Instance;
    }

    private Task<Command.Result> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Command.RunAsync(program, arguments, user, _directory, cancellationToken: cancellationToken);

    private void GiveToUser(string directory) => user?.TakeOver(directory);

    private void WithDiskFullExplained(Action action)
    {
        try
        {
            action();
        }
        catch (IOException e) when (DiskSpace.IsExhausted(e))
        {
            throw DiskSpace.Exhausted(clusterDirectory, e);
        }
    }

    private static void WritePrivate(string path, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }
}
