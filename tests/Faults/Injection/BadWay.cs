using System.Net.Sockets;
using CompileTimeRouting.DevCluster;

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
internal sealed class BadWay(PostgresNode node) : TcpRelay(node)
{
    // ReadyForQuery, idle: the server has answered all that it was asked.
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private volatile WayMode _mode;

    public string ConnectionString
    {
        get
        {
            var settings = Settings;
            settings.Timeout = 1;
            return settings.ConnectionString;
        }
    }

    /// <summary>Changes what becomes of connections; those that are open are reset.</summary>
    public void Become(WayMode mode)
    {
        _mode = mode;
        CloseAll();
    }

    protected override void Take(Socket client)
    {
        switch (_mode)
        {
            case WayMode.Hang:
                break;
            case WayMode.Refuse:
                Close(client);
                break;
            default:
                var isReady = new StrongBox();
                Lead(
                    client,
                    Node,
                    atAnswers: answer =>
                    {
                        isReady.Value = answer.EndsWith(Ready);
                        return Passage.On;
                    },
                    atQuestions: _ => isReady.Value && _mode == WayMode.Cut ? Passage.End : Passage.On);
                break;
        }
    }

    // A reset, not an orderly end.
    protected override void Close(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        base.Close(socket);
    }

    private sealed class StrongBox
    {
        public volatile bool Value;
    }
}
