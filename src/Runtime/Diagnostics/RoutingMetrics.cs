using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CompileTimeRouting.Diagnostics;

/// <summary>What one data source measures. Nothing is computed for an instrument that nobody listens to.</summary>
internal sealed class RoutingMetrics : IDisposable
{
    private readonly RoutingInstruments _instruments;

    public RoutingMetrics(string name, RoutingInstruments instruments)
    {
        Name = name;
        _instruments = instruments;
        instruments.Attach(this);
    }

    /// <summary>What <see cref="TelemetryTags.Source"/> says.</summary>
    public string Name { get; }

    /// <summary>Reads what is known of the nodes, for the gauges.</summary>
    public Func<ClusterSnapshot>? Snapshot { get; set; }

    /// <summary>Whether anybody wants to know where calls go.</summary>
    public bool ObservesCalls
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _instruments.Decisions.Enabled || RoutingActivities.IsListenedTo;
    }

    /// <summary>Whether anybody wants to know how long connections are waited for and used.</summary>
    public bool ObservesConnections
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _instruments.UseTime.Enabled || _instruments.WaitTime.Enabled;
    }

    public void Decided(string intent, string target, RouteReason reason)
    {
        if (_instruments.Decisions.Enabled)
        {
            _instruments.Decisions.Add(1, [
                new(TelemetryTags.Source, Name), new(TelemetryTags.Intent, intent), new(TelemetryTags.Target, target),
                new(TelemetryTags.Reason, reason.Text())]);
        }
    }

    public void Refused(string intent, RouteReason reason) => _instruments.Refusals.Add(
        1, new(TelemetryTags.Source, Name), new(TelemetryTags.Intent, intent), new(TelemetryTags.Reason, reason.Text()));

    public void Retried(string intent, string node, string errorType)
    {
        if (_instruments.Retries.Enabled)
        {
            _instruments.Retries.Add(1, [
                new(TelemetryTags.Source, Name), new(TelemetryTags.Intent, intent), new(TelemetryTags.Node, node),
                new(TelemetryTags.ErrorType, errorType)]);
        }
    }

    /// <param name="target">The node that takes writes from now on.</param>
    public void FailedOver(string target) =>
        _instruments.Failovers.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.Target, target));

    public void Ejected(string node) =>
        _instruments.Ejections.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.Node, node));

    public void SessionRead(string outcome) =>
        _instruments.SessionReads.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.Outcome, outcome));

    public void SessionToken(string outcome) =>
        _instruments.SessionTokens.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.Outcome, outcome));

    /// <param name="node">The node that was asked.</param>
    /// <param name="time">How long the probe took.</param>
    /// <param name="errorType">Why it got no answer; null where it got one.</param>
    public void Probed(string node, TimeSpan time, string? errorType)
    {
        if (errorType is null)
            _instruments.ProbeDuration.Record(time.TotalSeconds, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.Node, node));
        else
            _instruments.ProbeDuration.Record(time.TotalSeconds, new(TelemetryTags.Source, Name), new(TelemetryTags.Node, node), new(TelemetryTags.ErrorType, errorType));
    }

    public void Waited(string pool, long begun) => _instruments.WaitTime.Record(
        Stopwatch.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.PoolName, pool));

    public void Used(string pool, TimeSpan time) => _instruments.UseTime.Record(
        time.TotalSeconds, new KeyValuePair<string, object?>(TelemetryTags.Source, Name), new(TelemetryTags.PoolName, pool));

    public void Dispose() => _instruments.Detach(this);
}
