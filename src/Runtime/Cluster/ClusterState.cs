using System.Collections.Immutable;
using System.Diagnostics;
using CompileTimeRouting.Cluster.Balancing;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// What is known of the nodes, and the routing that follows from it. Probes and failed calls report here; calls take the
/// table that is there. Safe for use by many threads.
/// </summary>
internal sealed partial class ClusterState
{
    private const int MaxLateTimeouts = 2;

    /// <summary>How long a node that was away takes to get its full share again.</summary>
    internal static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(8);

    private const int SlowStartSteps = 4;

    // The longest interval by which a node is asked again that is down, or may be.
    private static readonly TimeSpan LongestWhileDown = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger;
    private readonly RoutingMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly PositionHistory _history = new();
    private readonly RecentChanges _changes = new();
    private ImmutableArray<ClusterNode> _nodes;
    private OverloadSettings _overload;
    private BalancingSettings _balancing;
    private double _primaryWeight;
    private ImmutableArray<NodeFacts> _facts;
    private ClusterVerdict _verdict;
    private ImmutableArray<RoutingTable.ReplicaEntry> _entries;
    private volatile RoutingTable _table;
    private long? _systemId;
    private bool _isSystemCertain;
    private uint _newestTimeline;
    private ClusterNode? _newestTimelineOf;
    private ClusterNode? _historyOf;
    private uint _historyTimeline;
    private string? _historyRun;
    private string? _historyStart;
    private volatile string? _followedRun;
    private uint? _ambiguousTimeline;
    private ClusterNode? _lastPrimary;
    private DateTimeOffset _primaryGoneSince;
    private bool _replicasGone;

    public ClusterState(ImmutableArray<ClusterNode> nodes, OverloadSettings overload, BalancingSettings balancing, ILogger logger, RoutingMetrics metrics)
    {
        _nodes = nodes;
        _overload = overload;
        _balancing = balancing;
        _logger = logger;
        _metrics = metrics;
        _facts = [.. nodes.Select(static _ => NodeFacts.None)];
        _verdict = Weigh();
        _lastPrimary = PrimaryNode;
        _primaryWeight = PrimaryWeight(nodes);
        _entries = Entries(Now());
        _table = new RoutingTable(Primary(), _entries, overload, balancing: balancing.Mode, metrics: metrics);
        foreach (var node in nodes)
            Listen(node);
    }

    /// <summary>Called with a node that is to be probed at once.</summary>
    public Action<ClusterNode>? ProbeWanted { get; set; }

    /// <summary>Called when a probe's answer was taken over: a read may wait for just that.</summary>
    public Action? AnswerTaken { get; set; }

    public RoutingTable Table => _table;

    /// <summary>The run of the server whose positions are collected; null where none are. Who finds another one finds nothing covered by the one before.</summary>
    public string? FollowedRun => _followedRun;

    public ImmutableArray<ClusterNode> Nodes
    {
        get
        {
            lock (_lock)
                return _nodes;
        }
    }

    /// <summary>The node that is the primary now.</summary>
    public ClusterNode? CurrentPrimary
    {
        get
        {
            lock (_lock)
                return PrimaryNode;
        }
    }

    /// <summary>The cluster's system identifier; null while it isn't known.</summary>
    public long? SystemId
    {
        get
        {
            lock (_lock)
                return _systemId is OwnSystem.Unclear ? null : _systemId;
        }
    }

    /// <summary>Whether it is known who takes writes after a node took none: another one, or that one by its own word since.</summary>
    /// <param name="refusedBy">The name of that node.</param>
    public bool IsPrimaryKnown(string refusedBy)
    {
        lock (_lock)
            return _verdict.Primary is { } index && (_nodes[index].Name != refusedBy || !_facts[index].IsSuspect);
    }

    /// <summary>Has all nodes probed at once.</summary>
    public void WantProbes()
    {
        foreach (var node in Nodes)
            ProbeWanted?.Invoke(node);
    }

    private ClusterNode? PrimaryNode => _verdict.Primary is { } index ? _nodes[index] : null;

