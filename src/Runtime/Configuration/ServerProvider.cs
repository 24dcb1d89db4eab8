namespace CompileTimeRouting;

/// <summary>What kind of servers the nodes are, which decides how their lag is measured.</summary>
public enum ServerProvider
{
    /// <summary>Each node is asked.</summary>
    Auto = 0,

    /// <summary>
    /// PostgreSQL with streaming replication: self-managed, Amazon RDS, Cloud SQL, Azure Flexible Server. Lag is measured by
    /// the positions of primary and replica.
    /// </summary>
    Standard = 1,

    /// <summary>
    /// Amazon Aurora, whose replicas share the primary's storage and have no position of their own. Lag is what
    /// <c>aurora_replica_status()</c> says. Reads with a bound or that must see the session's own writes go to the primary.
    /// </summary>
    Aurora = 2,
}
