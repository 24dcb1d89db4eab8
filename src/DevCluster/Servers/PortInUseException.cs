namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>A server found its port taken; the back end tries another one if the port was its own choice.</summary>
internal sealed class PortInUseException(int port, string server) : Exception
{
    public int Port => port;

    public PostgresClusterException Explain() => FreePorts.InUse(port, server);
}