    /// <summary>The time by <see cref="Stopwatch"/>, which tests make up.</summary>
    internal Func<long> Now { get; set; } = Stopwatch.GetTimestamp;

    /// <summary>A fault that tests build in.</summary>
    internal ConsistencyMutation Mutation { get; set; }

    /// <param name="readReplicasEnabled">What the options say.</param>
    public ClusterSnapshot Snapshot(bool readReplicasEnabled = true)
    {
        lock (_lock)
        {
            var primary = PrimaryNode?.Name;
            return new ClusterSnapshot(
                [.. _nodes.Select((node, i) => new NodeSnapshot(node, _facts[i], _verdict.Statuses[i]))],
                primary, primary is null ? _primaryGoneSince : null, _overload.LagThreshold, readReplicasEnabled, _changes.All);
        }
    }

    /// <summary>Whether a node answers and is of use, be it late.</summary>
    public bool Serves(ClusterNode node)
    {
        lock (_lock)
            return _nodes.IndexOf(node) is >= 0 and var index && _verdict.Statuses[index].State is NodeState.Up or NodeState.Lagging;
    }

    /// <summary>The connections that a node gives to roles without privileges; null where that isn't known.</summary>
    public int? ConnectionLimit(ClusterNode node)
    {
        lock (_lock)
            return _nodes.IndexOf(node) is >= 0 and var index ? _facts[index].Answer?.Identity.ConnectionLimit : null;
    }

    /// <summary>How soon to probe a node again.</summary>
    /// <param name="node">The node.</param>
    /// <param name="interval">How often it is probed while all is well.</param>
    public TimeSpan PauseBeforeProbe(ClusterNode node, TimeSpan interval)
    {
        lock (_lock)
        {
            var index = _nodes.IndexOf(node);
            if (index < 0)
                return interval;
            var fact = _facts[index];

            // More attempts would take the places that are missing.
            if (fact.IsFull)
                return interval;

            // However seldom nodes are asked that are well: one that isn't keeps calls from it until it has answered.
            var mayBeDown = fact.IsSuspect || fact.Timeouts == 1 || fact.LateTimeouts > 0;
            var isDown = fact.Failure is not null || _verdict.Primary is null;
            if (mayBeDown || isDown)
                interval = TimeSpan.FromTicks(Math.Min(interval.Ticks, LongestWhileDown.Ticks));
            if (mayBeDown)
                return interval * 0.1;
            if (fact is { InRecovery: true, Failure: null, Refusal: null } && !_history.IsEmpty && fact.CoveredAt is null)
                return interval * 0.2;
            return isDown || fact.IsLagging ? interval * 0.5 : interval;
        }
    }

    /// <summary>
    /// Swaps the nodes in one step. What is known of those that stay, stays known; one that is new gets calls once it has
    /// answered; one that is gone gets none from now on.
    /// </summary>
    /// <param name="nodes">The nodes, in the order of the configuration.</param>
    /// <param name="overload">What happens to reads that no replica may serve.</param>
    /// <param name="balancing">How reads are shared.</param>
    /// <param name="answers">What new nodes have answered already.</param>
    public void Reconfigure(
        ImmutableArray<ClusterNode> nodes, OverloadSettings overload, BalancingSettings balancing, IReadOnlyDictionary<ClusterNode, ProbeResult> answers)
    {
        var effects = new List<Action>();
        lock (_lock)
        {
            var (nodesBefore, factsBefore, statusesBefore) = (_nodes, _facts, _verdict.Statuses);
            foreach (var node in nodes.Where(node => !nodesBefore.Contains(node)))
                Listen(node);
            if (!nodes.SequenceEqual(nodesBefore))
                _changes.Add(ClusterChangeKind.NodesChanged, detail: $"Joined: {Names(nodes.Except(nodesBefore))}. Left: {Names(nodesBefore.Except(nodes))}.");
            _nodes = nodes;
            _overload = overload;
            _balancing = balancing;
            _primaryWeight = PrimaryWeight(nodes);
            _facts = [.. nodes.Select(node => nodesBefore.IndexOf(node) is >= 0 and var i ? factsBefore[i] : NodeFacts.Joining)];

            // A server that was taken out was none of the cluster's, perhaps. One that is reached in another way stays.
            if (_newestTimelineOf is { } newest && !nodes.Any(node => node.Address.Equals(newest.Address, StringComparison.OrdinalIgnoreCase)))
                FindNewestTimeline();
            var statuses = nodes.Select(node => nodesBefore.IndexOf(node) is >= 0 and var i ? statusesBefore[i] : new NodeStatus(NodeState.Unverified, node.ConfiguredRole, null));
            var (joined, before) = (_facts, new ClusterVerdict([.. statuses], null, null));
            for (var i = 0; i < nodes.Length; i++)
            {
                if (answers.GetValueOrDefault(nodes[i]) is { } result)
                    Note(i, Found(_facts[i], result, conclusive: true), result);
            }

            _verdict = Weigh();
            Settle(joined, before, effects);
        }

        foreach (var effect in effects)
            effect();
    }

