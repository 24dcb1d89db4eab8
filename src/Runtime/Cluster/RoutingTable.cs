using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Which pool serves which route, at one moment. Immutable but for the turn counters of its <see cref="ReplicaSet"/>s;
/// the data source swaps the whole table. It doesn't own the pools: they outlive it.
/// </summary>
internal sealed class RoutingTable
{
    private readonly FrozenDictionary<string, ReplicaSet?> _groups;
    private readonly ReplicaSet? _ungrouped;
    private readonly bool _hasReplicas;

    /// <param name="primary">The primary's read-write pool.</param>
    /// <param name="primaryReadOnly">The primary's pool of read-only sessions.</param>
    /// <param name="replicas">Every configured replica; those out of service with <c>InService</c> false.</param>
    public RoutingTable(NodePool primary, NodePool primaryReadOnly, IReadOnlyList<ReplicaEntry> replicas)
    {
        Primary = primary;
        PrimaryReadOnly = primaryReadOnly;
        _hasReplicas = replicas.Count > 0;
        _groups = replicas
            .Where(static r => r.Group is not null)
            .GroupBy(static r => r.Group!, StringComparer.Ordinal)
            .ToFrozenDictionary(static g => g.Key, static g => SetOf(g), StringComparer.Ordinal);

        // Where every replica belongs to a group, a read without one may go to any of them.
        _ungrouped = SetOf(replicas.Any(static r => r.Group is null) ? replicas.Where(static r => r.Group is null) : replicas);
    }

    public NodePool Primary { get; }

    public NodePool PrimaryReadOnly { get; }

    /// <summary>The pool for a read. Reads that no replica may serve go to the primary's read-only sessions.</summary>
    public NodePool ForRead(ReadRoute route)
    {
        // Only an eventual read may go to a replica of which nothing but its role is known.
        if (route.Consistency != ReadConsistency.Eventual)
            return PrimaryReadOnly;

        // Without any replica, as on a developer's machine or with reads switched to the primary, the same code runs.
        var replicas = _ungrouped;
        if (route.Group is { } group && _hasReplicas && !_groups.TryGetValue(group, out replicas))
            ThrowUnknownGroup(route);

        return replicas is null ? PrimaryReadOnly : replicas.Next();
    }

    private static ReplicaSet? SetOf(IEnumerable<ReplicaEntry> replicas)
    {
        var inService = replicas.Where(static r => r.InService && r.Weight > 0).Select(static r => (r.Pool, r.Weight)).ToArray();
        return inService.Length == 0 ? null : new ReplicaSet(inService);
    }

    [DoesNotReturn]
    private void ThrowUnknownGroup(ReadRoute route) => throw new InvalidOperationException(
        $"The routed read '{route.Name}' asks for the replica group '{route.Group}', but no replica is configured with it" +
        $"{(_groups.Count == 0 ? "" : $" (configured: {string.Join(", ", _groups.Keys.Order(StringComparer.Ordinal))})")}. " +
        "Set 'Group' on a replica (Routing:Replicas:<n>:Group) or take Group from the attribute.");

    internal readonly record struct ReplicaEntry(NodePool Pool, double Weight, string? Group, bool InService);
}
