using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace CompileTimeRouting.Diagnostics;

/// <summary>
/// The instruments of one meter: the one place that names them. All data sources that measure on the meter share them and
/// are told apart by <see cref="TelemetryTags.Source"/>. Safe for use by many threads.
/// </summary>
internal sealed class RoutingInstruments
{
    private static readonly ConditionalWeakTable<Meter, RoutingInstruments> ByMeter = [];
    private static readonly Lazy<Meter> OwnMeter = new(static () => new Meter(RoutingTelemetry.MeterName, Version));

    // Of sub-millisecond pool hits as well as of waits for a full pool; the boundaries that OpenTelemetry has for db durations.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    };

    private readonly Lock _lock = new();
    private RoutingMetrics[] _sources = [];

    public RoutingInstruments(Meter meter)
    {
        Decisions = meter.CreateCounter<long>("compile_time_routing.decisions", "{decision}", "Calls that were given a node, by the reason.");
        Refusals = meter.CreateCounter<long>("compile_time_routing.refusals", "{call}", "Calls that no node may serve: shed reads, and those that need a primary while there is none.");
        Retries = meter.CreateCounter<long>("compile_time_routing.retries", "{attempt}", "Attempts that failed on a node and were followed by another one.");
        Failovers = meter.CreateCounter<long>("compile_time_routing.failovers", "{failover}", "Changes of the node that takes writes.");
        Ejections = meter.CreateCounter<long>("compile_time_routing.node.ejections", "{ejection}", "Times that a node failed calls in a row although probes found it good, and was taken out.");
        SessionReads = meter.CreateCounter<long>("compile_time_routing.session.reads", "{read}", "Reads that must see what their session wrote, by how they were served: satisfied, waited or primary.");
        SessionTokens = meter.CreateCounter<long>("compile_time_routing.session.tokens", "{token}", "Tokens that sessions were begun from, by what became of them.");
        ProbeDuration = meter.CreateHistogram("compile_time_routing.probe.duration", "s", "How long probes of a node took.", advice: Seconds);
        WaitTime = meter.CreateHistogram("db.client.connection.wait_time", "s", "The time it took to obtain an open connection from the pool.", advice: Seconds);
        UseTime = meter.CreateHistogram("db.client.connection.use_time", "s", "The time between borrowing a connection and returning it to the pool.", advice: Seconds);
        meter.CreateObservableGauge("compile_time_routing.node.up", () => Read(NodeReadings.Up), "1", "1 where the node answers and is of use in its role, 0 where it is down.");
        meter.CreateObservableGauge("compile_time_routing.node.primary", () => Read(NodeReadings.Primary), "1", "1 at the node that takes writes, 0 at the others.");
        meter.CreateObservableGauge("compile_time_routing.node.lag", () => Read(NodeReadings.Lag), "s", "How far a replica is behind the primary.");
        meter.CreateObservableGauge("compile_time_routing.node.lag_size", () => Read(NodeReadings.LagBytes), "By", "WAL of the primary that a replica has not yet replayed.");
    }

    private static string? Version => typeof(RoutingInstruments).Assembly.GetName().Version?.ToString(3);

    public Counter<long> Decisions { get; }

    public Counter<long> Refusals { get; }

    public Counter<long> Retries { get; }

    public Counter<long> Failovers { get; }

    public Counter<long> Ejections { get; }

    public Counter<long> SessionReads { get; }

    public Counter<long> SessionTokens { get; }

    public Histogram<double> ProbeDuration { get; }

    public Histogram<double> WaitTime { get; }

    public Histogram<double> UseTime { get; }

    /// <summary>The instruments of a factory's meter, or of the process's own.</summary>
    public static RoutingInstruments Of(IMeterFactory? factory)
    {
        var meter = factory?.Create(new MeterOptions(RoutingTelemetry.MeterName) { Version = Version }) ?? OwnMeter.Value;
        return ByMeter.GetValue(meter, static meter => new RoutingInstruments(meter));
    }

    /// <summary>From now on a data source's nodes are observed.</summary>
    public void Attach(RoutingMetrics source)
    {
        lock (_lock)
            _sources = [.. _sources, source];
    }

    public void Detach(RoutingMetrics source)
    {
        lock (_lock)
            _sources = [.. _sources.Where(s => s != source)];
    }

    private IEnumerable<Measurement<T>> Read<T>(Func<RoutingMetrics, IEnumerable<Measurement<T>>> read)
        where T : struct => Volatile.Read(ref _sources).SelectMany(read);
}