    /// <summary>Takes over what a probe found.</summary>
    /// <param name="node">The node; one that isn't in use any more is passed over.</param>
    /// <param name="result">What was found.</param>
    /// <param name="conclusive">Whether one time-out is enough to call the node gone.</param>
    public void Report(ClusterNode node, ProbeResult result, bool conclusive)
    {
        bool restarted;
        List<Action> effects;
        lock (_lock)
        {
            var index = _nodes.IndexOf(node);
            if (index < 0 || result.RequestedAt < _facts[index].ProbedAt)
                return;
            var before = _facts[index];
            restarted = before.Answer is { } earlier && result.Answer is { } answer && earlier.Identity.Run != answer.Identity.Run;
            var found = Found(before, result, conclusive);
            if (found.IsFull && !before.IsFull)
            {
                _changes.Add(ClusterChangeKind.NodeFull, node.Name, result.Problem);
                Log.NodeFull(_logger, node.Name, result.Problem);
            }

            effects = Take(index, found, result);
        }

        if (restarted)
        {
            // Its old connections are dead, and would fail one call each.
            node.ReadPool.Clear();
            node.WritePool.Clear();
            node.WarmUp(result.Answer!.InRecovery ? NodeRole.Replica : NodeRole.Primary);
        }

        foreach (var effect in effects)
            effect();
        if (result.Answer is not null)
            AnswerTaken?.Invoke();
    }

    /// <summary>
    /// Whether a node is to be asked for its position so that replicas come to cover a time: the primary until it was asked
    /// after that time, then each replica until it has replayed what the primary said.
    /// </summary>
    public bool IsPositionWanted(ClusterNode node, long time)
    {
        lock (_lock)
        {
            var index = _nodes.IndexOf(node);
            if (index < 0 || _facts[index] is not { HasAnswered: true, Refusal: null } || _verdict.Statuses[index].State == NodeState.Down)
                return false;
            if (index == _verdict.Primary)
                return _history.IsEmpty || _history.NewestRequest < time;

            // Whoever began to wait after the primary was asked doesn't keep the others from what it said.
            return !_history.IsEmpty && _facts[index].InRecovery && !(_facts[index].CoveredAt >= Math.Min(time, _history.NewestRequest));
        }
    }

    /// <summary>Takes over a position alone. Where the answer tells more than that, a probe is asked for, which takes all of it.</summary>
    public void ReportPosition(ClusterNode node, ProbeAnswer answer, long questionAt, long endedAt)
    {
        lock (_lock)
        {
            var index = _nodes.IndexOf(node);
            if (index < 0)
                return;
            var fact = _facts[index];
            if (fact is { HasAnswered: true, Answer: { } known } && known.InRecovery == answer.InRecovery
                && known.Identity.Run == answer.Identity.Run && answer.Position is { } position && !_history.IsEmpty)
            {
                if (index == _verdict.Primary && answer.Timeline == _historyTimeline)
                {
                    _history.Add(Mutation == ConsistencyMutation.TimeAfterAnswer ? endedAt : questionAt, position);
                    return;
                }

                if (answer.InRecovery)
                {
                    var covered = IsOnHistory(answer) ? Later(_history.CoveredAt(position), fact, answer) : null;
                    _facts = _facts.SetItem(index, fact with { CoveredAt = covered });
                    node.ReadPool.Cover(node.Pooler == Pooler.None ? known.Identity.Run : null, covered ?? 0);
                    return;
                }
            }
        }

        ProbeWanted?.Invoke(node);
    }

