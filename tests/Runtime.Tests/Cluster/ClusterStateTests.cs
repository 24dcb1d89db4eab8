using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
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
    public void A_replica_that_receives_nothing_and_was_never_seen_fresh_is_an_unknown_time_behind()
    {
        var state = State();
        Primary(state, 100);
        Replica(state, 100, PositionAt(99));
        var replica = state.Snapshot().Nodes[1];
        Assert.Equal((NodeState.Lagging, null, 200L), (replica.State, replica.Lag, replica.LagBytes));
        Assert.Contains("an unknown time behind the primary and receives nothing from it", replica.Problem, StringComparison.Ordinal);
        Assert.False(state.IsReaching(state.Nodes[1]));

        // It has all that there is to have.
        Replica(state, 101, PositionAt(100));
        Assert.Equal((NodeState.Up, TimeSpan.Zero), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));

        // From now on it is known since when it has nothing more.
        Primary(state, 103);
        Replica(state, 104, PositionAt(100));
        Assert.Equal((NodeState.Up, TimeSpan.FromSeconds(4)), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));
    }

    [Fact]
    public void A_replica_that_receives_gets_a_moment_to_come_to_where_the_primary_stood()
    {
        var state = State();
        Primary(state, 100);
        Receiving(100, PositionAt(99.9));
        Assert.True(state.IsReaching(state.Nodes[1]));
        Assert.Equal((NodeState.Up, null), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));

        // Where everything is slow it takes longer: it gets no reads meanwhile, and yet may be there soon.
        Receiving(100.3, PositionAt(99.9));
        Assert.True(state.IsReaching(state.Nodes[1]));
        Assert.Equal((NodeState.Lagging, null), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));
        Receiving(100.4, PositionAt(100));
        Assert.False(state.IsReaching(state.Nodes[1]));
        Assert.Equal((NodeState.Up, TimeSpan.Zero), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));

        // Another run of it has shown nothing yet. It always stays 4.5 seconds behind, which is within the limit.
        for (var t = 0.5; t <= 10; t += 0.5)
            Primary(state, 100 + t);
        Receiving(110, PositionAt(90), "another run");
        Assert.Equal((NodeState.Lagging, null), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));
        Receiving(111, PositionAt(106.5), "another run");
        Assert.Equal((NodeState.Up, TimeSpan.FromSeconds(4.5)), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));

        // One that has replayed all that it received is good: an idle primary may not yet have written the rest out. But not for
        // ever.
        state = State();
        Primary(state, 100);
        Receiving(100, PositionAt(99), hasUnreplayed: false);
        Receiving(104, PositionAt(99), hasUnreplayed: false);
        Assert.Equal((NodeState.Up, null), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));
        Receiving(105.1, PositionAt(99), hasUnreplayed: false);
        Assert.Equal((NodeState.Lagging, null), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Lag));
        Assert.Contains("an unknown time behind the primary:", state.Snapshot().Nodes[1].Problem, StringComparison.Ordinal);

        void Receiving(double second, ulong position, string run = "start 1", bool hasUnreplayed = true) => state.Report(
            state.Nodes[1],
            new ProbeResult(At(second), At(second), At(second), new ProbeAnswer(new ServerIdentity("18.0", true, run, 1), true, position, null) { IsReceiving = true, HasUnreplayed = hasUnreplayed }, null, TimedOut: false),
            conclusive: false);
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
        Assert.Equal(ReplicaUse.Suspect, Use(state));
        Silent(state, 7, isLate: false);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);
    }

    [Fact]
    public void While_a_node_is_gone_nobody_waits_for_it_whatever_table_he_has()
    {
        var state = State();
        var (primary, replica) = (state.Nodes[0], state.Nodes[1]);
        Primary(state, 0);
        Replica(state, 0, PositionAt(0));
        Assert.Equal((false, false), (primary.WritePool.IsAway, replica.ReadPool.IsAway));
        Assert.True(replica.WritePool.IsAway);

        Silent(state, 1, isLate: false);
        Assert.False(replica.ReadPool.IsAway);
        Silent(state, 2, isLate: false);
        Assert.True(replica.ReadPool.IsAway);
        Replica(state, 3, PositionAt(3));
        Assert.False(replica.ReadPool.IsAway);

        // A promotion turns the writes round.
        Silent(state, 4, isLate: false, index: 0);
        Silent(state, 5, isLate: false, index: 0);
        Answer(state, 6, inRecovery: false, PositionAt(6), timeline: 2);
        Assert.Equal((true, false), (primary.WritePool.IsAway, replica.WritePool.IsAway));
    }

    [Fact]
    public void A_node_that_refuses_the_probe_is_not_gone()
    {
        var state = State();
        Primary(state, 0);
        Replica(state, 0, PositionAt(0));
        Replica(state, 0, PositionAt(0), index: 2);

        // Nothing more is known of how far it is: others serve.
        Refused(state, 1);
        var replica = state.Snapshot().Nodes[1];
        Assert.Equal((NodeState.Lagging, "it refused the password"), (replica.State, replica.Problem));
        Assert.Equal("replica-2", Reads(state));
        Assert.Equal((false, 0), (state.Nodes[1].ReadPool.IsAway, state.Nodes[1].ReadPool.CoveredAt));

        // The primary is the one that it was.
        Refused(state, 2, index: 0);
        var primary = state.Snapshot().Nodes[0];
        Assert.Equal((NodeState.Up, "it refused the password"), (primary.State, primary.Problem));
        Assert.Equal("primary", state.Table.ForWrite("write").NodeName);
        Assert.Equal(["Node replica-1 is lagging: it refused the password", "Node primary is up, but: it refused the password"], _logs.Lines.Where(static l => l.Contains("refused", StringComparison.Ordinal)).Select(static l => l.Split("Warning: ")[1]));

        // Put right, it is as before.
        Replica(state, 3, PositionAt(0));
        Primary(state, 3);
        Assert.All(state.Snapshot().Nodes, static n => Assert.Equal((NodeState.Up, null), (n.State, n.Problem)));
    }

    [Fact]
    public void How_far_a_full_standby_is_is_unknown_when_it_has_said_nothing_for_longer_than_it_may_lag()
    {
        var state = State();
        Primary(state, 0);
        Replica(state, 0, PositionAt(0));
        Full(4.9, 1);
        Full(100, 0);
        Assert.All(state.Snapshot().Nodes, static n => Assert.NotEqual(NodeState.Lagging, n.State));
        Full(5.1, 1);
        Assert.Equal((NodeState.Lagging, "it is full"), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Problem));
        Assert.False(state.Nodes[1].ReadPool.IsAway);

        // It has a place for a probe again.
        Replica(state, 6, PositionAt(0));
        Assert.Equal((NodeState.Up, null), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Problem));

        void Full(double second, int index) => state.Report(
            state.Nodes[index], new ProbeResult(At(second), At(second), At(second), null, "it is full", TimedOut: false, IsOverload: true), conclusive: false);
    }

    [Fact]
    public void A_node_that_comes_back_and_refuses_has_no_role_yet()
    {
        var state = State();
        Primary(state, 0);
        Silent(state, 1, isLate: false, index: 0);
        Silent(state, 2, isLate: false, index: 0);
        Refused(state, 3, index: 0);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[0].State);
        Assert.Throws<PrimaryUnavailableException>(() => state.Table.ForWrite("write"));

        // Nor has one that never answered.
        Refused(state, 4);
        Assert.Equal((NodeState.Down, "it refused the password"), (state.Snapshot().Nodes[1].State, state.Snapshot().Nodes[1].Problem));
        Assert.False(state.Nodes[1].ReadPool.IsAway);
    }

    [Fact]
    public async Task What_watches_a_node_ends_with_it()
    {
        var state = State();
        var watched = new System.Collections.Concurrent.ConcurrentBag<NodeLoop>();
        await using var loops = new NodeLoops(state, async loop =>
        {
            watched.Add(loop);
            await Task.Delay(Timeout.Infinite, loop.Stopping).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        loops.Start();
        await Waiting.UntilAsync(() => watched.Count >= 3, "all nodes are watched");
        var left = state.Nodes[2];
        state.Reconfigure(state.Nodes.Remove(left), new OverloadSettings(OverloadPolicy.Shed, 10, TimeSpan.FromSeconds(5)), new(BalancingMode.Default), new Dictionary<ClusterNode, ProbeResult>());
        await loops.FollowAsync();

        // Its token would hang on that of all loops for ever.
        Assert.Throws<ObjectDisposedException>(() => watched.Single(l => l.Node == left).Stopping);
        Assert.All(watched.Where(l => l.Node != left), static l => Assert.False(l.Stopping.IsCancellationRequested));
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
        Assert.Equal(
            [
                "NodeUp primary", "NodeUp replica-1", "NodeDown replica-2", "ReplicasGone ", "NodeDown replica-1", "PrimaryGone ", "NodeDown primary",
                "PrimaryIs replica-1", "NodeUp replica-1",
            ],
            state.Snapshot().RecentChanges.Reverse().Select(static c => $"{c.Kind} {c.Node}"));
        Assert.Equal("it did not answer", state.Snapshot().RecentChanges.First(static c => c.Kind == ClusterChangeKind.NodeDown).Detail);
    }

    [Fact]
    public void Two_promotions_to_one_timeline_leave_open_which_a_standby_follows()
    {
        var state = State();
        Primary(state, 0);
        Assert.NotEqual(0, CoveredBy(1, 1, PositionAt(0), timeline: 1));
        Assert.NotEqual(0, CoveredBy(2, 1, PositionAt(0), timeline: 1));

        // The first standby takes over and dies, and then the second one, which never heard of the first.
        Answer(state, 2, inRecovery: false, PositionAt(2), timeline: 2, index: 1);
        Assert.NotEqual(0, CoveredBy(0, 3, PositionAt(2), timeline: 2));
        Silent(state, 4, isLate: false);
        Silent(state, 5, isLate: false);
        Answer(state, 6, inRecovery: false, PositionAt(1), timeline: 2, index: 2);
        Assert.Equal("replica-2", state.Snapshot().Primary);
        Assert.Equal(0, CoveredBy(0, 7, PositionAt(7), timeline: 2));
        Assert.False(state.TryTimeOf(new ConsistencyToken(1, 2, PositionAt(1)), out _));

        // The next promotion ends it.
        Answer(state, 8, inRecovery: false, PositionAt(8), timeline: 3, index: 2);
        Assert.NotEqual(0, CoveredBy(0, 9, PositionAt(8), timeline: 3));
        Assert.True(state.TryTimeOf(new ConsistencyToken(1, 3, PositionAt(1)), out _));

        long CoveredBy(int index, double second, ulong position, uint timeline)
        {
            Answer(state, second, inRecovery: true, position, timeline, index);
            return state.Nodes[index].ReadPool.CoveredAt;
        }
    }

    [Theory]
    [InlineData(1u, "moved.invalid", true)]
    [InlineData(2u, "moved.invalid", false)]
    [InlineData(2u, "nowhere.invalid", true)]
    public void A_primary_that_is_a_new_node_is_taken_for_the_same_where_no_other_can_be(uint timeline, string host, bool isSame)
    {
        var state = State();
        Answer(state, 0, inRecovery: false, PositionAt(0), timeline, index: 0);
        var moved = RoutedDataSource.Create(new RoutingOptions { Primary = $"Host={host}" });
        _disposables.Add(moved);
        state.Reconfigure(
            [moved.Nodes[0], .. state.Nodes[1..]], new OverloadSettings(OverloadPolicy.Shed, 10, TimeSpan.FromSeconds(5)), new(BalancingMode.Default),
            new Dictionary<ClusterNode, ProbeResult>());
        for (var t = 1; t < 4; t++)
        {
            Answer(state, t, inRecovery: false, PositionAt(t), timeline, index: 0, server: "restarted");
            Answer(state, t, inRecovery: true, PositionAt(t), timeline);
        }

        Assert.Equal(isSame, state.Nodes[1].ReadPool.CoveredAt != 0);
        Assert.Equal(isSame, state.TryTimeOf(new ConsistencyToken(1, timeline, PositionAt(1)), out _));

        // What keeps replicas from serving is told once.
        Assert.Equal(isSame ? 0 : 1, _logs.Lines.Count(static l => l.Contains("wrote on timeline 2 before", StringComparison.Ordinal)));
        Assert.Equal(isSame ? 0 : 1, state.Snapshot().RecentChanges.Count(static c => c is { Kind: ClusterChangeKind.HistoryUnclear, Node: "primary" }));
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

        // What fails once it is out was begun before.
        Assert.Single(_recorded.Of("compile_time_routing.node.ejections"));
        Assert.Single(_logs.Lines, static l => l.Contains("Node replica-1 failed 3 calls in a row", StringComparison.Ordinal));
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

    [Fact]
    public void A_replica_that_was_unreachable_at_the_start_gets_its_share_in_steps()
    {
        var state = State();
        Silent(state, 0, isLate: false);
        Replica(state, 0.1, 1);
        Replica(state, 0.1, 1, index: 2);
        Assert.InRange(ShareOf(state, "replica-1"), 0.15, 0.25);
    }

    [Theory]
    [InlineData("restarted", 1u)]
    [InlineData("start 0", 2u)]
    public void A_replica_that_lags_does_so_still_after_a_restart_or_change_of_the_primary(string server, uint timeline)
    {
        var state = State();
        for (var t = 0; t <= 20; t++)
            Primary(state, t);
        Replica(state, 20, PositionAt(10));
        Assert.Equal(NodeState.Lagging, state.Snapshot().Nodes[1].State);
        Answer(state, 20.5, inRecovery: false, PositionAt(20.5), timeline, index: 0, server: server);
        Assert.Equal(NodeState.Lagging, state.Snapshot().Nodes[1].State);
        Replica(state, 21, PositionAt(11));
        Assert.Equal(NodeState.Lagging, state.Snapshot().Nodes[1].State);
        Answer(state, 21.5, inRecovery: false, PositionAt(21.5), timeline, index: 0, server: server);
        Replica(state, 22, PositionAt(21.5));
        Assert.Equal(NodeState.Up, state.Snapshot().Nodes[1].State);
    }

    [Fact]
    public void A_replica_on_the_former_primarys_timeline_serves_nothing_however_far_it_is_there()
    {
        // Replica 2 is promoted; replica 1 goes on with the former primary, and its receiver says so.
        var state = State();
        Primary(state, 0);
        Answer(state, 1, inRecovery: true, PositionAt(1), timeline: 1);
        Answer(state, 2, inRecovery: false, PositionAt(2), timeline: 2, index: 2);
        state.Report(state.Nodes[1], new ProbeResult(At(3), At(3), At(3), Standby(PositionAt(5000), 1) with { ReceivedTimeline = 1, IsReceiving = true }, null, TimedOut: false), conclusive: false);
        Assert.Equal("replica-2", state.Snapshot().Primary);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);
        Assert.Contains("went on along timeline 1, while the cluster is on timeline 2", state.Snapshot().Nodes[1].Problem, StringComparison.Ordinal);
        Assert.Equal("replica-2", Reads(state));
    }

    [Fact]
    public void A_standby_ahead_of_what_the_primary_wrote_later_follows_another_one()
    {
        // The role may see neither the receiver's timeline nor the control file.
        var state = State();
        Primary(state, 0);
        Replica(state, 1, PositionAt(1));
        Answer(state, 2, inRecovery: false, PositionAt(2), timeline: 2, index: 2);
        Replica(state, 3, PositionAt(5000));
        Assert.Equal(NodeState.Up, state.Snapshot().Nodes[1].State);
        Answer(state, 3.5, inRecovery: false, PositionAt(3.5), timeline: 2, index: 2);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);

        // The primary comes past that number, which proves nothing; a rebuilt one has started anew. While the former primary
        // is there it could follow that one.
        Answer(state, 4, inRecovery: false, PositionAt(9000), timeline: 2, index: 2);
        Replica(state, 5, PositionAt(9000));
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);
        Answer(state, 5.5, inRecovery: true, PositionAt(9000), timeline: null, server: "rebuilt");
        Assert.Equal(NodeState.Lagging, state.Snapshot().Nodes[1].State);
        Silent(state, 5.6, isLate: false, index: 0);
        Silent(state, 5.7, isLate: false, index: 0);
        Answer(state, 6, inRecovery: true, PositionAt(9000), timeline: null, server: "rebuilt");
        Assert.Equal(NodeState.Up, state.Snapshot().Nodes[1].State);
    }

    [Fact]
    public void A_standby_that_takes_the_turn_serves_on_and_one_that_is_cut_off_lags()
    {
        var state = State();
        Primary(state, 0);
        Replica(state, 1, PositionAt(1));
        Answer(state, 2, inRecovery: false, PositionAt(2), timeline: 2, index: 2);
        void Report(double second, ProbeAnswer answer)
        {
            Answer(state, second - 0.1, inRecovery: false, PositionAt(second), timeline: 2, index: 2);
            state.Report(state.Nodes[1], new ProbeResult(At(second), At(second), At(second), answer, null, TimedOut: false), conclusive: false);
        }

        // The control file is late; a receiver runs, whose timeline the role may not see. While the former primary lives, it may
        // receive from that one.
        Report(12, Standby(PositionAt(12), 1) with { IsReceiving = true });
        Assert.Equal(NodeState.Lagging, state.Snapshot().Nodes[1].State);
        Silent(state, 12.1, isLate: false, index: 0);
        Silent(state, 12.2, isLate: false, index: 0);
        Report(12.5, Standby(PositionAt(12.5), 1) with { IsReceiving = true });
        Assert.Equal(NodeState.Up, state.Snapshot().Nodes[1].State);
        Report(13, Standby(PositionAt(12), 1));
        Assert.Equal(NodeState.Lagging, state.Snapshot().Nodes[1].State);
        Report(14, Standby(PositionAt(14), 2) with { ReceivedTimeline = 2, IsReceiving = true });
        Assert.Equal(NodeState.Up, state.Snapshot().Nodes[1].State);
    }

    [Fact]
    public void Failures_between_successes_take_no_node_out()
    {
        var state = State();
        for (var t = 0; t < 10; t++)
        {
            Replica(state, t, 1);
            Replica(state, t, 1, index: 2);
            state.Suspect(state.Nodes[1], failed: true);
            Replica(state, t + 0.5, 1);
            Assert.True(state.Nodes[1].ReadPool.AwaitsSuccess);
            state.Nodes[1].ReadPool.Succeeded!();
            Assert.False(state.Nodes[1].ReadPool.AwaitsSuccess);
        }

        Assert.Empty(_recorded.Of("compile_time_routing.node.ejections"));
        Assert.Equal("replica-1 replica-2", Reads(state));
    }

    [Fact]
    public void A_success_while_a_node_is_suspect_was_begun_before()
    {
        var state = State();
        for (var t = 0; t < 3; t++)
        {
            Replica(state, t, 1);
            state.Suspect(state.Nodes[1], failed: true);
            state.Succeeded(state.Nodes[1]);
        }

        Assert.Single(_recorded.Of("compile_time_routing.node.ejections"));
    }

    [Fact]
    public void After_its_time_out_one_read_tells_whether_a_node_is_good_and_then_it_gets_its_share_in_steps()
    {
        var now = Stopwatch.GetTimestamp();
        var state = State();
        state.Now = () => now;
        var t = 0.0;
        void Probe(double seconds)
        {
            now += (long)(seconds * Stopwatch.Frequency);
            Replica(state, t += 0.1, 1);
            Replica(state, t, 1, index: 2);
        }

        Probe(0);
        for (var i = 0; i < 3; i++)
        {
            state.Suspect(state.Nodes[1], failed: true);
            Probe(0);
        }

        // Out for a second, two, four and so on; each time one read is let through, which fails.
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Probe(seconds - 0.1);
            Assert.Equal("replica-2", Reads(state));
            Probe(0.2);
            var reads = Enumerable.Range(0, 20).Select(_ => state.Table.ForRead(ReadRoute.Default, out var _).NodeName).ToArray();
            Assert.Equal(["replica-1", .. Enumerable.Repeat("replica-2", 19)], reads);
            state.Suspect(state.Nodes[1], failed: true);
            Probe(0);
        }

        // One that was given up tells nothing: another one is let through.
        Probe(30.1);
        Assert.Equal("replica-1", state.Table.ForRead(ReadRoute.Default, out _).NodeName);
        Probe(1);
        Assert.Equal("replica-2", Reads(state));
        Probe(5);
        Assert.Equal("replica-1", state.Table.ForRead(ReadRoute.Default, out _).NodeName);
        state.Nodes[1].ReadPool.Succeeded!();
        Assert.InRange(ShareOf(state, "replica-1"), 0.15, 0.25);
        Probe(9);
        Assert.InRange(ShareOf(state, "replica-1"), 0.49, 0.51);
    }

    [Theory]
    [InlineData(0, 0.75)]
    [InlineData(1, 1.25)]
    public void How_long_a_node_is_out_is_a_quarter_more_or_less_by_chance(double chance, double seconds)
    {
        var now = Origin;
        var state = State();
        (state.Now, state.Chance) = (() => now, () => chance);
        for (var i = 0; i < 3; i++)
        {
            Replica(state, i, 1);
            state.Suspect(state.Nodes[1], failed: true);
        }

        now += (long)((seconds - 0.01) * Stopwatch.Frequency);
        Replica(state, 4, 1);
        Assert.DoesNotContain("replica-1", Reads(state), StringComparison.Ordinal);
        now += (long)(0.02 * Stopwatch.Frequency);
        Replica(state, 5, 1);
        Assert.Contains("replica-1", Reads(state), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_read_comes_that_may_be_tried_a_node_comes_back_by_the_probes_word_and_failures_still_count()
    {
        var now = Stopwatch.GetTimestamp();
        var state = State();
        state.Now = () => now;
        for (var i = 0; i < 3; i++)
        {
            Replica(state, i, 1);
            state.Suspect(state.Nodes[1], failed: true);
        }

        foreach (var (t, seconds) in new[] { (3, 1.1), (4, 6.0) })
        {
            now += (long)(seconds * Stopwatch.Frequency);
            Replica(state, t, 1);
            Replica(state, t, 1, index: 2);
        }

        Assert.InRange(ShareOf(state, "replica-1"), 0.15, 0.25);
        state.Suspect(state.Nodes[1], failed: true);
        Assert.Contains(_logs.Lines, static l => l.Contains("failed 4 calls in a row although probes find it good: it gets no reads for 2 seconds", StringComparison.Ordinal));
    }

    [Fact]
    public void For_a_node_that_was_away_the_probe_is_the_trial()
    {
        var state = State();
        for (var t = 0; t < 3; t++)
        {
            Replica(state, t, 1);
            state.Suspect(state.Nodes[1], failed: true);
        }

        Silent(state, 3, isLate: false);
        Silent(state, 4, isLate: false);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);
        Replica(state, 5, 1);
        Replica(state, 5, 1, index: 2);
        Assert.InRange(ShareOf(state, "replica-1"), 0.15, 0.25);
    }

    [Fact]
    public void The_primary_is_never_taken_out_for_failed_calls()
    {
        var state = State();
        for (var t = 0; t < 5; t++)
        {
            Primary(state, t);
            state.Suspect(state.Nodes[0], failed: true);
        }

        Assert.Empty(_recorded.Of("compile_time_routing.node.ejections"));
    }

    [Fact]
    public void A_sole_replica_with_one_broken_connection_serves_what_the_primary_may_not()
    {
        var state = State();
        Primary(state, 0);
        Replica(state, 0, PositionAt(0));
        Silent(state, 0, isLate: false, index: 2);
        Silent(state, 1, isLate: false, index: 2);
        state.Reconfigure(state.Nodes, new OverloadSettings(OverloadPolicy.Shed, 0, TimeSpan.FromSeconds(5)), new(BalancingMode.Default), new Dictionary<ClusterNode, ProbeResult>());
        state.Suspect(state.Nodes[1], failed: false);
        Assert.Equal("replica-1", Reads(state));
        for (var t = 1; t < 20; t++)
            Primary(state, t);
        Replica(state, 20, PositionAt(0));
        Assert.Throws<ReadOverloadException>(() => state.Table.ForRead(ReadRoute.Default, out _));
    }

    [Fact]
    public void A_group_whose_only_replica_was_promoted_is_served_as_if_that_were_down()
    {
        foreach (var limit in new[] { 10, 0 })
        {
            var state = Promoted(limit, "analytics", null);
            Assert.Equal("replica-2", Reads(state));
            Assert.Equal(limit == 0 ? null : "replica-1 spill", ReadOf(state, "analytics"));
        }
    }

    [Fact]
    public void Reads_without_a_group_stay_off_the_groups_where_the_only_replica_without_one_was_promoted()
    {
        foreach (var limit in new[] { 10, 0 })
        {
            var state = Promoted(limit, null, "analytics");
            Assert.Equal(limit == 0 ? null : "replica-1 spill", ReadOf(state, null));
            Assert.Equal("replica-2 replica", ReadOf(state, "analytics"));

            // The former primary, which is in no group, takes its place.
            Answer(state, 9, inRecovery: true, PositionAt(9), timeline: 2, index: 0);
            Assert.Equal("primary-read-only", Reads(state));
            Assert.Equal("replica-2 replica", ReadOf(state, "analytics"));
        }
    }

    [Fact]
    public void Where_every_replica_has_a_group_a_former_primary_shares_the_reads_without_one()
    {
        var state = Promoted(10, "a", "b");
        Assert.Equal("replica-2", Reads(state));
        Answer(state, 9, inRecovery: true, PositionAt(9), timeline: 2, index: 0);
        Assert.Equal("primary-read-only replica-2", Reads(state));
        Assert.Equal("replica-1 spill", ReadOf(state, "a"));
        Assert.Contains("(configured: a, b)", Assert.Throws<InvalidOperationException>(() => ReadOf(state, "c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_primarys_limit_counts_where_the_only_replica_is_the_primary_now()
    {
        Assert.Equal("replica-1 spill", ReadOf(Promoted(10, [null]), null));
        Assert.Null(ReadOf(Promoted(0, [null]), null));
    }

    [Fact]
    public void After_a_refused_write_the_primary_is_known_by_a_probe_or_when_it_is_another_one()
    {
        var state = State();
        Primary(state, 0);
        Replica(state, 0, PositionAt(0));
        Assert.True(state.IsPrimaryKnown("primary"));
        state.Suspect(state.Nodes[0], failed: true);
        Assert.False(state.IsPrimaryKnown("primary"));
        Primary(state, 1);
        Assert.True(state.IsPrimaryKnown("primary"));
        Answer(state, 2, inRecovery: true, PositionAt(2), timeline: 1, index: 0);
        Assert.False(state.IsPrimaryKnown("primary"));
        Answer(state, 3, inRecovery: false, PositionAt(3), timeline: 2);
        Assert.True(state.IsPrimaryKnown("primary"));
    }

    [Fact]
    public void What_a_server_of_an_unknown_cluster_was_on_keeps_the_primary_from_nothing()
    {
        // While the primary is down, only somebody else's answers, who doesn't tell.
        var state = State();
        Silent(state, 0, isLate: false, index: 0);
        Silent(state, 1, isLate: false, index: 0);
        Answer(state, 2, inRecovery: false, PositionAt(2), timeline: 9, system: null);
        Assert.Equal("replica-1", state.Snapshot().Primary);
        Primary(state, 3);
        Assert.Equal("primary", state.Snapshot().Primary);
        Assert.Equal(NodeState.Down, state.Snapshot().Nodes[1].State);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void The_timeline_of_a_node_that_was_taken_out_keeps_the_primary_from_nothing(long? system)
    {
        var state = State();
        Answer(state, 0, inRecovery: false, PositionAt(0), timeline: 1, index: 0, system: system);
        Answer(state, 1, inRecovery: false, PositionAt(1), timeline: 9, index: 2, system: system);
        Assert.Equal("replica-2", state.Snapshot().Primary);
        Reconfigure(state, state.Nodes[..2]);
        Assert.Equal("primary", state.Snapshot().Primary);
    }

    [Fact]
    public void While_the_successor_of_a_former_primary_stays_configured_its_timeline_counts()
    {
        var state = State();
        Primary(state, 0);
        Answer(state, 1, inRecovery: false, PositionAt(1), timeline: 2);
        Silent(state, 2, isLate: false);
        Silent(state, 3, isLate: false);
        Reconfigure(state, state.Nodes[..2]);
        Assert.Null(state.Snapshot().Primary);
        Assert.Contains("former primary", state.Snapshot().Nodes[0].Problem, StringComparison.Ordinal);

        // By another way, too, which leads to nobody yet.
        var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid", Replicas = [new() { ConnectionString = "Host=one.invalid;Timeout=3" }] });
        _disposables.Add(source);
        Reconfigure(state, [state.Nodes[0], source.Nodes[1]]);
        Assert.Null(state.Snapshot().Primary);
    }

    [Fact]
    public void Another_cluster_at_the_same_addresses_is_taken_over_once_nobody_of_the_one_before_answers()
    {
        var state = State();
        Answer(state, 0, inRecovery: false, PositionAt(0), timeline: 5, index: 0);
        Answer(state, 0, inRecovery: true, PositionAt(0), timeline: 5);
        Answer(state, 0, inRecovery: true, PositionAt(0), timeline: 5, index: 2);
        Assert.True(state.TryTimeOf(new ConsistencyToken(1, 5, PositionAt(0)), out _));
        foreach (var index in new[] { 0, 1 })
        {
            Silent(state, 1, isLate: false, index);
            Silent(state, 2, isLate: false, index);
        }

        // One is left, and then silent for a moment, which isn't enough.
        New(3, inRecovery: false, index: 0);
        AssertNotTaken();
        Silent(state, 4, isLate: false, index: 2);
        New(4, inRecovery: false, index: 0);
        AssertNotTaken();
        Silent(state, 5, isLate: false, index: 2);
        Assert.Equal(("primary", NodeState.Up), (state.Snapshot().Primary, state.Snapshot().Nodes[0].State));
        Assert.Equal(2, state.SystemId);
        Assert.True(state.IsForeign(new ConsistencyToken(1, 5, PositionAt(0))));
        Assert.False(state.TryTimeOf(new ConsistencyToken(1, 1, PositionAt(0)), out _));

        // Its replicas serve as they come, by its own positions.
        New(6, inRecovery: false, index: 0);
        New(7, inRecovery: true, index: 1);
        Assert.Equal((NodeState.Up, true), (state.Snapshot().Nodes[1].State, state.Nodes[1].ReadPool.CoveredAt >= At(6)));
        Answer(state, 8, inRecovery: true, PositionAt(8), timeline: 5, index: 2);
        Assert.Equal((NodeState.Down, "primary"), (state.Snapshot().Nodes[2].State, state.Snapshot().Primary));
        Assert.Single(_logs.Lines, static l => l.Contains("Another cluster (system identifier 2) has taken the place of the one before (1)", StringComparison.Ordinal));
        Assert.Single(state.Snapshot().RecentChanges, static c => c.Kind == ClusterChangeKind.ClusterReplaced);

        void New(double second, bool inRecovery, int index) =>
            Answer(state, second, inRecovery, PositionAt(second - 6), timeline: 1, index, server: $"new {index}", system: 2);

        void AssertNotTaken()
        {
            Assert.Null(state.Snapshot().Primary);
            Assert.Equal(1, state.SystemId);
            Assert.Contains("belongs to another cluster than before", state.Snapshot().Nodes[0].Problem, StringComparison.Ordinal);
        }
    }

    private static void Reconfigure(ClusterState state, ImmutableArray<ClusterNode> nodes) => state.Reconfigure(
        nodes, state.Table.Overload, new(BalancingMode.Default), new Dictionary<ClusterNode, ProbeResult>());

    // The first replica takes over from the primary, which died.
    private ClusterState Promoted(int limit, params string?[] groups)
    {
        var state = State(groups: groups, limit: limit);
        Primary(state, 0);
        for (var i = 1; i < state.Nodes.Length; i++)
            Replica(state, 0, PositionAt(0), index: i);
        Silent(state, 1, isLate: false, index: 0);
        Silent(state, 2, isLate: false, index: 0);
        Answer(state, 3, inRecovery: false, PositionAt(3), timeline: 2);
        Assert.Equal("replica-1", state.Snapshot().Primary);
        return state;
    }

    // The node and why; null where the read is refused.
    private static string? ReadOf(ClusterState state, string? group)
    {
        try
        {
            return $"{state.Table.ForRead(new ReadRoute("R", group: group), out var reason).NodeName} {reason.Text()}";
        }
        catch (ReadOverloadException)
        {
            return null;
        }
    }

    private ClusterState State(BalancingSettings? balancing = null, string?[]? groups = null, int limit = 10)
    {
        groups ??= [null, null];
        string[] regions = ["east", "west"];
        var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = "Host=nowhere.invalid",
            Replicas = [.. groups.Select((group, i) => new ReplicaOptions { ConnectionString = $"Host={(i == 0 ? "one" : "two")}.invalid", Region = regions[i], Group = group })],
        });
        var metrics = new RoutingMetrics("state", new RoutingInstruments(_meter));
        _disposables.AddRange([source, metrics]);

        // Time goes on where a test says so, however long the tests before it took.
        return new ClusterState(source.Nodes, new OverloadSettings(OverloadPolicy.Shed, limit, TimeSpan.FromSeconds(5)), balancing ?? new(BalancingMode.Default), _logs, metrics)
        {
            Now = static () => Origin,
            Chance = static () => 0.5,
        };
    }

    // The primary writes two hundred bytes each second.
    private static ulong PositionAt(double second) => (ulong)(1000 + (second * 200));

    private static long At(double second) => Origin + (long)(second * Stopwatch.Frequency);

    private static void Primary(ClusterState state, double second) => Answer(state, second, inRecovery: false, PositionAt(second), timeline: 1, index: 0);

    private static void Replica(ClusterState state, double second, ulong position, double milliseconds = 0, int index = 1) =>
        Answer(state, second, inRecovery: true, position, timeline: null, index, milliseconds);

    private static void Answer(
        ClusterState state, double second, bool inRecovery, ulong position, uint? timeline, int index = 1, double milliseconds = 0, string? server = null,
        long? system = 1) => state.Report(
            state.Nodes[index],
            new ProbeResult(
                At(second), At(second), At(second + (milliseconds / 1000)),
                new ProbeAnswer(new ServerIdentity("18.0", true, server ?? $"start {index}", system), inRecovery, position, timeline), null, TimedOut: false),
            conclusive: false);

    private static ProbeAnswer Standby(ulong position, uint? timeline) => new(new ServerIdentity("18.0", true, "start 1", 1), true, position, timeline);

    private static void Silent(ClusterState state, double second, bool isLate, int index = 1) => state.Report(
        state.Nodes[index], new ProbeResult(At(second), At(second), At(second + 1), null, "it did not answer", TimedOut: true, IsLate: isLate), conclusive: false);

    private static void Refused(ClusterState state, double second, int index = 1) => state.Report(
        state.Nodes[index], new ProbeResult(At(second), At(second), At(second), null, "it refused the password", TimedOut: false, IsRefused: true), conclusive: false);

    private static ReplicaUse Use(ClusterState state)
    {
        var nodes = Reads(state);
        return nodes.Contains("replica-1", StringComparison.Ordinal) ? ReplicaUse.InService
            : state.Snapshot().Nodes[1].State == NodeState.Down ? ReplicaUse.None : ReplicaUse.Suspect;
    }

    private static double ShareOf(ClusterState state, string node) =>
        Enumerable.Range(0, 1000).Count(_ => state.Table.ForRead(ReadRoute.Default, out var _).NodeName == node) / 1000.0;

    private static string Reads(ClusterState state) => string.Join(
        ' ', Enumerable.Range(0, 50).Select(_ => state.Table.ForRead(ReadRoute.Default, out var _).NodeName).Distinct().Order(StringComparer.Ordinal));
}
