using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CompileTimeRouting.Runtime.Tests.Diagnostics;

internal sealed record Recorded(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);

/// <summary>Listens to some instruments and keeps what they measure.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Recorded> _measurements = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();

    public RecordedMetrics(Func<Meter, bool> meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!meter(instrument.Meter))
                return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public Recorded[] Measurements => [.. _measurements];

    public IEnumerable<Instrument> Instruments => _instruments.Values;

    public Recorded[] Of(string instrument) => [.. _measurements.Where(m => m.Instrument == instrument)];

    public void ReadGauges() => _listener.RecordObservableInstruments();

    public void Clear() => _measurements.Clear();

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue(new Recorded(instrument.Name, value, tags.ToArray().ToDictionary()));
}