    /// <summary>What a token of another process asks of this one's replicas.</summary>
    /// <param name="token">The token.</param>
    /// <param name="time">A time that only replicas cover that have the token's position; 0 where none is known.</param>
    /// <returns>Whether the token is of this history.</returns>
    public bool TryTimeOf(ConsistencyToken token, out long time)
    {
        time = 0;
        lock (_lock)
        {
            if (token.SystemId != _systemId || token.Timeline != _historyTimeline || token.Timeline == _ambiguousTimeline)
                return false;
            time = _history.TimeOf(token.Position) ?? 0;
            return true;
        }
    }

    /// <summary>Whether a token is known to be of another cluster.</summary>
    public bool IsForeign(ConsistencyToken token)
    {
        lock (_lock)
            return _isSystemCertain && _systemId is { } own && token.SystemId != OwnSystem.Unclear && token.SystemId != own;
    }

    /// <summary>Whether a token is of a later timeline than the one that is followed: there is a primary that isn't known here yet.</summary>
    public bool IsOfLaterTimeline(ConsistencyToken token)
    {
        lock (_lock)
            return token.SystemId == _systemId && token.Timeline > _historyTimeline;
    }

    /// <summary>A token of this history that asks for all that was written before somebody goes on from it.</summary>
    public ConsistencyToken Everything
    {
        get
        {
            lock (_lock)
                return new ConsistencyToken(_systemId ?? OwnSystem.Unclear, _historyTimeline, ulong.MaxValue);
        }
    }

    /// <summary>A connection led to another server than the one that is followed: it is looked again who is at the address.</summary>
    public void LeadsElsewhere(NodePool pool)
    {
        ClusterNode? node;
        lock (_lock)
            node = _nodes.FirstOrDefault(node => node.WritePool == pool || node.ReadPool == pool);
        if (node is null)
            return;
        node.Renew();
        ProbeWanted?.Invoke(node);
    }

    /// <summary>How the primary's positions are to be read, and the cluster's system identifier.</summary>
    public (WalLayout Layout, long? SystemId) PrimaryIdentity
    {
        get
        {
            lock (_lock)
                return (_verdict.Primary is { } primary ? _facts[primary].Answer?.Identity.Layout ?? WalLayout.Usual : WalLayout.Usual, _systemId);
        }
    }

    /// <summary>A position that the primary reached after a time, where one is known already.</summary>
    public ConsistencyToken? TokenAfter(long time)
    {
        lock (_lock)
        {
            return !_history.IsEmpty && _history.NewestRequest >= time && _systemId is { } systemId && PrimaryNode == _historyOf
                ? new ConsistencyToken(systemId, _historyTimeline, _history.Newest) : null;
        }
    }

    private void Listen(ClusterNode node)
    {
        node.Suspected = () => Suspect(node, failed: false);
        node.Failed = () => Suspect(node, failed: true);
        node.ReadPool.Succeeded = () => Succeeded(node);
    }

    // A primary that comes back as a standby gets as many reads as the average of the others.
    private static double PrimaryWeight(ImmutableArray<ClusterNode> nodes) =>
        nodes.Where(static n => n.ConfiguredRole == NodeRole.Replica && n.Weight > 0).Select(static n => n.Weight).DefaultIfEmpty(1).Average();

    private NodeFacts Found(NodeFacts before, ProbeResult result, bool conclusive)
    {
        var now = before with { ProbedAt = result.RequestedAt, LastChecked = DateTimeOffset.UtcNow };
        return result.Answer is { } answer ? Answered(now, answer, result) : Unanswered(now, result, conclusive);
    }

