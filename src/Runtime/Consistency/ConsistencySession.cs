using System.ComponentModel;
using System.Diagnostics;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// What one user's, request's or job's calls have written and read: its reads with
/// <see cref="ReadConsistency.ReadYourWrites"/> see all that its calls have written, and no older state than its
/// earlier reads of that kind, or of <see cref="ReadConsistency.Strong"/>, have seen.
/// </summary>
/// <remarks>
/// One thing a later read can miss: a commit of somebody else that a replica has shown already, and that the primary itself,
/// which answers the later read, shows only when it has acknowledged it. That is a moment, but as long as the primary waits for
/// its synchronous standbys.
/// <para/>
/// Safe for use by many threads: of calls that overlap neither has to see the other's. Made by
/// <see cref="RoutedDataSource.BeginSession"/>, which also makes it that of the calling flow, or by
/// <see cref="RoutedDataSource.CreateSession"/>. Disposed, it takes part in no further call, wherever its value still
/// flows: what outlives it, such as a job that was started inside, goes on without a session.
/// </remarks>
public sealed class ConsistencySession : IDisposable
{
    // More than a cluster has replicas in use: nodes that were replaced aren't kept for ever.
    private const int MaxReadPools = 16;

    private static readonly TimeSpan AskingPause = TimeSpan.FromMilliseconds(100);

    private readonly RoutedDataSource _source;
    private readonly ConsistencySession? _outer;
    private readonly Lock _lock = new();

    // Times are those of Stopwatch. A replica covers a time when it has replayed a position that the primary was asked for
    // after it.
    private long _floor;
    private int _primaryUses;
    private int _openWrites;
    private long _begunAt;

    // While there are any, the session is pinned to the primary.
    private UncertainWrites? _uncertain;
    private long _askedAt;

    // The same, while the monitor follows another server than the one that has them.
    private WritesElsewhere? _elsewhere;

    // The replica that was read last. What is known of its replay is the least that those reads saw: another one may be
    // read once it covers the end of the last of them; this one has it by itself, as long as it is the same server.
    private NodePool? _replica;
    private string? _server;
    private int _replicaReads;
    private long _replicaReadAt;

    // The connections of attempts that failed, until their leases end; null while none ever has.
    private volatile List<NpgsqlConnection>? _failedAttempts;

    // Of the first node that it reads, and how, the session is its own entry: most sessions have no other, and make no object
    // for it. Set once, the use first.
    private volatile NodePool? _firstReadPool;
    private SessionUse _firstReadUse;

    // A position behind all that the session has written and seen; null where one has to be asked for.
    private TakenPosition? _taken;

    private volatile SessionPool? _readPools;
    private volatile SessionPool? _writePool;
    private volatile bool _isDisposed;
    private volatile bool _readsFromPrimary;
    private volatile bool _willExport;
    private volatile bool _hasWritten;
    private volatile bool _hasNewWrites;

    internal ConsistencySession(RoutedDataSource source, ConsistencySession? outer)
    {
        _source = source;
        _outer = outer;
        if (outer is null)
            return;
        (_floor, _uncertain, _hasWritten, _, _elsewhere, _) = outer.Needs();
        _readsFromPrimary = outer._readsFromPrimary;
    }

    /// <summary>Whether the session has written, or was begun from a token: its reads then ask for more than any replica has.</summary>
    public bool HasWritten => IsWriting || _hasWritten;

    /// <summary>
    /// Whether a call of the session writes, or has written since the session was begun: what a token that it was begun from
    /// doesn't tell. A call that found no primary has written nothing.
    /// </summary>
    public bool HasNewWrites => IsWriting || _hasNewWrites;

    /// <summary>
    /// Whether all reads of the session go to the primary, those too that any replica may serve; while there is none, they go
    /// where they would go otherwise. Default: false. May be changed at any time, for the reads that begin afterwards.
    /// </summary>
    public bool ReadsFromPrimary
    {
        get => _readsFromPrimary;
        set
        {
            _readsFromPrimary = value;
            if (value)
                _source.SessionsReadFromPrimary();
        }
    }

    /// <summary>
    /// Whether the session's token will be exported after its writes: a write that is SQL in a <see cref="WriteCommandAttribute"/>,
    /// and the commit of a unit of work, then ask for the position in the same round trip, so that an export right after it needs
    /// none. Default: false. It costs such a write more than nothing and less than a round trip; other writes, and those in a
    /// session that is begun inside this one, it changes nothing of. May be changed at any time, for the writes that begin afterwards.
    /// </summary>
    public bool WillExport
    {
        get => _willExport;
        set => _willExport = value;
    }

    /// <summary>
    /// What the session's token is to travel with, such as the request. Made for who begins sessions and carries tokens, who
    /// so needs no object of his own for each session; nobody else sets it.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public object? Carrier { get; set; }

