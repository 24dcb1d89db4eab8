using System.Diagnostics.Metrics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class ClusterMonitorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_ends_at_once_also_while_it_waits_after_what_nobody_foresaw()
    {
        using var logs = new RecordedLogs();
        using var meter = new Meter("monitor");
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter == meter) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("a listener fails"));
        listener.Start();
        await using var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=127.0.0.1;Port=1" });
        using var metrics = new RoutingMetrics("monitor", new RoutingInstruments(meter));
        var state = new ClusterState(source.Nodes, new OverloadSettings(OverloadPolicy.Shed, 1, TimeSpan.FromSeconds(5)), new(BalancingMode.Default), logs, metrics);
        var monitor = new ClusterMonitor(state, new ProbeSchedule(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1)), logs, metrics);
        monitor.Start();
        await Waiting.UntilAsync(() => logs.Count("failed in an unforeseen way") > 0, "the failure is logged");
        await monitor.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }
}