    private NodeFacts Answered(NodeFacts before, ProbeAnswer answer, ProbeResult result)
    {
        var roundTrip = Stopwatch.GetElapsedTime(result.QuestionAt, result.EndedAt);
        var now = before with
        {
            Answer = answer,
            Failure = null,
            Refusal = null,
            Timeouts = 0,
            LateTimeouts = 0,
            IsSuspect = false,
            IsFull = false,

            // For a node that was away the probe is the trial.
            Failures = before.Failure is null ? before.Failures : 0,
            EjectedUntil = before.Failure is null ? before.EjectedUntil : 0,
            TrialAt = before.Failure is null ? before.TrialAt : 0,
            RoundTrip = roundTrip,
            AverageRoundTrip = NearReplicas.Average(before.AverageRoundTrip, roundTrip),
            AnsweredAt = result.EndedAt,
            BackSince = before.Failure is not null || before is { Answer: null, IsJoining: true } ? result.EndedAt : before.BackSince,
        };
        return answer.InRecovery ? Measured(before, now, answer, result) : now with { CoveredAt = null, Lag = null, LagBytes = null, IsLagging = false, HasDiverged = false };
    }

    private NodeFacts Unanswered(NodeFacts before, ProbeResult result, bool conclusive)
    {
        // Full is not gone: its pooled connections work. But how far behind a standby is, its last word doesn't say for ever.
        if (result.IsOverload && before.Answer is not null)
        {
            var isUnknown = before is { HasAnswered: true, InRecovery: true } && Stopwatch.GetElapsedTime(before.AnsweredAt, result.EndedAt) > _overload.LagThreshold;
            return before with { IsFull = true, IsSuspect = false, Timeouts = 0, Refusal = isUnknown ? result.Problem : before.Refusal };
        }

        before = before with { IsFull = false, Refusal = null };

        // Who refuses is alive. What he had answered counts on, and his sessions, but for what it says of positions: he may
        // be another server by now. One that was gone in between may have another role, too.
        if (result.IsRefused)
        {
            return before with
            {
                Refusal = result.Problem, Failure = before.HasAnswered ? null : result.Problem, CoveredAt = null,
                IsSuspect = false, Timeouts = 0, LateTimeouts = 0,
            };
        }

        // A process without a processor would find all its nodes gone at once. But not for ever: then their silence counts.
        if (result.IsLate && !conclusive && before.LateTimeouts < MaxLateTimeouts)
            return before with { LateTimeouts = before.LateTimeouts + 1 };
        before = before with { LateTimeouts = 0 };
        if (!result.TimedOut || conclusive || before.Answer is null || before.Failure is not null || before.Timeouts > 0)
            return before with { Failure = result.Problem, Timeouts = result.TimedOut ? before.Timeouts + 1 : 0, IsSuspect = false };

        // A busy machine is silent for a moment, too: the second silence counts.
        return before with { Timeouts = 1, IsSuspect = true };
    }

    // Called under the lock. What it returns is to be done outside of it.
    private List<Action> Take(int index, NodeFacts fact, ProbeResult? result)
    {
        var effects = new List<Action>();
        var (factsBefore, before) = (_facts, _verdict);
        Note(index, fact, result);
        Settle(factsBefore, before, effects);
        return effects;
    }

