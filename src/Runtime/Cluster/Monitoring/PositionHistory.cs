namespace CompileTimeRouting.Cluster;

/// <summary>
/// Where the primary stood at which time. Whoever has replayed a position that was requested at a time has everything that
/// was acknowledged before that time: this measures staleness by one clock, whatever the servers' clocks say, and is zero
/// on an idle primary.
/// </summary>
/// <remarks>Not safe for use by many threads. Positions of one timeline only.</remarks>
internal sealed class PositionHistory
{
    internal const int Capacity = 1024;

    private readonly List<(long RequestedAt, ulong Position)> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public ulong Newest => _entries[^1].Position;

    public long NewestRequest => _entries[^1].RequestedAt;

    public long Oldest => _entries[0].RequestedAt;

    public ulong OldestPosition => _entries[0].Position;

    public void Clear() => _entries.Clear();

    /// <summary>Notes a position; one that is older or lower than the newest is no news.</summary>
    /// <param name="requestedAt">The time before it was read.</param>
    /// <param name="position">The position.</param>
    public void Add(long requestedAt, ulong position)
    {
        if (_entries.Count > 0 && (requestedAt <= _entries[^1].RequestedAt || position < _entries[^1].Position))
            return;

        // An idle primary stays where it is: the first and the last time there say all.
        if (_entries.Count > 1 && _entries[^1].Position == position && _entries[^2].Position == position)
            _entries[^1] = (requestedAt, position);
        else
            _entries.Add((requestedAt, position));
        if (_entries.Count >= Capacity)
            Thin();
    }

    /// <summary>The latest time at which the primary was known to stand at or before a position; null for none.</summary>
    public long? CoveredAt(ulong replayed)
    {
        var low = 0;
        var high = _entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].Position <= replayed)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? null : _entries[low - 1].RequestedAt;
    }

    /// <summary>The earliest known time at which the primary was asked and stood at or behind a position; null where it isn't known to have come so far.</summary>
    public long? TimeOf(ulong position)
    {
        // Replicas that cover the entry's time have replayed its position, and with it this one.
        foreach (var entry in _entries)
        {
            if (entry.Position >= position)
                return entry.RequestedAt;
        }

        return null;
    }

    // Long lags need no fine measure: of the older half every second entry goes.
    private void Thin()
    {
        var kept = 0;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (i >= Capacity / 2 || i % 2 == 0)
                _entries[kept++] = _entries[i];
        }

        _entries.RemoveRange(kept, _entries.Count - kept);
    }
}
