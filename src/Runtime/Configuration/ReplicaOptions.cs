namespace CompileTimeRouting;

/// <summary>One streaming replica.</summary>
public sealed class ReplicaOptions
{
    /// <summary>
    /// The node's name in messages, logs and metrics, unique in the data source. Default: <c>replica-1</c>,
    /// <c>replica-2</c> and so on, by position.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// How to reach the node, in one of the forms of <see cref="RoutingOptions.Primary"/>. One node only: a list of hosts is
    /// refused.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The node's share of the reads, relative to the other replicas that serve the same reads. Default: 1. 0 takes it out
    /// of service; a share under 1/1000 is refused. Weights that are all below 1 are taken for fractions and must add up to 1.
    /// </summary>
    public double Weight { get; set; } = 1;

    /// <summary>
    /// The replica group the node belongs to, as <see cref="ReadQueryAttribute.Group"/> names it, case-sensitive; null for
    /// none. A node with a group serves reads without one only where every replica has a group.
    /// </summary>
    public string? Group { get; set; }

    /// <summary>
    /// Where the node is, as <see cref="RoutingOptions.Region"/> names it, case-sensitive; null for nowhere in particular,
    /// which is not the own region.
    /// </summary>
    public string? Region { get; set; }

    /// <summary>What stands between the application and this node; null for what <see cref="RoutingOptions.Pooler"/> says.</summary>
    public Pooler? Pooler { get; set; }

    /// <summary>Another way to the node for its probes: see <see cref="RoutingOptions.PrimaryProbe"/>. Null to probe as reads go.</summary>
    public string? Probe { get; set; }

    // How messages name this entry, where it was read from a configuration source.
    internal string? Origin { get; set; }

    internal bool ConnectionStringUnresolved { get; set; }
}
