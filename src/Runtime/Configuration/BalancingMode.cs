namespace CompileTimeRouting;

/// <summary>How reads are shared among the replicas that may serve them.</summary>
public enum BalancingMode
{
    /// <summary>
    /// By turns, in proportion to <see cref="ReplicaOptions.Weight"/>; a replica that has far more reads running, for its
    /// weight, than another gives its turns away. The weights hold to the read while the replicas are alike.
    /// </summary>
    Default = 0,

    /// <summary>By turns alone (smooth weighted round robin): a slow replica gets as many reads as a quick one.</summary>
    RoundRobin = 1,

    /// <summary>
    /// The replica whose turn it is or one at random, whichever has fewer reads running for its weight: quick replicas get
    /// more. While nothing runs the weights hold to the read.
    /// </summary>
    LeastInFlight = 2,

    /// <summary>
    /// The replicas with the shortest measured round trip, by turns where several are about as near; others where none of
    /// those is eligible. Calls that fail count as slow ones.
    /// </summary>
    Nearest = 3,
}
