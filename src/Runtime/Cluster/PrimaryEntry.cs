namespace CompileTimeRouting.Cluster;

/// <summary>The primary's pools, or since when and why there is none.</summary>
internal sealed record PrimaryEntry(NodePool? WritePool, NodePool? ReadPool, DateTimeOffset Since = default, string? Problem = null)
{
    public PrimaryUnavailableException Unavailable(string routeName, CallAttempts? attempts = null) =>
        new(routeName, Since, Problem ?? "no node is known to be the primary", attempts);
}
