namespace CompileTimeRouting.DevCluster;

/// <summary>How the servers of a cluster are run.</summary>
public enum ClusterBackend
{
    /// <summary>Server processes on this machine, from binaries that are installed or fetched.</summary>
    Processes,

    /// <summary>Containers on a private network; needs a container engine, see <see cref="ContainerEngine"/>.</summary>
    Containers,
}
