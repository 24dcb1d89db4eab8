namespace CompileTimeRouting;

/// <summary>What is known of a node.</summary>
public enum NodeState
{
    /// <summary>It was not asked yet and is taken to be good.</summary>
    Unverified = 0,

    /// <summary>It answered, and is of use in the role it has.</summary>
    Up = 1,

    /// <summary>It is unreachable, or of no use in the role it has. It gets no call.</summary>
    Down = 2,

    /// <summary>It is a replica that is farther behind the primary than <see cref="RoutingOptions.LagThreshold"/>, or doesn't tell any more. It gets no reads.</summary>
    Lagging = 3,
}
