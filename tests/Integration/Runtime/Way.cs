using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>An address that may lead to one server after the other, as a balancer's does, and on which a question may get lost.</summary>
internal sealed class Way : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, object?> _open = new();
    private readonly Task _accepting;
    private readonly PostgresNode _first;
    private volatile PostgresNode[] _nodes;
    private int _next = -1;
    private volatile string? _lost;
    private volatile bool _isCut;

    public Way(PostgresNode node)
    {
        _first = node;
        _nodes = [node];
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_first.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,

        // A question that is given up isn't waited for any longer.
        CancellationTimeout = 100,
    }.ConnectionString;

    /// <summary>Whether a question was lost since <see cref="Lose"/>.</summary>
    public bool HasLost => _lost is null;

    /// <summary>Where new connections lead from now on, one after the other; those that are there stay.</summary>
    public void LeadTo(params PostgresNode[] nodes)
    {
        _next = -1;
        _nodes = nodes;
    }

    /// <summary>Ends the connections that are there.</summary>
    public void Break()
    {
        foreach (var (socket, _) in _open)
            socket.Dispose();
    }

    /// <summary>The next statement with a text gets no answer.</summary>
    /// <param name="text">A part of it.</param>
    /// <param name="isCut">Whether its connection ends, too.</param>
    public void Lose(string text, bool isCut)
    {
        _isCut = isCut;
        _lost = text;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        Break();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _open[client] = null;
            var nodes = _nodes;
            var node = nodes[(uint)Interlocked.Increment(ref _next) % (uint)nodes.Length];
            _ = Task.Run(() => CarryAsync(client, node));
        }
    }

    private async Task CarryAsync(Socket client, PostgresNode node)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            _open[server] = null;
            try
            {
                await server.ConnectAsync(node.Host, node.Port);
                await Task.WhenAny(CopyAsync(server, client, looks: false), CopyAsync(client, server, looks: true));
            }
            catch (SocketException)
            {
                // The server is gone.
            }
        }

        _open.TryRemove(client, out _);
        _open.TryRemove(server, out _);
    }

    private async Task CopyAsync(Socket from, Socket to, bool looks)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                if (looks && _lost is { } text && Encoding.ASCII.GetString(buffer, 0, length).Contains(text, StringComparison.Ordinal)
                    && Interlocked.CompareExchange(ref _lost, null, text) == text)
                {
                    if (_isCut)
                        return;
                    continue;
                }

                await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side has ended.
        }
    }
}
