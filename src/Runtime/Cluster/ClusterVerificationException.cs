namespace CompileTimeRouting;

/// <summary>
/// The host doesn't start, because nodes are unreachable or of no use: see <see cref="StartupCheck"/>. The message names
/// each, with what to do.
/// </summary>
public sealed class ClusterVerificationException : Exception
{
    internal ClusterVerificationException(ClusterSnapshot snapshot, StartupCheck check)
        : base(Describe(snapshot, check)) => Snapshot = snapshot;

    /// <summary>What was found, of the good nodes as well.</summary>
    public ClusterSnapshot Snapshot { get; }

    private static string Describe(ClusterSnapshot snapshot, StartupCheck check)
    {
        var bad = snapshot.Nodes.Where(static n => n.State == NodeState.Down || n.Problem is not null).ToArray();
        return $"{bad.Length} of {snapshot.Nodes.Length} PostgreSQL nodes can't be used:" +
            string.Concat(bad.Select(static n => $"{Environment.NewLine}  {n.Name}: {n.Problem}")) +
            Environment.NewLine + (check == StartupCheck.Strict
                ? "Set StartupCheck to Degraded to start with the nodes that answer."
                : "The primary refuses the application, which waiting doesn't change.");
    }
}
