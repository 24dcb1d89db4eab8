using CompileTimeRouting.Cluster;

namespace CompileTimeRouting;

/// <summary>What is known of one node at one moment. Immutable; holds no credentials.</summary>
public sealed class NodeSnapshot
{
    internal NodeSnapshot(ClusterNode node, NodeFacts facts, NodeStatus status)
    {
        Name = node.Name;
        Role = status.Role;
        ConfiguredRole = node.ConfiguredRole;
        Host = node.Host;
        Port = node.Port;
        Weight = node.Weight;
        Group = node.Group;
        State = status.State;
        Problem = status.Problem;
        IsRefused = facts.Refusal is not null;
        ServerVersion = facts.Answer?.Identity.Version;
        LastChecked = facts.LastChecked;
        RoundTrip = facts.RoundTrip;
        Lag = facts.Lag;
        LagBytes = facts.LagBytes;
        Timeline = facts.Answer?.Timeline;
        ActiveLeases = node.ActiveLeases;
        OpenConnections = node.OpenConnections;
        ReadsOpened = node.ReadPool.LeasesOpened;
        WritesOpened = node.WritePool.LeasesOpened;
        PoolUtilization = node.PoolUtilization;
        MinPoolSize = node.MinPoolSize;
        MaxPoolSize = node.ConfiguredRole == NodeRole.Primary ? 2 * node.MaxPoolSize : node.MaxPoolSize;
    }

    /// <summary>The node's name, for example <c>replica-1</c>, with the data source's prefix where it has one.</summary>
    public string Name { get; }

    /// <summary>The role the server has by its own word; before it was asked, the configured one.</summary>
    public NodeRole Role { get; }

    /// <summary>The role it is configured with. After a failover it differs from <see cref="Role"/>.</summary>
    public NodeRole ConfiguredRole { get; }

    /// <summary>The host name, address or socket directory.</summary>
    public string Host { get; }

    /// <summary>The port, 1 to 65535.</summary>
    public int Port { get; }

    /// <summary>The node's share of reads, relative to the replicas it shares them with; 0 for the primary.</summary>
    public double Weight { get; }

    /// <summary>The replica group; null for none.</summary>
    public string? Group { get; }

    /// <summary>Whether the node is good, as far as it was asked.</summary>
    public NodeState State { get; }

    /// <summary>What is wrong and what to do; null where nothing is.</summary>
    public string? Problem { get; }

    // The server is well, but refuses the role, the database or the question.
    internal bool IsRefused { get; }

    /// <summary>The server's version as it tells it, for example <c>15.8</c>; null before it has answered for the first time.</summary>
    public string? ServerVersion { get; }

    /// <summary>How long the newest answer to a probe took; null before the first.</summary>
    public TimeSpan? RoundTrip { get; }

    /// <summary>
    /// How far a replica is behind the primary: zero where it has all that the primary is known to have, also while that one
    /// is idle. Measured by this process's clock alone. Null for a primary, and where it isn't known.
    /// </summary>
    public TimeSpan? Lag { get; }

    /// <summary>The same in bytes of WAL.</summary>
    public long? LagBytes { get; }

    /// <summary>The timeline of a primary; null for a replica, and before it was asked.</summary>
    public uint? Timeline { get; }

    /// <summary>Connections now on loan, at the primary those of both pools.</summary>
    public int ActiveLeases { get; }

    /// <summary>
    /// How often a connection was lent out for a read since the node joined: once for each attempt of a call. It may go back to 0 in a process that runs for very long.
    /// </summary>
    public long ReadsOpened { get; }

    /// <summary>The same for writes and units of work.</summary>
    public long WritesOpened { get; }

    /// <summary>Connections now open, idle ones included, at the primary those of both pools.</summary>
    public int OpenConnections { get; }

    /// <summary>
    /// How much of its pool is on loan, from 0 to 1, of two pools the fuller one; above 1 while calls wait for a connection.
    /// </summary>
    public double PoolUtilization { get; }

    /// <summary>The connections the pools keep open, at the primary those of both pools.</summary>
    public int MinPoolSize { get; }

    /// <summary>The most connections the pools may open to the node, at the primary those of both pools.</summary>
    public int MaxPoolSize { get; }

    /// <summary>When the last check of the node ended; null before the first.</summary>
    public DateTimeOffset? LastChecked { get; }

    /// <summary>The name, role, address and state.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Name} ({Role}, {NodeConnectionString.HostAndPort(Host, Port)}): {State}{(Problem is null ? "" : $", {Problem}")}";
}