    private void Note(int index, NodeFacts fact, ProbeResult? result)
    {
        _facts = _facts.SetItem(index, fact);
        if (!_isSystemCertain)
            FindSystem();
        else if (_systemId is { } own && OwnSystem.SuccessorOf(own, _nodes, _facts) is { } successor)
            FollowSystem(own, successor);

        _verdict = Weigh();
        if (_verdict.Primary is not { } primary || _facts[primary].Answer is not { InRecovery: false, Timeline: { } timeline } written)
            return;
        if (timeline > _newestTimeline)
            (_newestTimeline, _newestTimelineOf) = (timeline, _nodes[primary]);

        // A position means nothing on another history, and after a crash a part of it can be written a second time.
        if (_nodes[primary] != _historyOf || timeline != _historyTimeline || written.Identity.Run != _historyRun)
        {
            // Of two standbys of one primary that were promoted, neither of which knew of the other, each has called its timeline
            // the next one, never the first: which of the two a standby follows can't be told by the number. One server that was
            // started again at another address looks the same.
            if (timeline == _historyTimeline && timeline > 1 && timeline != _ambiguousTimeline
                && AddressOf(_nodes[primary]) != AddressOf(_historyOf!) && written.Identity.StartTime != _historyStart)
            {
                _ambiguousTimeline = timeline;
                var (here, before) = (AddressOf(_nodes[primary]), AddressOf(_historyOf!));
                _changes.Add(ClusterChangeKind.HistoryUnclear, _nodes[primary].Name, $"{before} wrote on timeline {timeline} before, {here} does now.");
                Log.HistoryUnclear(_logger, _nodes[primary].Name, here, before, timeline);
            }

            // Who lagged before does so still.
            var isTurn = timeline != _historyTimeline;
            _history.Clear();
            (_historyOf, _historyTimeline, _historyRun, _historyStart) = (_nodes[primary], timeline, written.Identity.Run, written.Identity.StartTime);
            _facts = [.. _facts.Select(f => f with { CoveredAt = null, Lag = f.IsLagging ? f.Lag : null, LagBytes = null, HasDiverged = f.HasDiverged && !isTurn })];
            _verdict = Weigh();
        }

        if (primary == index && result?.Answer?.Position is { } position)
        {
            _history.Add(Mutation == ConsistencyMutation.TimeAfterAnswer ? result.EndedAt : result.QuestionAt, position);
            NoteThoseAhead(position, result.QuestionAt);
        }
    }

    private void FindSystem()
    {
        var before = _systemId;
        (_systemId, _isSystemCertain) = OwnSystem.Of(_nodes, _facts);

        // A primary that was followed before may have been another cluster's.
        if (_systemId != before)
            FindNewestTimeline();
    }

    // Nothing of the cluster before counts in the one that has taken its place.
    private void FollowSystem(long former, long successor)
    {
        _changes.Add(ClusterChangeKind.ClusterReplaced);
        Log.ClusterReplaced(_logger, former, successor);
        _systemId = successor;
        _history.Clear();
        (_historyOf, _historyTimeline, _historyRun, _historyStart, _ambiguousTimeline) = (null, 0, null, null, null);
        _facts = [.. _facts.Select(static f => f with { CoveredAt = null, Lag = null, LagBytes = null, HasReached = false, HasDiverged = false })];
        FindNewestTimeline();
    }

    // The highest timeline of the cluster's servers that take writes, or did when they last answered.
    private void FindNewestTimeline()
    {
        (_newestTimeline, _newestTimelineOf) = (0, null);
        for (var i = 0; i < _nodes.Length; i++)
        {
            if (_facts[i].Answer is { InRecovery: false, Timeline: { } timeline } answer && timeline > _newestTimeline
                && (_systemId is null || answer.Identity.SystemId == _systemId))
                (_newestTimeline, _newestTimelineOf) = (timeline, _nodes[i]);
        }
    }

    // Tells what has changed, and has the calls follow it.
    private void Settle(ImmutableArray<NodeFacts> factsBefore, ClusterVerdict before, List<Action> effects)
    {
        NoteDistances();
        NotePrimary(effects);
        NoteReplicas();
        for (var i = 0; i < _nodes.Length; i++)
        {
            // Through a pooler one connection leads to one server run after another: nothing of it counts for a session.
            var run = _nodes[i].Pooler == Pooler.None ? _facts[i].Answer?.Identity.Run : null;
            _nodes[i].ReadPool.Cover(run, _facts[i].HasAnswered ? _facts[i].CoveredAt ?? 0 : 0);
            NoteTrial(i);
            _nodes[i].ReadPool.IsAway = _facts[i].IsGone;
            _nodes[i].WritePool.IsAway = i != _verdict.Primary;
            _nodes[i].ReadPool.IsStandby = _facts[i] is { HasAnswered: true, InRecovery: true, IsSuspect: false };
            NoteNode(i, before.Statuses[i], _verdict.Statuses[i], factsBefore[i], effects);
        }

        // What the one before was known to cover is forgotten by now.
        _followedRun = _historyRun;
        var entries = Entries(Now());
        var entry = Primary();

        // Not for every probe: a table's turns are built anew.
        if (entry != _table.Primary || _overload != _table.Overload || _balancing.Mode != _table.Balancing || !entries.AsSpan().SequenceEqual(_entries.AsSpan()))
        {
            _entries = entries;
            _table = new RoutingTable(entry, entries, _overload, _table, _balancing.Mode, _metrics);
        }
    }

