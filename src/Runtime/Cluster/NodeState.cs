namespace CompileTimeRouting;

/// <summary>What is known of a node.</summary>
public enum NodeState
{
    /// <summary>It was not asked yet and is taken to be good.</summary>
    Unverified = 0,

    /// <summary>It answered, in the role it is configured with.</summary>
    Up = 1,

    /// <summary>It is unreachable or in another role. A replica in this state gets no reads.</summary>
    Down = 2,
}
