using System.Collections.Immutable;

namespace CompileTimeRouting.Cluster;

/// <summary>Which cluster the configured nodes belong to, by the servers' system identifiers.</summary>
internal static class OwnSystem
{
    /// <summary>No server has this identifier: where nodes contradict each other, all of them count as another cluster's.</summary>
    public const long Unclear = 0;

    /// <summary>Whether a server is known to be of another cluster.</summary>
    public static bool IsForeign(ServerIdentity server, long? systemId) =>
        systemId is { } own && server.SystemId is { } other && own != other;

    /// <summary>
    /// The identifier of the configured primary, which is certain. While that one is down, the one that the most of the others
    /// have: after a failover it may never come back. Before it was asked nobody else is believed.
    /// </summary>
    public static (long? SystemId, bool IsCertain) Of(ImmutableArray<ClusterNode> nodes, ImmutableArray<NodeFacts> facts)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].ConfiguredRole != NodeRole.Primary)
                continue;
            if (facts[i].HasAnswered)
                return (facts[i].Answer!.Identity.SystemId, true);
            if (facts[i].Failure is null)
                return (null, false);
        }

        var others = facts
            .Where(static f => f.HasAnswered)
            .Select(static f => f.Answer!.Identity.SystemId)
            .OfType<long>()
            .GroupBy(static id => id)
            .OrderByDescending(static g => g.Count())
            .Take(2)
            .ToArray();
        return others switch
        {
            [] => (null, false),
            [var first, var second] when first.Count() == second.Count() => (Unclear, false),
            [var first, ..] => (first.Key, false),
        };
    }

    /// <summary>
    /// The identifier of the cluster that has taken the place of the own one, as after an upgrade: the configured primary takes
    /// writes there, and each other node is gone or there, too. Null for none.
    /// </summary>
    public static long? SuccessorOf(long systemId, ImmutableArray<ClusterNode> nodes, ImmutableArray<NodeFacts> facts)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            // Who refuses, was silent just now or doesn't tell may be of the own one still.
            if (nodes[i].ConfiguredRole == NodeRole.Primary
                && facts[i] is { HasAnswered: true, InRecovery: false, Refusal: null, Answer.Identity.SystemId: { } next } && next != systemId
                && facts.All(f => f.IsGone || (f is { HasAnswered: true, Refusal: null } && f.Answer!.Identity.SystemId == next)))
                return next;
        }

        return null;
    }
}
