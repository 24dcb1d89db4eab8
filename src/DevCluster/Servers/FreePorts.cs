using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>
/// Hands out ports on loopback below the ephemeral range. One from within it may become some client's local port while
/// its server is down, and the server could not come back.
/// </summary>
internal static class FreePorts
{
    private const int First = 15433;
    private const int End = 32000;
    private const int Attempts = 200;

    // Two clusters of one process that start at once must not get the same port.
    private static readonly HashSet<int> Handed = [];

    public static int Next()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            lock (Handed)
            {
                if (!Handed.Contains(port) && IsFree(port) && Handed.Add(port))
                    return port;
            }
        }
        throw new PostgresClusterException($"No free port was found between {First} and {End} on 127.0.0.1. Name some with {nameof(PostgresClusterOptions)}.{nameof(PostgresClusterOptions.Ports)}.");
    }

    public static void Return(int port)
    {
        lock (Handed)
            Handed.Remove(port);
    }

    public static void RequireFree(int port, string server)
    {
        if (!IsFree(port))
            throw InUse(port, server);
    }

    public static PostgresClusterException InUse(int port, string server) => new(
        $"Port {port}, wanted for {server}, is in use. End what listens there, or choose others with {nameof(PostgresClusterOptions)}.{nameof(PostgresClusterOptions.Ports)} (none: free ports at random).");

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