    internal RoutedDataSource Source => _source;

    internal bool IsOpen => !_isDisposed;

    internal SessionScope? Scope { get; set; }

    /// <summary>The pool of the leases whose owner is the session itself.</summary>
    internal NodePool? FirstReadPool => _firstReadPool;

    /// <summary>What those are for.</summary>
    internal SessionUse FirstReadUse => _firstReadUse;

    /// <summary>
    /// The session's position, for another process: for message headers, job arguments and other transports that only
    /// trusted processes write to. One round trip to the primary, which exports that come while one is under way share; none
    /// where the position is known already.
    /// </summary>
    /// <remarks>
    /// Export after the commit. While a write or unit of work of the session is open there is no position that its commit is
    /// before: the token then asks for all that was written before somebody goes on from it.
    /// </remarks>
    /// <param name="cancellationToken">Cancels the wait for the primary.</param>
    /// <returns>A token for <see cref="RoutedDataSource.BeginSession"/> of any process.</returns>
    /// <exception cref="PrimaryUnavailableException">There is no primary.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The primary didn't answer.</exception>
    public async ValueTask<string> ExportAsync(CancellationToken cancellationToken = default) =>
        (await TokenAsync(cancellationToken).ConfigureAwait(false)).ToString();

    /// <summary>
    /// The session's position for transports that anybody can write to, such as a cookie or a header of HTTP: signed with
    /// the first of <see cref="RoutingOptions.TokenKeys"/>.
    /// </summary>
    /// <param name="lifetime">How long it is good for, more than zero. After it, it counts as none that is known.</param>
    /// <param name="cancellationToken">Cancels the wait for the primary.</param>
    /// <returns>A token for <see cref="RoutedDataSource.BeginSession"/> of any process that has the key.</returns>
    /// <exception cref="InvalidOperationException">The data source has no key.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is zero or less.</exception>
    /// <inheritdoc cref="ExportAsync" path="/remarks"/>
    /// <inheritdoc cref="ExportAsync" path="/exception"/>
    public async ValueTask<string> ExportSignedAsync(TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        _source.RequireTokenKey();
        return _source.Sign(await TokenAsync(cancellationToken).ConfigureAwait(false), lifetime);
    }

    /// <summary>Ends the session. In the flow that it was begun in the session around it, if any, takes its place and keeps its promises.</summary>
    public void Dispose()
    {
        SessionNeeds needs;
        lock (_lock)
        {
            if (_isDisposed)
                return;

            // What comes after this is handed on at once.
            _isDisposed = true;
            needs = NeedsNow();
        }

        Scope?.Dispose();
        _outer?.Raise(needs);
    }

    /// <summary>From now on asks for what another one asks for, too.</summary>
    internal void Raise(SessionNeeds needs)
    {
        lock (_lock)
        {
            if (_taken is { } taken && needs.Time > taken.AskedAt)
                _taken = null;
            _floor = Math.Max(_floor, needs.Time);
            _uncertain = UncertainWrites.Union(_uncertain, needs.Uncertain);
            _hasWritten |= needs.HasWritten;
            _hasNewWrites |= needs.HasNewWrites;
            _elsewhere = WritesElsewhere.Union(_elsewhere, needs.Elsewhere);
            if (!_isDisposed)
                return;
        }

        _outer?.Raise(needs);
    }

    /// <summary>What must be covered for everything the session has written and seen.</summary>
    internal SessionNeeds Needs()
    {
        var isOuterWriting = TakeOver();
        lock (_lock)
        {
            var needs = NeedsNow();
            return needs with { IsWriting = needs.IsWriting || isOuterWriting };
        }
    }

    /// <summary>Writes whose end the primary is to be asked for now; null for none, or where it was asked a moment ago.</summary>
    internal UncertainWrites? UncertainToAsk()
    {
        lock (_lock)
        {
            if (_uncertain is not { CanSettle: true } writes)
                return null;
            var now = Stopwatch.GetTimestamp();
            if (_askedAt != 0 && Stopwatch.GetElapsedTime(_askedAt, now) < AskingPause)
                return null;
            _askedAt = now;
            return writes;
        }
    }

    /// <summary>Some uncertain writes are over: what came of them is there for whoever covers the present.</summary>
    internal void Settle(UncertainWrites settled)
    {
        lock (_lock)
        {
            _floor = Math.Max(_floor, Stopwatch.GetTimestamp());
            _uncertain = _uncertain?.Except(settled);
            _taken = null;
        }

        _outer?.Settle(settled);
    }

