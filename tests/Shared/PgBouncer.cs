using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Tests;

/// <summary>A real pgbouncer in transaction mode before one node, or before all of a cluster, each then as a database of its own.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;
    private readonly IReadOnlyDictionary<PostgresNode, string> _databases;

    private PgBouncer(IReadOnlyDictionary<PostgresNode, string> databases, string folder, Process process, int port)
    {
        _databases = databases;
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    private static string? Binary { get; } = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    /// <summary>Why it can't be run here; null where it can.</summary>
    public static string? Unavailable { get; } = Binary is null ? "There is no pgbouncer: apt-get install pgbouncer" : null;

    /// <summary>Starts one before all nodes.</summary>
    public static Task<PgBouncer> StartAsync(PostgresCluster cluster, int poolSize, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(cluster.Nodes.ToDictionary(static n => n, static n => n.Name.Replace('-', '_')), poolSize, settings, cancellationToken);

    /// <summary>Starts one before one node, whose database has its own name there.</summary>
    public static Task<PgBouncer> StartBeforeAsync(PostgresNode node, int poolSize, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(new Dictionary<PostgresNode, string> { [node] = new NpgsqlConnectionStringBuilder(node.ConnectionString).Database! }, poolSize, settings, cancellationToken);

    private static async Task<PgBouncer> StartAsync(
        IReadOnlyDictionary<PostgresNode, string> names, int poolSize, string[] settings, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ctr-pgbouncer-").FullName;
        var port = FreePort.Next();
        var login = new NpgsqlConnectionStringBuilder(names.First().Key.ConnectionString);
        await File.WriteAllTextAsync(Path.Combine(folder, "users.txt"), $"\"{login.Username}\" \"{login.Password}\"\n", cancellationToken);
        var databases = names.Select(n => $"{n.Value} = host={n.Key.Host} port={n.Key.Port} dbname={login.Database}");
        var file = Path.Combine(folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(file, $"""
            [databases]
            {string.Join('\n', databases)}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {Path.Combine(folder, "users.txt")}
            pool_mode = transaction
            default_pool_size = {poolSize}
            max_client_conn = 500
            {string.Join('\n', settings)}
            """, cancellationToken);

        // It doesn't run as root: then it becomes another user, who must be able to read its files.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            foreach (var path in Directory.GetFiles(folder))
                File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
        }

        var start = new ProcessStartInfo(Binary!, [.. user, file]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var bouncer = new PgBouncer(names, folder, process, port);
        try
        {
            await bouncer.WaitUntilListeningAsync(cancellationToken);
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    /// <summary>The way to a node through it.</summary>
    public string ConnectionString(PostgresNode node) => new NpgsqlConnectionStringBuilder(node.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = _databases[node],
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (attempts < 200 && !_process.HasExited)
            {
                await Task.Delay(25, cancellationToken);
            }
        }
    }
}
