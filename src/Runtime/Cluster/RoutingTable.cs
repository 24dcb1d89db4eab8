using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting.Diagnostics;

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

    // Where nearly every read goes at once: to the replicas in service for reads without a group, while none is on trial.
    private readonly ReplicaSet? _usual;

    private readonly OverloadSettings _overload;
    private readonly RoutingMetrics? _metrics;

    /// <param name="primary">The primary's pools, or why there is none.</param>
    /// <param name="replicas">Every configured replica, also those out of service or promoted, and a former primary that is a standby now.</param>
    /// <param name="overload">What happens to reads that no replica may serve.</param>
    /// <param name="before">The table that this one replaces: turns go on where it was.</param>
    /// <param name="balancing">How one of several replicas is chosen.</param>
    /// <param name="metrics">Counts the calls that are refused.</param>
    public RoutingTable(
        PrimaryEntry primary, IReadOnlyList<ReplicaEntry> replicas, OverloadSettings overload, RoutingTable? before = null,
        BalancingMode balancing = BalancingMode.Default, RoutingMetrics? metrics = null)
    {
        Primary = primary;
        _overload = overload;
        _metrics = metrics;
        Balancing = balancing;
        _hasReplicas = replicas.Any(static r => r.IsConfigured);
        _groups = replicas
            .Where(static r => r.Group is not null)
            .GroupBy(static r => r.Group!, StringComparer.Ordinal)
            .ToFrozenDictionary(
                static g => g.Key, g => new GroupReplicas(g, balancing, before?._groups.GetValueOrDefault(g.Key)), StringComparer.Ordinal);

        // Where every replica belongs to a group, a read without one may go to any of them. By the configuration: whoever is the
        // primary now changes no group.
        var isAnyUngrouped = replicas.Any(static r => r is { IsConfigured: true, Group: null });
        _ungrouped = new GroupReplicas(
            isAnyUngrouped ? replicas.Where(static r => r.Group is null) : replicas, balancing, before?._ungrouped);
        _usual = _ungrouped.OnTrial is null ? _ungrouped.InService : null;
    }

    public PrimaryEntry Primary { get; }

    public OverloadSettings Overload => _overload;

    public BalancingMode Balancing { get; }

    /// <summary>The pool for a read's first attempt.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="reason">Why it is that one.</param>
    /// <exception cref="PrimaryUnavailableException">The read must go to the primary, and there is none.</exception>
    /// <exception cref="ReadOverloadException">No replica may serve it, and the primary has enough to do.</exception>
    public NodePool ForRead(ReadRoute route, out RouteReason reason)
    {
        if (route.Consistency != ReadConsistency.Eventual)
            return ForConsistentRead(route, out reason);
        reason = RouteReason.Replica;
        if (_usual is { } usual && route.Group is null && usual.NextWithPlace() is { } next)
            return next;
        var replicas = ReplicasFor(route);
        if (replicas.OnTrial is { } trials && TakeTrial(trials) is { } trial)
            return trial;
        return replicas.InService?.NextWithPlace() ?? replicas.Farther?.NextWithPlace() ?? WithoutReplica(route, replicas, null, out reason);
    }

    /// <summary>The pool for a write.</summary>
    /// <exception cref="PrimaryUnavailableException">There is no primary.</exception>
    public NodePool ForWrite(string routeName, CallAttempts? attempts = null) => Primary.WritePool ?? throw NoPrimary(TelemetryTags.Write, routeName, attempts);

    /// <summary>
    /// The pool for a read's next attempt: an untried replica, then the primary within its limit, which also gets the last
    /// attempt that there is, then what may serve in its place; null for nothing.
    /// </summary>
    /// <exception cref="PrimaryUnavailableException">Nothing but the primary would do, and there is none.</exception>
    /// <exception cref="ReadOverloadException">No replica is left, and the primary has enough to do.</exception>
    public NodePool? ForNextRead(ReadRoute route, CallAttempts attempts)
    {
        var primary = Primary.ReadPool;
        if (route.Consistency == ReadConsistency.BoundedStaleness)
            return ForNextBoundedRead(route, attempts);
        if (route.Consistency != ReadConsistency.Eventual)
            return primary ?? throw NoPrimary(TelemetryTags.Read, route.Name, attempts);
        var replicas = ReplicasFor(route);
        var mayBePrimary = primary is not null && HasRoom(primary, replicas);
        var isPrimaryUntried = mayBePrimary && !attempts.HasTried(primary!.NodeName);

        // Where so many replicas have failed, the primary's word is worth more than another one's.
        if (isPrimaryUntried && attempts.IsLast)
            return primary;
        if ((replicas.InService?.NextUntried(attempts) ?? replicas.Farther?.NextUntried(attempts)) is { } replica)
            return replica;
        if (isPrimaryUntried)
            return primary;

        // Nobody serves in place of a replica that is full: it is asked all the same before a stale one.
        if (primary is null && (replicas.InService?.NextUntried(attempts, mayBeFull: true) ?? replicas.Farther?.NextUntried(attempts, mayBeFull: true)) is { } full)
            return full;
        var mayBeStale = primary is null || OverloadOf(route) == OverloadPolicy.ServeStale;
        if ((replicas.Suspect?.NextUntried(attempts) ?? (mayBeStale ? replicas.Lagging?.NextUntried(attempts) : null)) is { } left)
            return left;

        // All have failed once. A conflict or a restart passes: the same nodes get another chance. A pool that was waited for in
        // vain is full still.
        if (attempts.HasWaitedInVain && primary is not null && !mayBePrimary)
            throw Shed(route, attempts);
        if ((replicas.InService?.Next() ?? (mayBePrimary ? primary : null) ?? replicas.Suspect?.Next()) is { } again)
            return again;
        return primary is null ? replicas.Lagging?.Next() : WithoutReplica(route, replicas, attempts, out _);
    }

    /// <summary>The replicas in service for a route; null for none.</summary>
    /// <param name="route">What the read asks for.</param>
    /// <param name="farther">Those that serve what the others, of the own region or the nearest, can't; null for none.</param>
    public ReplicaSet? InServiceFor(ReadRoute route, out ReplicaSet? farther)
    {
        var replicas = ReplicasFor(route);
        farther = replicas.Farther;
        return replicas.InService;
    }

    /// <summary>The time before which everything acknowledged must be there for a read with <see cref="ReadConsistency.BoundedStaleness"/>.</summary>
    public long StalestOf(ReadRoute route)
    {
        var bound = route.MaxLagSeconds > 0 ? TimeSpan.FromSeconds(route.MaxLagSeconds) : _overload.LagThreshold;
        return Stopwatch.GetTimestamp() - (long)(bound.TotalSeconds * Stopwatch.Frequency);
    }

    private NodePool ForConsistentRead(ReadRoute route, out RouteReason reason)
    {
        reason = RouteReason.Consistency;
        if (route.Consistency == ReadConsistency.BoundedStaleness)
        {
            var time = StalestOf(route);
            var replicas = ReplicasFor(route);
            if ((replicas.InService?.NextCovering(time) ?? replicas.Farther?.NextCovering(time)) is { } fresh)
            {
                reason = RouteReason.FreshReplica;
                return fresh;
            }

            reason = _hasReplicas ? RouteReason.NoFreshReplica : RouteReason.NoReplica;

            // With all of them out the primary would get every such read, and a stale answer is none.
            if (replicas.InService is null && Primary.ReadPool is { } primary && !HasRoom(primary, replicas))
                throw Shed(route, null);
        }

        return Primary.ReadPool ?? throw NoPrimary(TelemetryTags.Read, route.Name);
    }

    // Who began on the primary, because no replica was fresh enough, goes on there; in place of a replica that failed the read
    // the primary serves it within its limit.
    private NodePool ForNextBoundedRead(ReadRoute route, CallAttempts attempts)
    {
        var (time, replicas, primary) = (StalestOf(route), ReplicasFor(route), Primary.ReadPool);
        if (primary is not null && attempts.IsLast && !attempts.HasTried(primary.NodeName) && HasRoom(primary, replicas))
            return primary;
        if ((replicas.InService?.NextCovering(time, attempts) ?? replicas.Farther?.NextCovering(time, attempts)) is { } fresh)
            return fresh;
        if (primary is not null && (attempts.HasTried(primary.NodeName) || HasRoom(primary, replicas)))
            return primary;
        if ((replicas.InService?.NextCovering(time) ?? replicas.Farther?.NextCovering(time)) is { } again)
            return again;
        if (primary is null)
            throw NoPrimary(TelemetryTags.Read, route.Name, attempts);
        throw Shed(route, attempts);
    }

    // Without any replica, as on a developer's machine or with reads switched to the primary, the same code runs.
    private GroupReplicas ReplicasFor(ReadRoute route)
    {
        var replicas = _ungrouped;
        if (route.Group is { } group && _hasReplicas && !_groups.TryGetValue(group, out replicas))
            ThrowUnknownGroup(route);
        return replicas;
    }

    private NodePool WithoutReplica(ReadRoute route, GroupReplicas replicas, CallAttempts? attempts, out RouteReason reason)
    {
        reason = RouteReason.Stale;

        // Nothing is fresher than the freshest there is.
        if (Primary.ReadPool is not { } primary)
            return replicas.InService?.Next() ?? replicas.Suspect?.Next() ?? replicas.Lagging?.Next() ?? throw NoPrimary(TelemetryTags.Read, route.Name);
        if (HasRoom(primary, replicas))
        {
            reason = replicas.Any ? RouteReason.Spill : RouteReason.NoReplica;
            return primary;
        }

        // A replica that was full a moment ago needn't be so now.
        if (replicas.InService is { } full)
        {
            reason = RouteReason.Replica;
            return full.Next();
        }

        if (replicas.Suspect is { } suspect)
            return suspect.Next();
        if (OverloadOf(route) == OverloadPolicy.ServeStale && replicas.Lagging is { } stale)
            return stale.Next();
        throw Shed(route, attempts);
    }

    // Whether the primary may serve another read in place of replicas. Without any replica it serves them all.
    private bool HasRoom(NodePool primary, GroupReplicas replicas) => !replicas.Any || primary.Leases < _overload.PrimaryReadLimit;

    private static NodePool? TakeTrial(NodePool[] trials)
    {
        foreach (var pool in trials)
        {
            if (pool.TakeTrial())
                return pool;
        }

        return null;
    }

    private ReadOverloadException Shed(ReadRoute route, CallAttempts? attempts)
    {
        _metrics?.Refused(TelemetryTags.Read, RouteReason.Overload);
        return new ReadOverloadException(route.Name, _overload.PrimaryReadLimit, attempts);
    }

    private PrimaryUnavailableException NoPrimary(string intent, string routeName, CallAttempts? attempts = null)
    {
        _metrics?.Refused(intent, RouteReason.NoPrimary);
        return Primary.Unavailable(routeName, attempts);
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
    /// <param name="IsElsewhere">Whether it is in another region than this process.</param>
    /// <param name="IsFar">Whether others have a much shorter round trip, where that counts.</param>
    /// <param name="IsConfigured">Whether it is a replica by the configuration; false for a former primary.</param>
    internal readonly record struct ReplicaEntry(
        NodePool Pool, double Weight, string? Group, ReplicaUse Use, bool IsElsewhere = false, bool IsFar = false, bool IsConfigured = true)
    {
        /// <summary>The lower the sooner it is chosen: what is elsewhere comes after all that is here.</summary>
        public int Distance => (IsElsewhere ? 2 : 0) + (IsFar ? 1 : 0);
    }

    private sealed class GroupReplicas
    {
        public GroupReplicas(IEnumerable<ReplicaEntry> replicas, BalancingMode balancing, GroupReplicas? before)
        {
            var all = replicas.Where(static r => r.Weight > 0).ToList();
            Any = all.Count > 0;
            var good = all.Where(static r => r.Use == ReplicaUse.InService).ToList();
            var nearest = good.Select(static r => r.Distance).DefaultIfEmpty().Min();
            InService = SetOf(good.Where(r => r.Distance == nearest), balancing, before?.InService);
            Farther = SetOf(good.Where(r => r.Distance > nearest), balancing, before?.Farther);
            Suspect = SetOf(all.Where(static r => r.Use is ReplicaUse.Suspect or ReplicaUse.OnTrial), balancing, before?.Suspect);
            Lagging = SetOf(all.Where(static r => r.Use == ReplicaUse.Lagging), balancing, before?.Lagging);
            var trials = all.Where(static r => r.Use == ReplicaUse.OnTrial).Select(static r => r.Pool).ToArray();
            OnTrial = trials.Length == 0 ? null : trials;
        }

        public bool Any { get; }

        public ReplicaSet? InService { get; }

        /// <summary>Those that serve what the preferred ones, of the own region or the nearest, couldn't.</summary>
        public ReplicaSet? Farther { get; }

        /// <summary>Those that failed calls and may be good all the same.</summary>
        public ReplicaSet? Suspect { get; }

        public ReplicaSet? Lagging { get; }

        /// <summary>Those of <see cref="Suspect"/> of which each is to get one read; null for none.</summary>
        public NodePool[]? OnTrial { get; }

        private static ReplicaSet? SetOf(IEnumerable<ReplicaEntry> replicas, BalancingMode balancing, ReplicaSet? before)
        {
            var members = replicas.Select(static r => (r.Pool, r.Weight)).ToArray();
            return members.Length == 0 ? null : new ReplicaSet(members, before?.NextTurn ?? 0, balancing);
        }
    }
}