    /// <summary>Takes a replica that has all that the session asks for; null where none is known to.</summary>
    /// <param name="replicas">The replicas that may serve the read.</param>
    /// <param name="awaited">The time that a replica would have to cover; 0 where only the primary will do.</param>
    /// <param name="farther">Those that may where none of the first can; null for none.</param>
    /// <param name="attempts">The attempts of the read that failed, whose replicas are left out; null for none.</param>
    internal ReplicaChoice? TakeReplica(ReplicaSet replicas, out long awaited, ReplicaSet? farther = null, CallAttempts? attempts = null)
    {
        TakeOver();
        lock (_lock)
        {
            awaited = 0;
            if (_uncertain is not null || _primaryUses > 0 || Elsewhere is not null)
                return null;
            awaited = _replicaReads > 0 ? _floor : Math.Max(_floor, _replicaReadAt);

            // While a read on a replica isn't over, there is no time yet that another one could cover.
            if (_replicaReads == 0 && (Covering(replicas, awaited, attempts) ?? Covering(farther, awaited, attempts)) is { } covering)
            {
                if (covering.Pool != _replica || covering.Server is not null)
                    (_replica, _server) = covering;
            }
            else if (!MayStay(replicas, farther) || attempts?.HasTried(_replica!.NodeName) == true)
            {
                return null;
            }

            _replicaReads++;
            return new ReplicaChoice(_replica!, _server);
        }
    }

    /// <summary>Whether the connection of a replica that was taken leads to the server that was meant.</summary>
    internal bool Confirm(NodePool pool, string server)
    {
        lock (_lock)
        {
            if (pool != _replica)
                return false;
            _server ??= server;
            if (_server == server)
                return true;
            _replica = null;
            return false;
        }
    }

    /// <summary>
    /// The owner of leases for reads that tell this session when they end: itself for its first node, for every other an entry,
    /// which is made once, or more often by reads at once.
    /// </summary>
    internal object OwnerOf(NodePool pool, SessionUse use)
    {
        var first = _firstReadPool ?? TakeFirst(pool, use);
        if (first == pool && _firstReadUse == use)
            return this;
        var newest = _readPools;
        var count = 0;
        for (var made = newest; made is not null; made = made.Next)
        {
            if (made.Pool == pool && made.Use == use)
                return made;
            count++;
        }

        // Where two are added at once, one is forgotten: its lease has it, and the next read makes another.
        return _readPools = new SessionPool(this, pool, use, count < MaxReadPools ? newest : null);
    }

    /// <summary>Gives back the connection of a lease whose owner is the session itself.</summary>
    internal void ReturnRead(NpgsqlConnection connection, LeaseEnd end) => SessionPool.Return(this, _firstReadUse, _firstReadPool!, connection, end);

    /// <inheritdoc cref="ReturnRead"/>
    internal ValueTask ReturnReadAsync(NpgsqlConnection connection, LeaseEnd end) => SessionPool.ReturnAsync(this, _firstReadUse, _firstReadPool!, connection, end);

    /// <summary>The owner of one write's lease, which knows on which connection it runs; made anew only for writes at once.</summary>
    internal SessionPool OwnerOf(NodePool pool, NpgsqlConnection connection, bool takesPosition)
    {
        if (_writePool is { } kept && kept.Pool == pool && kept.TryBegin(connection, takesPosition))
            return kept;
        var made = new SessionPool(this, pool, SessionUse.Write);
        made.TryBegin(connection, takesPosition);
        return _writePool = made;
    }

    internal void PrimaryBegins(bool isWrite)
    {
        lock (_lock)
        {
            _primaryUses++;
            if (isWrite)
                _openWrites++;
            if (_source.Mutation == ConsistencyMutation.CaptureBeforeCommit)
                _begunAt = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A lease has ended.</summary>
    /// <param name="use">What it was for.</param>
    /// <param name="uncertain">The write, where it may still come into effect; null where it is over.</param>
    /// <param name="elsewhere">The write, where it went to another server than the monitor follows: found out before this is called.</param>
    /// <param name="taken">The position that the write has brought back; null for none.</param>
    internal void Ended(SessionUse use, UncertainWrites? uncertain = null, WritesElsewhere? elsewhere = null, TakenPosition? taken = null)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            taken = Behind(taken);
            if (use == SessionUse.ReplicaRead)
            {
                _replicaReads--;
                _replicaReadAt = Math.Max(_replicaReadAt, now);
            }
            else
            {
                _primaryUses--;
                if (use == SessionUse.Write)
                {
                    _hasWritten = _hasNewWrites = true;
                    _openWrites--;
                }

                _floor = Math.Max(_floor, _source.Mutation == ConsistencyMutation.CaptureBeforeCommit ? _begunAt : now);
                _uncertain = UncertainWrites.Union(_uncertain, uncertain);
                _elsewhere = WritesElsewhere.Union(_elsewhere, elsewhere);
            }

            // No position is behind a write that may yet come into effect, or one on a server whose positions aren't collected.
            _taken = _uncertain is null && Elsewhere is null ? taken : null;
            if (!_isDisposed)
                return;
        }

        // A lease that outlived the session: the one around it has taken over before.
        _outer?.Raise(new SessionNeeds(now, uncertain, HasWritten: use == SessionUse.Write, HasNewWrites: use == SessionUse.Write, elsewhere));
    }