    private ClusterVerdict Weigh() => ClusterVerdict.Of(_nodes, _facts, _systemId, _newestTimeline, _overload.LagThreshold);

    private PrimaryEntry Primary() => _verdict.Primary is { } index
        ? new PrimaryEntry(_nodes[index].WritePool, _nodes[index].ReadPool)
        : new PrimaryEntry(null, null, _primaryGoneSince, _verdict.WriteProblem);

    private ImmutableArray<RoutingTable.ReplicaEntry> Entries(long now)
    {
        var entries = ImmutableArray.CreateBuilder<RoutingTable.ReplicaEntry>();
        for (var i = 0; i < _nodes.Length; i++)
        {
            var (node, fact, status) = (_nodes[i], _facts[i], _verdict.Statuses[i]);

            // A replica that was promoted stays one of its group, as if it were down.
            var isConfigured = node.ConfiguredRole == NodeRole.Replica;
            if (!isConfigured && (i == _verdict.Primary || status is not { State: NodeState.Up or NodeState.Lagging, Role: NodeRole.Replica }))
                continue;
            var use = i == _verdict.Primary || status.Role != NodeRole.Replica || status.State == NodeState.Down || fact is { IsJoining: true, Answer: null } ? ReplicaUse.None
                : status.State == NodeState.Lagging ? ReplicaUse.Lagging
                : fact.IsSuspect || fact.EjectedUntil > now ? ReplicaUse.Suspect
                : fact.EjectedUntil != 0 ? ReplicaUse.OnTrial
                : ReplicaUse.InService;
            var weight = isConfigured ? node.Weight : _primaryWeight;
            entries.Add(new(node.ReadPool, weight * Ramp(fact, now), node.Group, use, IsElsewhere(node), fact.IsFar, isConfigured));
        }

        return entries.ToImmutable();
    }

    private bool IsElsewhere(ClusterNode node) => _balancing.Region is { } region && node.Region != region;

    // Who is nearer matters among those that could serve the same reads.
    private void NoteDistances()
    {
        if (_balancing.Mode != BalancingMode.Nearest)
        {
            if (_facts.Any(static f => f.IsFar))
                _facts = [.. _facts.Select(static f => f with { IsFar = false })];
            return;
        }

        var replicas = Enumerable.Range(0, _nodes.Length).Where(i => _verdict.Statuses[i] is { State: NodeState.Up, Role: NodeRole.Replica });
        foreach (var peers in replicas.GroupBy(i => (_nodes[i].Group, IsElsewhere(_nodes[i]))).Select(static g => g.ToArray()))
        {
            var near = NearReplicas.Of([.. peers.Select(i => (_facts[i].AverageRoundTrip, !_facts[i].IsFar))]);
            for (var i = 0; i < peers.Length; i++)
            {
                if (_facts[peers[i]].IsFar == near[i])
                    _facts = _facts.SetItem(peers[i], _facts[peers[i]] with { IsFar = !near[i] });
            }
        }
    }

    private static double Ramp(NodeFacts fact, long now)
    {
        if (fact.BackSince == 0)
            return 1;
        var part = Stopwatch.GetElapsedTime(Math.Min(fact.BackSince, now), now) / SlowStart;
        return part >= 1 ? 1 : Math.Ceiling(Math.Max(part, 0.01) * SlowStartSteps) / SlowStartSteps;
    }

