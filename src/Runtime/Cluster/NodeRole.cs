namespace CompileTimeRouting;

/// <summary>What a node is configured to be.</summary>
public enum NodeRole
{
    /// <summary>The server that takes writes.</summary>
    Primary = 0,

    /// <summary>A streaming replica: a hot standby of the primary.</summary>
    Replica = 1,
}
