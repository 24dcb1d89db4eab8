namespace CompileTimeRouting;

/// <summary>
/// How one read is routed: what a <see cref="ReadQueryAttribute"/> says, as the generated shim holds it in a static field.
/// Immutable and safe for use by many threads.
/// </summary>
public sealed class ReadRoute
{
    private readonly bool _hasConsistency;
    private ReadRoute?[]? _others;

    /// <summary>The route of a read that says nothing of what it must see, and may be answered by replicas without a group.</summary>
    public static ReadRoute Default { get; } = new("read");

    internal static ReadRoute Position { get; } = new("position", ReadConsistency.Strong, leavesSessionClean: true);

    /// <summary>Describes a route.</summary>
    /// <param name="name">The routed method, as messages and metrics name it.</param>
    /// <param name="consistency">What the read must see; null for what <see cref="RoutingOptions.DefaultReadConsistency"/> says.</param>
    /// <param name="maxLagSeconds">The bound of <see cref="ReadConsistency.BoundedStaleness"/> in seconds; 0 for the data source's threshold.</param>
    /// <param name="group">The replica group; null for replicas without one.</param>
    /// <param name="retry">Whether the read may be tried again on another node.</param>
    /// <param name="leavesSessionClean">Whether the read is proved to leave no session state: its connection then needs no reset.</param>
    /// <param name="overload">What happens to the read where no replica may serve it and the primary has enough to do.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLagSeconds"/> is negative or not a number.</exception>
    public ReadRoute(
        string name, ReadConsistency? consistency = null, double maxLagSeconds = 0, string? group = null,
        bool retry = true, bool leavesSessionClean = false,
        OverloadPolicy overload = OverloadPolicy.Default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!(maxLagSeconds >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(maxLagSeconds), maxLagSeconds, "The lag bound must be zero or more seconds.");
        }

        Name = name;
        _hasConsistency = consistency is not null;
        Consistency = consistency ?? ReadConsistency.Eventual;
        MaxLagSeconds = maxLagSeconds;
        Group = group;
        Retry = retry;
        LeavesSessionClean = leavesSessionClean;
        Overload = overload;
    }

    /// <summary>The routed method, as messages and metrics name it.</summary>
    public string Name { get; }

    /// <summary>What the read must see; <see cref="ReadConsistency.Eventual"/> where the route leaves it to the data source.</summary>
    public ReadConsistency Consistency { get; }

    /// <summary>The bound of <see cref="ReadConsistency.BoundedStaleness"/> in seconds; 0 for the data source's threshold.</summary>
    public double MaxLagSeconds { get; }

    /// <summary>The replica group; null for replicas without one.</summary>
    public string? Group { get; }

    /// <summary>Whether the read may be tried again on another node.</summary>
    public bool Retry { get; }

    /// <summary>Whether the read is proved to leave no session state: its connection then needs no reset.</summary>
    public bool LeavesSessionClean { get; }

    /// <summary>What happens to the read where no replica may serve it and the primary has enough to do.</summary>
    public OverloadPolicy Overload { get; }

    /// <summary>The same route at a data source: with its default, where this one says nothing of what the read must see.</summary>
    internal ReadRoute Under(ReadConsistency unset) => _hasConsistency || unset == ReadConsistency.Eventual ? this : With(unset);

    /// <summary>The same route with another consistency; made once for each.</summary>
    internal ReadRoute With(ReadConsistency consistency)
    {
        if (consistency == Consistency)
            return this;
        var others = Volatile.Read(ref _others) ?? Interlocked.CompareExchange(ref _others, new ReadRoute?[(int)ReadConsistency.Strong + 1], null) ?? _others;
        return Volatile.Read(ref others[(int)consistency]) ?? Interlocked.CompareExchange(
            ref others[(int)consistency], new ReadRoute(Name, consistency, MaxLagSeconds, Group, Retry, LeavesSessionClean, Overload), null) ?? others[(int)consistency]!;
    }
}
