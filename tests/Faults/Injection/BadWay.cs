using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>What becomes of connections on a <see cref="BadWay"/>.</summary>
internal enum WayMode
{
    /// <summary>They reach the server.</summary>
    Pass,

    /// <summary>They are reset at once.</summary>
    Refuse,

    /// <summary>They reach the server, log in, and are reset when they send their first statement.</summary>
    Cut,

    /// <summary>They are taken, and nothing answers.</summary>
    Hang,
}

/// <summary>A way to a node on which connections break, so that thousands of failures are real ones and take no restart each.</summary>
internal sealed class BadWay : IAsyncDisposable
{
    // ReadyForQuery, idle: the server has answered all that it was asked.
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, object?> _open = new();
    private readonly PostgresNode _node;
    private readonly Task _accepting;
    private volatile WayMode _mode;

    public BadWay(PostgresNode node)
    {
        _node = node;
        _listener.Start(1_000);
        _accepting = Task.Run(AcceptAsync);
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_node.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Timeout = 1,
    }.ConnectionString;

    /// <summary>Changes what becomes of connections; those that are open are reset.</summary>
    public void Become(WayMode mode)
    {
        _mode = mode;
        foreach (var (socket, _) in _open)
            Reset(socket);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        Become(WayMode.Refuse);
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

            if (_mode == WayMode.Refuse)
            {
                Reset(client);
                continue;
            }

            _open[client] = null;
            if (_mode != WayMode.Hang)
                _ = Task.Run(() => CarryAsync(client));
        }
    }

    private async Task CarryAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _open[server] = null;
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(_node.Host, _node.Port);
            var isReady = new StrongBox();
            await Task.WhenAny(
                CopyAsync(server, client, data =>
                {
                    isReady.Value = data.EndsWith(Ready);
                    return false;
                }),
                CopyAsync(client, server, _ => isReady.Value && _mode == WayMode.Cut));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server is gone, or the way has become another one meanwhile.
        }

        Reset(client);
        Reset(server);
    }

    /// <summary>Copies until one side ends, or a look at what is to be copied says so.</summary>
    private static async Task CopyAsync(Socket from, Socket to, Look isEnd)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                if (isEnd(buffer.AsSpan(0, length)))
                    return;
                await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is reset.
        }
    }

    private void Reset(Socket socket)
    {
        _open.TryRemove(socket, out _);
        try
        {
            socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private delegate bool Look(ReadOnlySpan<byte> data);

    private sealed class StrongBox
    {
        public volatile bool Value;
    }
}
