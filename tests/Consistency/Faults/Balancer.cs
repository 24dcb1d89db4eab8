using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency.Faults;

/// <summary>One address before several servers: each connection leads to the next of them, as a balancer's does.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile PostgresNode[] _nodes;
    private int _next = -1;

    public Balancer(params PostgresNode[] nodes)
    {
        _nodes = nodes;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where connections lead from now on; those that are there stay.</summary>
    public void LeadTo(params PostgresNode[] nodes) => _nodes = nodes;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_nodes[0].ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var forwarding = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var nodes = _nodes;
                var node = nodes[(uint)Interlocked.Increment(ref _next) % (uint)nodes.Length];
                forwarding.Add(ForwardAsync(client, node));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(forwarding);
        }
    }

    private async Task ForwardAsync(TcpClient client, PostgresNode node)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(node.Host, node.Port, _stop.Token);
                client.NoDelay = server.NoDelay = true;
                var (here, there) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(here.CopyToAsync(there, _stop.Token), there.CopyToAsync(here, _stop.Token));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // Either side has gone: so does the other.
            }
        }
    }
}