    private void NotePrimary(List<Action> effects)
    {
        if (PrimaryNode is not { } primary)
        {
            if (_primaryGoneSince == default)
            {
                _primaryGoneSince = DateTimeOffset.UtcNow;
                _changes.Add(ClusterChangeKind.PrimaryGone, detail: _verdict.WriteProblem);
                Log.PrimaryGone(_logger, _verdict.WriteProblem);

                // Whichever is the next one, it may be long until it would be asked.
                effects.Add(WantProbes);
            }

            return;
        }

        if (_primaryGoneSince != default || primary != _lastPrimary)
        {
            _primaryGoneSince = default;
            _changes.Add(ClusterChangeKind.PrimaryIs, primary.Name);
            Log.PrimaryIs(_logger, primary.Name);
        }

        if (primary != _lastPrimary)
        {
            if (_lastPrimary is not null)
                _metrics.FailedOver(primary.Name);

            // Whatever still runs there can't be kept: another server is the primary now. One that was taken out of the
            // configuration is left to end what it does.
            if (_lastPrimary is { } former && _nodes.Contains(former))
                effects.Add(() => former.WritePool.Abandon(breakLeases: true));
            _lastPrimary = primary;
        }
    }

    // What a failed call makes suspect is asked at once, and is no change of its own.
    private void NoteReplicas()
    {
        var replicas = Enumerable.Range(0, _nodes.Length).Where(i => i != _verdict.Primary && _nodes[i].ConfiguredRole == NodeRole.Replica && _nodes[i].Weight > 0).ToArray();
        var gone = replicas.Length > 0 && !replicas.Any(i =>
            _verdict.Statuses[i] is { State: NodeState.Up or NodeState.Unverified, Role: NodeRole.Replica } && _facts[i].EjectedUntil == 0);
        if (gone == _replicasGone)
            return;
        _replicasGone = gone;
        _changes.Add(gone ? ClusterChangeKind.ReplicasGone : ClusterChangeKind.ReplicasBack);
        if (gone)
            Log.ReplicasGone(_logger, _overload.PrimaryReadLimit);
        else
            Log.ReplicasBack(_logger);
    }

    // A node that is unreachable is so for one reason after another while it restarts: that is told once.
    private void NoteNode(int index, NodeStatus before, NodeStatus now, NodeFacts factsBefore, List<Action> effects)
    {
        var node = _nodes[index];
        if (now.State == NodeState.Down && _facts[index].Refusal is null && (before.State != NodeState.Down || factsBefore.Refusal is not null))
        {
            effects.Add(() =>
            {
                node.ReadPool.Abandon(breakLeases: true);

                // A write that hangs may yet succeed; only a new primary ends it.
                node.WritePool.Abandon(breakLeases: false);
            });
        }

        if (now.State is NodeState.Up or NodeState.Lagging && before.State is not (NodeState.Up or NodeState.Lagging))
            effects.Add(() => node.WarmUp(now.Role));
        var isUnreachable = _facts[index].Failure is not null;
        if (now.State == before.State && now.Role == before.Role && isUnreachable == (factsBefore.Failure is not null) && (now.Problem is null) == (before.Problem is null))
            return;
        if (KindOf(now) is { } kind)
            _changes.Add(kind, node.Name, now.Problem);
        switch (now.State)
        {
            case NodeState.Down:
                Log.NodeDown(_logger, node.Name, now.Problem);
                break;
            case NodeState.Lagging:
                Log.NodeLagging(_logger, node.Name, now.Problem);
                break;
            case NodeState.Up when now.Problem is not null:
                Log.NodeUnfit(_logger, node.Name, now.Problem);
                break;
            case NodeState.Up:
                Log.NodeUp(_logger, node.Name, AddressOf(node), _facts[index].Answer?.Identity.Version, now.Role);
                break;
        }
    }

    private static ClusterChangeKind? KindOf(NodeStatus status) => status switch
    {
        { State: NodeState.Down } => ClusterChangeKind.NodeDown,
        { State: NodeState.Lagging } => ClusterChangeKind.NodeLagging,
        { State: NodeState.Up, Problem: not null } => ClusterChangeKind.NodeUnfit,
        { State: NodeState.Up } => ClusterChangeKind.NodeUp,
        _ => null,
    };

    private static string AddressOf(ClusterNode node) => NodeConnectionString.HostAndPort(node.Host, node.Port);

    private static string Names(IEnumerable<ClusterNode> nodes) => string.Join(", ", nodes.Select(static node => node.Name).DefaultIfEmpty("none"));
}
