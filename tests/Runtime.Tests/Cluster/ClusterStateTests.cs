using System.Diagnostics;
using System.Diagnostics.Metrics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using CompileTimeRouting.Runtime.Tests.DependencyInjection;
using CompileTimeRouting.Runtime.Tests.Diagnostics;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

/// <summary>What follows from probes and failed calls, without a server: their times are made up.</summary>
public sealed class ClusterStateTests : IDisposable
{
    private static readonly long Origin = Stopwatch.GetTimestamp();

    private readonly RecordedLogs _logs = new();
    private readonly Meter _meter = new("state");
    private readonly RecordedMetrics _recorded;
    private readonly List<IDisposable> _disposables = [];

    public ClusterStateTests()
    {
        _recorded = new RecordedMetrics(m => m == _meter);
        _disposables.AddRange([_logs, _recorded, _meter]);
    }

    public void Dispose() => _disposables.ForEach(static d => d.Dispose());

    [Fact]
    public void A_replica_that_lagged_out_comes_back_when_it_is_clearly_below_the_limit()
    {
        var state = State();
        for (var t = 0; t <= 40; t++)
            Primary(state, t * 0.5);
        NodeState After(double lag)
        {
            Replica(state, 20, PositionAt(20 - lag));
            return state.Snapshot().Nodes[1].State;
        }

        Assert.Equal(NodeState.Up, After(5));
        Assert.Equal(NodeState.Lagging, After(5.5));
        Assert.Equal(NodeState.Lagging, After(4.5));
        Assert.Equal(NodeState.Up, After(4));
        Assert.Equal(NodeState.Up, After(4.5));
        Assert.Equal(NodeState.Up, After(5));
        Assert.Single(_logs.Lines, static l => l.Contains("is lagging", StringComparison.Ordinal));
    }

