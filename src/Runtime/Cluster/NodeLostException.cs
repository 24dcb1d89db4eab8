using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>A wait for a node was given up, because the monitor found it gone meanwhile, or it was taken out of the configuration.</summary>
internal sealed class NodeLostException(string nodeName)
    : NpgsqlException($"{nodeName} was found down, or was taken out, while a connection to it was being opened");
