using System.Diagnostics;

namespace CompileTimeRouting.Cluster;

// How far standbys are behind the primary, and whether they follow it at all.
internal sealed partial class ClusterState
{
    // A replica that hasn't yet reached the first position that was seen is an unknown time behind. So many bytes are more
    // than an instant's work.
    private const long FarBehind = 16 * 1024 * 1024;

    // A node is lagging beyond the limit, and good again well below it: at the limit it would come and go.
    private const double CaughtUp = 0.8;

    // What a busy standby takes to replay what it has just received, with much to spare.
    private static readonly TimeSpan FirstReach = TimeSpan.FromMilliseconds(100);

    // No standby is so much farther than the primary was asked for later: roundings are far smaller.
    private const ulong AheadOfPrimary = 8192;

    private NodeFacts Measured(NodeFacts before, NodeFacts now, ProbeAnswer answer, ProbeResult result)
    {
        // Who lags because nothing is known of it yet has been below the limit all the time, perhaps.
        var limit = before is { IsLagging: true, HasReached: true } ? _overload.LagThreshold * CaughtUp : _overload.LagThreshold;
        if (answer.ReportedLag is { } reported)
            return now with { CoveredAt = null, Lag = reported, LagBytes = null, IsLagging = reported > limit, HasReached = true };

        // While there is nothing to measure by, one that lagged does.
        if (answer.Position is not { } position || _history.IsEmpty)
            return now with { CoveredAt = null, Lag = before.IsLagging ? before.Lag : null, LagBytes = null };
        if (HasDiverged(before, answer, position))
            return now with { CoveredAt = null, Lag = null, LagBytes = null, IsLagging = false, HasDiverged = true };

        // It isn't proved to have taken the turn, and nothing comes to it any more, or it may come from a former primary: taken
        // to have nothing of what came after the turn.
        var isCut = IsFormerPrimaryAlive ? answer.Timeline is null || IsBehindTurn(answer, position) : !answer.IsReceiving && IsBehindTurn(answer, position);
        var covered = isCut ? null : _history.CoveredAt(position);

        // A higher number proves nothing on another history: a standby that goes on with a former primary has that, too.
        var proved = IsOnHistory(answer) ? Later(covered, before, answer) : null;
        var bytes = position >= _history.Newest ? 0 : (long)(_history.Newest - position);

        // Until this run of it has reached a position that the primary was asked for, it may be hours behind: the time since the
        // first question is the least. Who receives and has replayed all of it isn't: what he hasn't reached may be on its way,
        // or not yet written out by an idle primary, which takes seconds now and then.
        var hasReached = covered is not null || (before.HasReached && before.Answer?.Identity.Run == answer.Identity.Run);
        var atLeast = bytes == 0 && !isCut ? TimeSpan.Zero : Stopwatch.GetElapsedTime(covered ?? _history.Oldest, result.EndedAt);
        var isUnknown = !hasReached
            && (!answer.IsReceiving || (answer.HasUnreplayed && Stopwatch.GetElapsedTime(_history.Oldest, result.QuestionAt) > FirstReach));
        return now with
        {
            CoveredAt = proved,
            Lag = hasReached ? atLeast : null,
            LagBytes = bytes,
            HasDiverged = false,
            HasReached = hasReached,

            // One that lagged and hasn't reached the first position since the primary is another one, or another run, lags still.
            IsLagging = atLeast > limit || isUnknown || (covered is null && (bytes > FarBehind || before.IsLagging)),
        };
    }

    /// <summary>
    /// Whether a replica may soon have come to where the primary stood when it was first asked: it receives, and what it has
    /// yet to replay is little, or has had no time to arrive.
    /// </summary>
    public bool IsReaching(ClusterNode node)
    {
        lock (_lock)
        {
            // Where nothing has arrived it is waited for so long that it is asked once more after it has had its time.
            return !_history.IsEmpty && _nodes.IndexOf(node) is >= 0 and var index && _verdict.Statuses[index].State is NodeState.Up or NodeState.Lagging
                && _facts[index] is { InRecovery: true, HasReached: false, Refusal: null, LagBytes: <= FarBehind, Answer: { IsReceiving: true, Position: not null, ReportedLag: null } answer }
                && (answer.HasUnreplayed || Stopwatch.GetElapsedTime(_history.Oldest, Now()) <= FirstReach * 1.5);
        }
    }

    private bool IsFormerPrimaryAlive => _facts.Any(f => f is { HasAnswered: true, InRecovery: false } && f.Answer!.Timeline < _historyTimeline);

    // It has replayed as much as the new timeline has, and yet isn't known to be on it.
    private bool IsBehindTurn(ProbeAnswer answer, ulong position) => answer.Timeline < _historyTimeline && position >= _history.OldestPosition;

    // What comes to a standby tells the timeline before it is replayed: with so much replayed, and an older timeline coming
    // still, it is another history. Once it was found on one, it takes a rebuild, and with it a new start, to come back.
    private bool HasDiverged(NodeFacts before, ProbeAnswer answer, ulong position) =>
        !IsOnHistory(answer)
        && ((answer.ReceivedTimeline < _historyTimeline && IsBehindTurn(answer, position))
            || (before.HasDiverged && before.Answer?.Identity.StartTime == answer.Identity.StartTime));

    private bool IsOnHistory(ProbeAnswer answer) => (answer.Timeline == _historyTimeline && answer.Timeline != _ambiguousTimeline) || Mutation == ConsistencyMutation.IgnoreTimeline;

    // Of two answers of one run the one that was asked for later can be the one that was given earlier.
    private static long? Later(long? covered, NodeFacts before, ProbeAnswer answer) =>
        before.Answer is { InRecovery: true } earlier && earlier.Identity.Run == answer.Identity.Run && before.CoveredAt > covered
            ? before.CoveredAt : covered;

    // A standby can't have replayed what the primary, asked later, hasn't written.
    private void NoteThoseAhead(ulong position, long questionAt)
    {
        for (var i = 0; i < _facts.Length; i++)
        {
            if (_facts[i] is { HasAnswered: true, InRecovery: true, HasDiverged: false } fact && fact.AnsweredAt <= questionAt
                && fact.Answer!.Position > position + AheadOfPrimary && !IsOnHistory(fact.Answer) && !OwnSystem.IsForeign(fact.Answer.Identity, _systemId))
            {
                _facts = _facts.SetItem(i, fact with { CoveredAt = null, Lag = null, LagBytes = null, IsLagging = false, HasDiverged = true });
                _verdict = Weigh();
            }
        }
    }
}
