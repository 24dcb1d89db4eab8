using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

/// <summary>Takes connections and never answers: whoever opens one waits until he gives up.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentServer() => _listener.Start();

    public NodePool Pool(string name, int maxSize = 100) => new(name, NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Username = "nobody",
        MaxPoolSize = maxSize,
    }), new ConnectGate(maxSize));

    /// <summary>Begins to open that many connections.</summary>
    public static List<Task<ConnectionLease>> Open(NodePool pool, int count, CancellationToken end) =>
        [.. Enumerable.Range(0, count).Select(_ => pool.OpenAsync(leavesSessionClean: false, end).AsTask())];

    public void Dispose() => _listener.Dispose();
}
