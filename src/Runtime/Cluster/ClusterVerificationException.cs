namespace CompileTimeRouting;

/// <summary>Nodes are unreachable or in another role than configured. The message names each, with what to do.</summary>
public sealed class ClusterVerificationException : Exception
{
    internal ClusterVerificationException(ClusterSnapshot snapshot)
        : base(Describe(snapshot)) => Snapshot = snapshot;

    /// <summary>What was found, of the good nodes as well.</summary>
    public ClusterSnapshot Snapshot { get; }

    private static string Describe(ClusterSnapshot snapshot)
    {
        var bad = snapshot.Nodes.Where(static n => n.State == NodeState.Down || n.Problem is not null).ToArray();
        return $"{bad.Length} of {snapshot.Nodes.Length} PostgreSQL nodes can't be used:" +
            string.Concat(bad.Select(static n => $"{Environment.NewLine}  {n.Name}: {n.Problem}")) +
            $"{Environment.NewLine}Set StartupCheck to Degraded to start with the nodes that answer.";
    }
}
