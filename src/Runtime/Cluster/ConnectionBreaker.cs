using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Reflection;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Ends what waits for a node that hangs. A frozen server answers neither a query nor a request to cancel it, and Npgsql
/// has no way to give up a connection from outside: its sockets are shut down under it, which it takes for a server that
/// went away.
/// </summary>
/// <remarks>
/// Reaches into Npgsql's fields, which a test checks for the version we build with. Where another version has moved them,
/// nothing happens: such calls then end by their own time-out.
/// </remarks>
internal static class ConnectionBreaker
{
    private const string PoolType = "Npgsql.PoolingDataSource";
    private const string ConnectorType = "Npgsql.Internal.NpgsqlConnector";

    private static readonly FieldInfo? Connectors = Field(PoolType, "Connectors");
    private static readonly FieldInfo? SocketField = Field(ConnectorType, "_socket");

    /// <summary>Whether the fields are where this expects them.</summary>
    internal static bool IsSupported => Connectors is not null && SocketField is not null;

    /// <summary>Shuts down every connection of a pool.</summary>
    public static void BreakAll(NpgsqlDataSource dataSource)
    {
        if (!IsSupported || !Connectors!.DeclaringType!.IsInstanceOfType(dataSource) || Connectors.GetValue(dataSource) is not Array connectors)
            return;
        foreach (var connector in connectors)
        {
            if (connector is null || SocketField!.GetValue(connector) is not Socket socket)
                continue;
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }
        }
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.NonPublicFields, PoolType, "Npgsql")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.NonPublicFields, ConnectorType, "Npgsql")]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The types are kept by the dependencies above.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The fields are kept by the dependencies above.")]
    private static FieldInfo? Field(string type, string name) =>
        typeof(NpgsqlDataSource).Assembly.GetType(type)?.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
}
