namespace CompileTimeRouting.Consistency.Load;

/// <summary>What one session must see: the versions it wrote, and those it has seen.</summary>
internal sealed class SessionHistory
{
    private readonly Dictionary<long, long> _written = [];
    private readonly Dictionary<long, long> _seen = [];
    private readonly HashSet<(long Id, long Version)> _possible = [];
    private int _era;

    /// <summary>A write was acknowledged.</summary>
    public void Wrote(long id, long version) => _written[id] = Math.Max(version, _written.GetValueOrDefault(id));

    /// <summary>A write failed: it may have come into effect, or do so yet. Once it was seen it stays seen.</summary>
    public void MayHaveWritten(long id, long version) => _possible.Add((id, version));

    /// <summary>
    /// What a read that begins now must see at least. A failover may take back what was seen before it was acknowledged, but
    /// nothing that was acknowledged.
    /// </summary>
    public Expectation Expect(long id, int era)
    {
        if (era != _era)
        {
            _seen.Clear();
            _era = era;
        }

        return new Expectation(id, _written.GetValueOrDefault(id), _seen.GetValueOrDefault(id));
    }

    /// <returns>Whether it is the first time that a write was seen whose outcome wasn't known.</returns>
    public bool Saw(long id, long version, int era)
    {
        if (era == _era)
            _seen[id] = Math.Max(version, _seen.GetValueOrDefault(id));
        return _possible.Remove((id, version));
    }
}

internal readonly record struct Expectation(long Id, long Written, long Seen)
{
    /// <summary>What is wrong with an answer; null for nothing.</summary>
    public string? Violation(Reading reading) =>
        reading.Version < Written ? $"row {Id}: read {reading.Version} from port {reading.Port} after {Written} was written"
        : reading.Version < Seen ? $"row {Id}: read {reading.Version} from port {reading.Port} after {Seen} was read"
        : null;
}
