using CompileTimeRouting.Cluster;

namespace CompileTimeRouting;

/// <summary>The replica that a session reads from next.</summary>
/// <param name="Pool">Its read-only sessions.</param>
/// <param name="Server">The start time of the server that has what the session asks for; null where any will do.</param>
internal readonly record struct ReplicaChoice(NodePool Pool, string? Server);
