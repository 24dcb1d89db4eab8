using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CompileTimeRouting.Integration.Runtime;

internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags);

/// <summary>What one data source measures and traces; tests that run beside it have others.</summary>
internal sealed class Telemetry : IDisposable
{
    private const string Prefix = "compile_time_routing.";

    private readonly string _source;
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentQueue<Measured> _measurements = new();
    private readonly ConcurrentQueue<Activity> _spans = new();

    public Telemetry(string source, bool traces = false)
    {
        _source = source;
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == RoutingTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = s => traces && s.Name is RoutingTelemetry.ActivitySourceName or "Npgsql",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        if (traces)
            ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>The spans of routed calls that have ended, in that order.</summary>
    public Activity[] Spans => [.. _spans.Where(s => Tag(s, "source") == _source)];

    public Activity[] Below(Activity span) => [.. _spans.Where(s => s.ParentSpanId == span.SpanId)];

    public static string? Tag(Activity span, string name) => span.GetTagItem(Prefix + name)?.ToString();

    public Measured[] Of(string instrument) => [.. _measurements.Where(m => m.Instrument == instrument)];

    /// <summary>The sum of a counter by the values of its tags, the data source's aside.</summary>
    public Dictionary<string, double> Sums(string instrument) => Of(Prefix + instrument)
        .GroupBy(static m => string.Join(' ', m.Tags.Where(static t => t.Key != "source").Select(static t => t.Value)))
        .ToDictionary(static g => g.Key, static g => g.Sum(static m => m.Value));

    /// <summary>What a gauge shows now, by node.</summary>
    public Dictionary<string, double> Read(string instrument)
    {
        _measurements.Clear();
        _meters.RecordObservableInstruments();
        return Of(Prefix + instrument).ToDictionary(static m => m.Tags["node"], static m => m.Value);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var read = tags.ToArray().ToDictionary(static t => t.Key.Replace(Prefix, "", StringComparison.Ordinal), static t => t.Value?.ToString() ?? "");
        if (read["source"] == _source)
            _measurements.Enqueue(new Measured(instrument.Name, value, read));
    }
}
