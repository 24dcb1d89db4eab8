using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Tests;

/// <summary>An address of its own before servers: what becomes of each connection, and of what goes over it, is for the test to say.</summary>
internal abstract class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, object?> _open = new();
    private readonly Task _accepting;

    protected TcpRelay(PostgresNode node)
    {
        Node = node;
        _listener.Start(1_000);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>What becomes of a piece of data.</summary>
    protected enum Passage
    {
        /// <summary>It is passed on.</summary>
        On,

        /// <summary>It is lost.</summary>
        Lost,

        /// <summary>It is lost, and so is its connection.</summary>
        End,
    }

    protected delegate Passage Look(ReadOnlySpan<byte> data);

    /// <summary>Whose database and role are those of <see cref="Settings"/>.</summary>
    protected PostgresNode Node { get; }

    /// <summary>What leads here instead of to the node.</summary>
    protected NpgsqlConnectionStringBuilder Settings => new(Node.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    };

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        CloseAll();
    }

    /// <summary>Takes a new connection: leads it to a server, closes it, or leaves it without an answer.</summary>
    protected abstract void Take(Socket client);

    /// <summary>Carries data both ways until a side ends.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="node">Where it leads.</param>
    /// <param name="atAnswers">Looks at what comes from the server.</param>
    /// <param name="atQuestions">Looks at what comes from the client.</param>
    protected void Lead(Socket client, PostgresNode node, Look? atAnswers = null, Look? atQuestions = null) =>
        _ = Task.Run(() => CarryAsync(client, node, atAnswers, atQuestions));

    /// <summary>Ends the connections that are there.</summary>
    protected void CloseAll()
    {
        foreach (var (socket, _) in _open)
            Close(socket);
    }

    /// <summary>Ends one side of a connection, also where that has happened.</summary>
    protected virtual void Close(Socket socket)
    {
        _open.TryRemove(socket, out _);
        socket.Dispose();
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
            catch (Exception e) when (IsEnd(e))
            {
                return;
            }

            _open[client] = null;
            Take(client);
        }
    }

    private async Task CarryAsync(Socket client, PostgresNode node, Look? atAnswers, Look? atQuestions)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _open[server] = null;
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(node.Host, node.Port);
            await Task.WhenAny(CopyAsync(server, client, atAnswers), CopyAsync(client, server, atQuestions));
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The server is gone, or the connection has been closed meanwhile.
        }

        Close(client);
        Close(server);
    }

    private static async Task CopyAsync(Socket from, Socket to, Look? look)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                var passage = look?.Invoke(buffer.AsSpan(0, length)) ?? Passage.On;
                if (passage == Passage.End)
                    return;
                if (passage == Passage.On)
                    await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One side has ended.
        }
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException;
}