    [Fact]
    public void A_time_out_that_came_late_says_nothing_of_the_node_unless_it_goes_on()
    {
        var state = State();
        Replica(state, 0, 1);
        Silent(state, 1, isLate: true);
        Silent(state, 2, isLate: true);
        Assert.Equal(ReplicaUse.InService, Use(state));
        Replica(state, 3, 1);
        Silent(state, 4, isLate: true);
        Silent(state, 5, isLate: true);
        Assert.Equal(ReplicaUse.InService, Use(state));
        Silent(state, 6, isLate: true);
        Assert.Equal(ReplicaUse.OutOfStep, Use(state));
        Silent(state, 7, isLate: false);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.4, false)]
    [InlineData(1.6, true)]
    public void A_time_out_is_late_well_after_its_time(double elapsed, bool isLate) =>
        Assert.Equal(isLate, NodeProbe.IsLate(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(elapsed)));

    [Fact]
    public void What_changes_is_logged_and_counted_once()
    {
        var state = State();
        Primary(state, 0);
        Replica(state, 0, PositionAt(0));
        for (var t = 1; t <= 3; t++)
        {
            Silent(state, t, isLate: false);
            Silent(state, t, isLate: false, index: 2);
        }

        Silent(state, 4, isLate: false, index: 0);
        Silent(state, 5, isLate: false, index: 0);
        Answer(state, 6, inRecovery: false, PositionAt(6), timeline: 2);
        Answer(state, 7, inRecovery: false, PositionAt(7), timeline: 2);
        Assert.Equal(
            [
                "Information: Node primary (nowhere.invalid:5432) is up", "Information: Node replica-1 (one.invalid:5432) is up", "Warning: Node replica-2 is down",
                "Warning: No replica may serve", "Warning: Node replica-1 is down", "Warning: There is no primary", "Warning: Node primary is down",
                "Information: Node replica-1 is the primary now", "Information: Node replica-1 (one.invalid:5432) is up",
            ],
            _logs.Lines.Select(static l => l.Split(": it did")[0].Split(": PostgreSQL")[0].Split(" reads: ")[0].Split(": reads")[0].TrimEnd('.')));
        Assert.Equal("replica-1", Assert.Single(_recorded.Of("compile_time_routing.failovers")).Tags[TelemetryTags.Target]);
    }

    [Fact]
    public async Task Who_waits_for_a_replica_hears_of_what_the_monitor_found()
    {
        var state = State();
        await using var coverage = new CoverageProbes(state, new ProbeSchedule(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1)), _logs);
        var news = coverage.News;
        Primary(state, 0);
        Assert.True(news.IsCompleted);
        news = coverage.News;
        Replica(state, 0, PositionAt(0));
        Assert.True(news.IsCompleted);
        news = coverage.News;
        Silent(state, 1, isLate: false);
        Assert.False(news.IsCompleted);
    }

    [Fact]
    public void A_node_that_fails_calls_although_probes_find_it_good_is_ejected_and_that_counts()
    {
        var state = State();
        for (var t = 0; t < 4; t++)
        {
            Replica(state, t, 1);
            state.Suspect(state.Nodes[1], failed: true);
        }

        Assert.Equal(2, _recorded.Of("compile_time_routing.node.ejections").Length);
        Assert.Equal(2, _logs.Lines.Count(static l => l.Contains("Node replica-1 failed calls", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_nearest_replicas_serve_and_noise_changes_nothing()
    {
        var state = State(new BalancingSettings(BalancingMode.Nearest));
        for (var t = 1; t < 10; t++)
        {
            Replica(state, t, 1, milliseconds: 10);
            Replica(state, t, 1, milliseconds: 40, index: 2);
        }

        Assert.Equal("replica-1", Reads(state));

        // Between coming in (12.75 ms) and staying (16 ms) whoever is in stays in, whoever is out stays out.
        var tables = new HashSet<RoutingTable>();
        for (var t = 10; t < 60; t++)
        {
            Replica(state, t, 1, milliseconds: 10);
            Replica(state, t, 1, milliseconds: t < 20 ? 20 : t % 2 == 0 ? 14 : 15, index: 2);
            if (t > 40)
                tables.Add(state.Table);
        }

        Assert.Equal("replica-1", Reads(state));
        Assert.Single(tables);
        for (var t = 60; t < 120; t++)
        {
            Replica(state, t, 1, milliseconds: t < 80 ? 10 : t % 2 == 0 ? 14 : 15, index: 2);
            if (t == 79)
                Assert.Equal("replica-1 replica-2", Reads(state));
            if (t > 90)
                tables.Add(state.Table);
        }

        Assert.Equal("replica-1 replica-2", Reads(state));
        Assert.Equal(2, tables.Count);
    }

    [Fact]
    public void A_replica_that_fails_fast_is_not_near()
    {
        var state = State(new BalancingSettings(BalancingMode.Nearest));
        for (var t = 0; t < 5; t++)
        {
            Replica(state, t, 1, milliseconds: 1);
            Replica(state, t, 1, milliseconds: 5, index: 2);
        }

        Assert.Equal("replica-1", Reads(state));
        state.Suspect(state.Nodes[1], failed: true);
        Replica(state, 6, 1, milliseconds: 1);
        Assert.Equal("replica-2", Reads(state));
        for (var t = 7; t < 60; t++)
            Replica(state, t, 1, milliseconds: 1);
        Assert.Equal("replica-1", Reads(state));
    }

    [Fact]
    public void Replicas_of_the_own_region_serve_while_one_is_eligible()
    {
        var state = State(new BalancingSettings(BalancingMode.Default, "west"));
        Replica(state, 0, 1);
        Replica(state, 0, 1, index: 2);
        Assert.Equal("replica-2", Reads(state));
        state.Suspect(state.Nodes[2], failed: false);
        Assert.Equal("replica-1", Reads(state));
        Replica(state, 1, 1, index: 2);
        Assert.Equal("replica-2", Reads(state));
    }

    private ClusterState State(BalancingSettings? balancing = null)
    {
        var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = "Host=nowhere.invalid",
            Replicas = [new() { ConnectionString = "Host=one.invalid", Region = "east" }, new() { ConnectionString = "Host=two.invalid", Region = "west" }],
        });
        var metrics = new RoutingMetrics("state", new RoutingInstruments(_meter));
        _disposables.AddRange([source, metrics]);
        return new ClusterState(source.Nodes, new OverloadSettings(OverloadPolicy.Shed, 10, TimeSpan.FromSeconds(5)), balancing ?? new(BalancingMode.Default), _logs, metrics);
    }

    // The primary writes two hundred bytes each second.
    private static ulong PositionAt(double second) => (ulong)(1000 + (second * 200));

    private static long At(double second) => Origin + (long)(second * Stopwatch.Frequency);

    private static void Primary(ClusterState state, double second) => Answer(state, second, inRecovery: false, PositionAt(second), timeline: 1, index: 0);

    private static void Replica(ClusterState state, double second, ulong position, double milliseconds = 0, int index = 1) =>
        Answer(state, second, inRecovery: true, position, timeline: null, index, milliseconds);

    private static void Answer(
        ClusterState state, double second, bool inRecovery, ulong position, uint? timeline, int index = 1, double milliseconds = 0) => state.Report(
            state.Nodes[index],
            new ProbeResult(
                At(second), At(second), At(second + (milliseconds / 1000)),
                new ProbeAnswer(new ServerIdentity("18.0", true, $"start {index}", 1), inRecovery, position, timeline), null, TimedOut: false),
            conclusive: false);

    private static void Silent(ClusterState state, double second, bool isLate, int index = 1) => state.Report(
        state.Nodes[index], new ProbeResult(At(second), At(second), At(second + 1), null, "it did not answer", TimedOut: true, IsLate: isLate), conclusive: false);

    private static ReplicaUse Use(ClusterState state)
    {
        var nodes = Reads(state);
        return nodes.Contains("replica-1", StringComparison.Ordinal) ? ReplicaUse.InService
            : state.Snapshot().Nodes[1].State == NodeState.Down ? ReplicaUse.None : ReplicaUse.OutOfStep;
    }

    private static string Reads(ClusterState state) => string.Join(
        ' ', Enumerable.Range(0, 50).Select(_ => state.Table.ForRead(ReadRoute.Default, out var _).NodeName).Distinct().Order(StringComparer.Ordinal));
}
