using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Integration.Clusters;

/// <summary>A real pgbouncer in transaction mode before the nodes of a cluster, each as a database of its own.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;
    private readonly PostgresCluster _cluster;

    private PgBouncer(PostgresCluster cluster, string folder, Process process, int port)
    {
        _cluster = cluster;
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    private static string? Binary { get; } = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    /// <summary>Why it can't be run here; null where it can.</summary>
    public static string? Unavailable { get; } = Binary is null ? "There is no pgbouncer: apt-get install pgbouncer" : null;

    public static async Task<PgBouncer> StartAsync(PostgresCluster cluster, int poolSize, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ctr-pgbouncer-").FullName;
        var port = FreePort();
        var settings = new NpgsqlConnectionStringBuilder(cluster.Primary.ConnectionString);
        await File.WriteAllTextAsync(Path.Combine(folder, "users.txt"), $"\"{settings.Username}\" \"{settings.Password}\"\n", cancellationToken);
        var databases = cluster.Nodes.Select(n => $"{Database(n)} = host={n.Host} port={n.Port} dbname={settings.Database}");
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
        var bouncer = new PgBouncer(cluster, folder, process, port);
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
        Database = Database(node),
    }.ConnectionString;

    public RoutingOptions Options(bool replicas = true) => new()
    {
        Primary = ConnectionString(_cluster.Primary),
        Replicas = replicas ? [.. _cluster.Replicas.Select(r => new ReplicaOptions { ConnectionString = ConnectionString(r) })] : [],
        Pooler = Pooler.PgBouncerTransaction,
    };

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Database(PostgresNode node) => node.Name.Replace('-', '_');

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
