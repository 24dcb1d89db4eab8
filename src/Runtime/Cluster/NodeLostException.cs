namespace CompileTimeRouting.Cluster;

/// <summary>A wait for a node was given up, because the monitor found it gone meanwhile.</summary>
internal sealed class NodeLostException(string nodeName) : Exception($"{nodeName} was found down while a connection to it was being opened");
