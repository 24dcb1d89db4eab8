using System.Collections.Immutable;

namespace CompileTimeRouting.Cluster;

/// <summary>Which node is the primary and what each of the others is good for, as far as it is known at one moment.</summary>
/// <param name="Statuses">By the order of the nodes.</param>
/// <param name="Primary">The index of the node that takes writes; null for none.</param>
/// <param name="WriteProblem">Why there is none.</param>
internal sealed record ClusterVerdict(ImmutableArray<NodeStatus> Statuses, int? Primary, string? WriteProblem)
{
    /// <summary>
    /// Decides by what the servers say, never by the order of the configuration: the primary is the server that isn't in
    /// recovery; of two the one on the higher timeline; of two on one timeline neither. Who doesn't tell which cluster it is
    /// of, where others do, takes no writes.
    /// </summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="facts">What is known of each.</param>
    /// <param name="systemId">The cluster's system identifier; null while it isn't known.</param>
    /// <param name="newestTimeline">The highest timeline a primary of the cluster was ever seen on by this process.</param>
    /// <param name="lagThreshold">For messages.</param>
    public static ClusterVerdict Of(
        ImmutableArray<ClusterNode> nodes, ImmutableArray<NodeFacts> facts, long? systemId, uint newestTimeline, TimeSpan lagThreshold)
    {
        var statuses = new NodeStatus[nodes.Length];
        var writers = new List<int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            var (node, fact) = (nodes[i], facts[i]);
            var role = fact.Answer is { } answer ? answer.InRecovery ? NodeRole.Replica : NodeRole.Primary : node.ConfiguredRole;
            statuses[i] = fact switch
            {
                { Failure: { } failure } => new(NodeState.Down, role, failure),
                { Answer: null } => new(NodeState.Unverified, role, null),
                _ when OwnSystem.IsForeign(fact.Answer!.Identity, systemId) => new(NodeState.Down, role, NodeProblem.Foreign(node, isUnclear: systemId == OwnSystem.Unclear)),
                { InRecovery: true, HasDiverged: true } => new(NodeState.Down, role, NodeProblem.Diverged(node, fact.Answer!.Timeline, newestTimeline)),
                { InRecovery: true, Refusal: { } refusal } => new(NodeState.Lagging, role, refusal),
                { InRecovery: true, IsLagging: true } => new(NodeState.Lagging, role, NodeProblem.Lagging(node, fact.Lag, lagThreshold, fact.Answer!.IsReceiving)),
                { InRecovery: true } => new(NodeState.Up, role, null),
                { Answer.Identity.ReadOnlySessions: false } when node.Pooler == Pooler.None => new(NodeState.Down, role, NodeProblem.WritableSessions(node)),
                _ => new(NodeState.Up, role, fact.Refusal),
            };
            if (statuses[i] is { State: NodeState.Up, Role: NodeRole.Primary })
                writers.Add(i);
        }

        RefuseUnknown(nodes, facts, systemId, statuses, writers);
        var (primary, problem) = PickPrimary(nodes, facts, statuses, writers, Math.Max(newestTimeline, StandbysTimeline(facts, systemId)));
        return new ClusterVerdict([.. statuses], primary, problem);
    }

    // A standby on a higher timeline follows, or followed, a successor: this process may never have seen it. Of a server whose
    // cluster isn't known nothing is concluded.
    private static uint StandbysTimeline(ImmutableArray<NodeFacts> facts, long? systemId) => facts
        .Where(f => f is { InRecovery: true, Answer.Identity.SystemId: { } id } && id == systemId)
        .Select(static f => f.Answer!.Timeline ?? 0)
        .DefaultIfEmpty().Max();

    // Who doesn't tell his cluster may be another one's. The configured primary is taken at the configuration's word, unless
    // there is one that tells it.
    private static void RefuseUnknown(
        ImmutableArray<ClusterNode> nodes, ImmutableArray<NodeFacts> facts, long? systemId, NodeStatus[] statuses, List<int> writers)
    {
        bool IsUnknown(int i) => facts[i].Answer!.Identity.SystemId is null;
        if (systemId is null)
            return;
        var isAnyKnown = !writers.TrueForAll(IsUnknown);
        foreach (var i in writers.Where(i => IsUnknown(i) && (isAnyKnown || nodes[i].ConfiguredRole != NodeRole.Primary)))
            statuses[i] = statuses[i] with { State = NodeState.Down, Problem = NodeProblem.UnknownCluster(nodes[i]) };
        writers.RemoveAll(i => statuses[i].State == NodeState.Down);
    }

    private static (int? Primary, string? Problem) PickPrimary(
        ImmutableArray<ClusterNode> nodes, ImmutableArray<NodeFacts> facts, NodeStatus[] statuses, List<int> writers, uint newestTimeline)
    {
        // Nothing is known of the configured primary yet: it is taken at the configuration's word. Another one that takes
        // writes may be another cluster's.
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].ConfiguredRole == NodeRole.Primary && statuses[i].State == NodeState.Unverified)
                return (i, null);
        }

        uint TimelineOf(int i) => facts[i].Answer!.Timeline ?? 0;
        newestTimeline = writers.Select(TimelineOf).Append(newestTimeline).Max();
        foreach (var i in writers.Where(i => TimelineOf(i) < newestTimeline))
            statuses[i] = statuses[i] with { State = NodeState.Down, Problem = NodeProblem.FormerPrimary(nodes[i], TimelineOf(i), newestTimeline) };
        writers.RemoveAll(i => TimelineOf(i) < newestTimeline);

        // One server under two addresses: the configured primary's is the one to use.
        var first = writers.OrderBy(i => nodes[i].ConfiguredRole).FirstOrDefault(-1);
        foreach (var i in writers.Where(i => i != first && IsSameServer(facts[i], facts[first])))
            statuses[i] = statuses[i] with { State = NodeState.Down, Problem = NodeProblem.SameServer(nodes[i], nodes[first]) };
        writers.RemoveAll(i => i != first && IsSameServer(facts[i], facts[first]));

        if (writers.Count == 1)
            return (writers[0], null);
        if (writers.Count > 1)
        {
            foreach (var i in writers)
                statuses[i] = statuses[i] with { State = NodeState.Down, Problem = NodeProblem.SecondPrimary(nodes[i], nodes[writers.First(other => other != i)]) };
            return (null, statuses[writers[0]].Problem);
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].ConfiguredRole == NodeRole.Primary && facts[i] is { HasAnswered: true, InRecovery: true })
                statuses[i] = statuses[i] with { Problem = NodeProblem.StandbyAsPrimary(nodes[i]) };
        }

        var problems = statuses.Where(static s => s is { Problem: not null, Role: NodeRole.Primary }).Select(static s => s.Problem).DefaultIfEmpty(statuses.Select(static s => s.Problem).FirstOrDefault(static p => p is not null));
        return (null, string.Join(" ", problems));
    }

    private static bool IsSameServer(NodeFacts one, NodeFacts other) =>
        one.Answer!.Identity.StartTime == other.Answer!.Identity.StartTime && one.Answer.Identity.SystemId == other.Answer.Identity.SystemId;
}