    /// <summary>
    /// A read's attempt on a replica failed, and is followed by another one: its caller has seen nothing of it, so that the next
    /// needn't be behind it.
    /// </summary>
    internal void AttemptFailed(NpgsqlConnection connection)
    {
        lock (_lock)
            (_failedAttempts ??= []).Add(connection);
    }

    /// <summary>A read on a replica has ended.</summary>
    internal void ReadEnded(NpgsqlConnection connection)
    {
        if (_failedAttempts is not null && IsFailedAttempt(connection))
            Abandoned(SessionUse.ReplicaRead);
        else
            Ended(SessionUse.ReplicaRead);
    }

    /// <summary>A lease was never opened, so that it saw and wrote nothing.</summary>
    internal void Abandoned(SessionUse use)
    {
        lock (_lock)
        {
            if (use == SessionUse.ReplicaRead)
                _replicaReads--;
            else
                _primaryUses--;
            if (use == SessionUse.Write)
                _openWrites--;
        }
    }

    // Calls of the session around this one may have been under way when this one was begun: what is over of them counts here, too.
    private bool TakeOver()
    {
        if (_outer is not { } outer)
            return false;
        var isWriting = outer.TakeOver();
        SessionNeeds over;
        lock (outer._lock)
            over = outer.WhatIsOver();
        Raise(over with { HasNewWrites = false });
        return isWriting || over.IsWriting;
    }

    private bool IsFailedAttempt(NpgsqlConnection connection)
    {
        lock (_lock)
            return _failedAttempts!.Remove(connection);
    }

    // What ended before a position was asked for is before it. What ended since is only where it has brought one back itself.
    private TakenPosition? Behind(TakenPosition? taken) =>
        taken is null || Math.Max(_floor, _replicaReadAt) <= taken.AskedAt ? taken : _taken?.With(taken);

    private NodePool TakeFirst(NodePool pool, SessionUse use)
    {
        lock (_lock)
        {
            if (_firstReadPool is { } first)
                return first;
            _firstReadUse = use;
            return _firstReadPool = pool;
        }
    }

    // Looked at before what has ended: a write that ends meanwhile is counted there first.
    private bool IsWriting => Volatile.Read(ref _openWrites) > 0;

    private static ReplicaChoice? Covering(ReplicaSet? replicas, long time, CallAttempts? attempts) =>
        replicas?.NextCovering(time, out var server, attempts) is { BeginsReadOnly: false } pool && (time == 0 || server is not null)
            ? new ReplicaChoice(pool, server) : null;

    private bool MayStay(ReplicaSet replicas, ReplicaSet? farther) =>
        _replica is { } replica && (replicas.Contains(replica) || farther?.Contains(replica) == true)
        && (_floor == 0 || (replica.Covers(_floor, out var server) && server == _server));

    // Once another server is followed, its positions count from the times at which it was asked for them.
    private WritesElsewhere? Elsewhere =>
        _elsewhere is null || _elsewhere.Followed == _source.FollowedRun ? _elsewhere : _elsewhere = null;

    // What isn't over yet may be over with the next statement.
    private SessionNeeds NeedsNow() =>
        _primaryUses > 0 || _replicaReads > 0 ? WhatIsOver() with { Time = Stopwatch.GetTimestamp() } : WhatIsOver();

    private SessionNeeds WhatIsOver() => new(Math.Max(_floor, _replicaReadAt), _uncertain, HasWritten, HasNewWrites, Elsewhere, IsWriting);

    private ConsistencyToken? TakenAt(long time)
    {
        lock (_lock)
            return NeedsNow().Time == time ? _taken?.Token : null;
    }

    private async ValueTask<ConsistencyToken> TokenAsync(CancellationToken cancellationToken)
    {
        var needs = Needs();
        if (needs is { Uncertain: not null } or { Elsewhere: not null })
            return await _source.PositionOfUncertainAsync(this, cancellationToken).ConfigureAwait(false);

        // No position is behind a commit that is yet to come.
        if (needs.IsWriting)
            return _source.Everything;
        if (needs.Time == 0)
            return ConsistencyToken.None;
        return TakenAt(needs.Time) ?? await _source.PositionAfterAsync(needs.Time, cancellationToken).ConfigureAwait(false);
    }
}
