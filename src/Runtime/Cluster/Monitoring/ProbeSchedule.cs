namespace CompileTimeRouting.Cluster;

/// <summary>When nodes are probed.</summary>
/// <param name="Interval">How often, while all is well.</param>
/// <param name="Timeout">How long a probe waits for an answer.</param>
internal sealed record ProbeSchedule(TimeSpan Interval, TimeSpan Timeout);
