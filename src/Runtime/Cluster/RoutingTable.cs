using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Which pool serves which route, at one moment. Immutable but for the turn counters of its <see cref="ReplicaSet"/>s;
/// the whole table is swapped. It doesn't own the pools: they outlive it.
/// </summary>
internal sealed class RoutingTable
{
    private readonly FrozenDictionary<string, GroupReplicas> _groups;
    private readonly GroupReplicas _ungrouped;
    private readonly bool _hasReplicas;
    private readonly OverloadSettings _overload;

    /// <param name="primary">The primary's pools, or why there is none.</param>
    /// <param name="replicas">Every replica, also those out of service.</param>
    /// <param name="overload">What happens to reads that no replica may serve.</param>
    /// <param name="before">The table that this one replaces: turns go on where it was.</param>
    public RoutingTable(PrimaryEntry primary, IReadOnlyList<ReplicaEntry> replicas, OverloadSettings overload, RoutingTable? before = null)
    {
        Primary = primary;
        _overload = overload;
        _hasReplicas = replicas.Count > 0;
        _groups = replicas
            .Where(static r => r.Group is not null)
            .GroupBy(static r => r.Group!, StringComparer.Ordinal)
            .ToFrozenDictionary(
                static g => g.Key, g => new GroupReplicas(g, before?._groups.GetValueOrDefault(g.Key)), StringComparer.Ordinal);

        // Where every replica belongs to a group, a read without one may go to any of them.
        _ungrouped = new GroupReplicas(
            replicas.Any(static r => r.Group is null) ? replicas.Where(static r => r.Group is null) : replicas, before?._ungrouped);
    }

    public PrimaryEntry Primary { get; }

    public OverloadSettings Overload => _overload;

    /// <summary>The pool for a read's first attempt.</summary>
    /// <exception cref="PrimaryUnavailableException">The read must go to the primary, and there is none.</exception>
    /// <exception cref="ReadOverloadException">No replica may serve it, and the primary has enough to do.</exception>
    public NodePool ForRead(ReadRoute route)
    {
        if (route.Consistency != ReadConsistency.Eventual)
            return ForConsistentRead(route);
        var replicas = ReplicasFor(route);
        return replicas.InService is { } good ? good.Next() : WithoutReplica(route, replicas);
    }

    /// <summary>The pool for a read's next attempt: an untried replica, then the primary, then whatever is left; null for nothing.</summary>
    public NodePool? ForNextRead(ReadRoute route, CallAttempts attempts)
    {
        var primary = Primary.ReadPool;
        if (route.Consistency == ReadConsistency.Eventual)
        {
            var replicas = ReplicasFor(route);
            if (replicas.InService?.NextUntried(attempts) is { } replica)
                return replica;
            if (primary is not null && !attempts.HasTried(primary.NodeName))
                return primary;
            if (replicas.OutOfStep?.NextUntried(attempts) is { } stale && (primary is null || OverloadOf(route) == OverloadPolicy.ServeStale))
                return stale;

            // All have failed once. A conflict or a restart passes: the same nodes get another chance.
            return replicas.InService?.Next() ?? primary ?? replicas.OutOfStep?.Next();
        }

        return primary;
    }

    private NodePool ForConsistentRead(ReadRoute route)
    {
        if (route.Consistency == ReadConsistency.BoundedStaleness)
        {
            var bound = route.MaxLagSeconds > 0 ? TimeSpan.FromSeconds(route.MaxLagSeconds) : _overload.LagThreshold;
            var time = Stopwatch.GetTimestamp() - (long)(bound.TotalSeconds * Stopwatch.Frequency);
            if (ReplicasFor(route).InService?.NextCovering(time) is { } fresh)
                return fresh;
        }

        return Primary.ReadPool ?? throw Primary.Unavailable(route.Name);
    }

    // Without any replica, as on a developer's machine or with reads switched to the primary, the same code runs.
    private GroupReplicas ReplicasFor(ReadRoute route)
    {
        var replicas = _ungrouped;
        if (route.Group is { } group && _hasReplicas && !_groups.TryGetValue(group, out replicas))
            ThrowUnknownGroup(route);
        return replicas;
    }

    private NodePool WithoutReplica(ReadRoute route, GroupReplicas replicas)
    {
        // Nothing is fresher than the freshest there is.
        if (Primary.ReadPool is not { } primary)
            return replicas.OutOfStep?.Next() ?? throw Primary.Unavailable(route.Name);
        if (!replicas.Any || primary.Leases < _overload.PrimaryReadLimit)
            return primary;
        if (OverloadOf(route) == OverloadPolicy.ServeStale && replicas.OutOfStep is { } stale)
            return stale.Next();
        throw new ReadOverloadException(route.Name, _overload.PrimaryReadLimit);
    }

    private OverloadPolicy OverloadOf(ReadRoute route) => route.Overload == OverloadPolicy.Default ? _overload.Policy : route.Overload;

    [DoesNotReturn]
    private void ThrowUnknownGroup(ReadRoute route) => throw new InvalidOperationException(
        $"The routed read '{route.Name}' asks for the replica group '{route.Group}', but no replica is configured with it" +
        $"{(_groups.Count == 0 ? "" : $" (configured: {string.Join(", ", _groups.Keys.Order(StringComparer.Ordinal))})")}. " +
        "Set 'Group' on a replica (Routing:Replicas:<n>:Group) or take Group from the attribute.");

    /// <summary>A replica and what it is good for.</summary>
    /// <param name="Pool">Its read-only sessions.</param>
    /// <param name="Weight">Its share; 0 for none.</param>
    /// <param name="Group">Its group.</param>
    /// <param name="Use">Whether reads go there.</param>
    internal readonly record struct ReplicaEntry(NodePool Pool, double Weight, string? Group, ReplicaUse Use);

    private sealed class GroupReplicas
    {
        public GroupReplicas(IEnumerable<ReplicaEntry> replicas, GroupReplicas? before)
        {
            var all = replicas.Where(static r => r.Weight > 0).ToList();
            Any = all.Count > 0;
            InService = SetOf(all, ReplicaUse.InService, before?.InService);
            OutOfStep = SetOf(all, ReplicaUse.OutOfStep, before?.OutOfStep);
        }

        public bool Any { get; }

        public ReplicaSet? InService { get; }

        public ReplicaSet? OutOfStep { get; }

        private static ReplicaSet? SetOf(List<ReplicaEntry> replicas, ReplicaUse use, ReplicaSet? before)
        {
            var members = replicas.Where(r => r.Use == use).Select(static r => (r.Pool, r.Weight)).ToArray();
            return members.Length == 0 ? null : new ReplicaSet(members, before?.NextTurn ?? 0);
        }
    }
}
