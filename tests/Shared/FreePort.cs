using System.Net;
using System.Net.Sockets;

namespace CompileTimeRouting.Tests;

/// <summary>A port for a program that can't be told to choose one.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
