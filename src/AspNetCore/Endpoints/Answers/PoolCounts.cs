namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

/// <summary>A node's connections in the words of the guide.</summary>
/// <param name="Size">The connections kept open; where none is said, the most there may be.</param>
/// <param name="CheckedIn">Open and idle.</param>
/// <param name="CheckedOut">On loan, or waited for.</param>
/// <param name="Overflow">Open beyond the size.</param>
/// <param name="UtilizationPercent">On loan, of the most there may be; of two pools, the fuller one's.</param>
internal readonly record struct PoolCounts(int Size, int CheckedIn, int CheckedOut, int Overflow, double UtilizationPercent)
{
    public static PoolCounts Of(NodeSnapshot node)
    {
        var size = node.MinPoolSize > 0 ? node.MinPoolSize : node.MaxPoolSize;
        return new(
            size, Math.Max(0, node.OpenConnections - node.ActiveLeases), node.ActiveLeases, Math.Max(0, node.OpenConnections - size),
            node.UtilizationPercent());
    }
}
