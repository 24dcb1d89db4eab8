using System.Diagnostics;
using CompileTimeRouting.Cluster;

namespace CompileTimeRouting;

/// <summary>
/// What one user's, request's or job's calls have written and read: its reads with
/// <see cref="ReadConsistency.ReadYourWrites"/> see all that its calls have written, and never an older state than its
/// earlier reads of that kind, or of <see cref="ReadConsistency.Strong"/>, have seen.
/// </summary>
/// <remarks>
/// Safe for use by many threads: of calls that overlap neither has to see the other's. Made by
/// <see cref="RoutedDataSource.BeginSession"/>, which also makes it that of the calling flow, or by
/// <see cref="RoutedDataSource.CreateSession"/>. Disposed, it takes part in no further call, wherever its value still
/// flows: what outlives it, such as a job that was started inside, goes on without a session.
/// </remarks>
public sealed class ConsistencySession : IDisposable
{
    private readonly RoutedDataSource _source;
    private readonly ConsistencySession? _outer;
    private readonly Lock _lock = new();

    // Times are those of Stopwatch. A replica covers a time when it has replayed a position that the primary was asked for
    // after it.
    private long _floor;
    private bool _isPinned;
    private int _primaryUses;
    private long _begunAt;

    // The replica that was read last. What is known of its replay is the least that those reads saw: another one may be
    // read once it covers the end of the last of them; this one has it by itself, as long as it is the same server.
    private NodePool? _replica;
    private string? _server;
    private int _replicaReads;
    private long _replicaReadAt;
    private SessionPool? _replicaPool;
    private SessionPool? _primaryPool;
    private SessionPool? _writePool;
    private volatile bool _isDisposed;

    internal ConsistencySession(RoutedDataSource source, ConsistencySession? outer)
    {
        _source = source;
        _outer = outer;
        if (outer is not null)
            (_floor, _isPinned) = outer.Requirement();
    }

    /// <summary>Whether the session has written, or was begun from a token: its reads then ask for more than any replica has.</summary>
    public bool HasWritten { get; private set; }

    internal RoutedDataSource Source => _source;

    internal bool IsOpen => !_isDisposed;

    internal SessionScope? Scope { get; set; }

    /// <summary>
    /// The session's position, for another process: for message headers, job arguments and other transports that only
    /// trusted processes write to. One round trip to the primary, shared with all that ask at the same time; none where the
    /// position is known already.
    /// </summary>
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
        if (_isDisposed)
            return;
        _isDisposed = true;
        Scope?.Dispose();
        if (_outer is not null)
        {
            var (time, isPinned) = Requirement();
            _outer.Raise(time, isPinned);
        }
    }

    /// <summary>Begins from what another process knows.</summary>
    /// <param name="time">The time that replicas must cover.</param>
    /// <param name="isPinned">Whether only the primary will do.</param>
    internal void Raise(long time, bool isPinned)
    {
        lock (_lock)
        {
            _floor = Math.Max(_floor, time);
            _isPinned |= isPinned;
            HasWritten = true;
        }
    }

    /// <summary>The time that must be covered for everything the session has written and seen.</summary>
    internal (long Time, bool IsPinned) Requirement()
    {
        lock (_lock)
        {
            // What isn't over yet may be over with the next statement.
            var isOpen = _primaryUses > 0 || _replicaReads > 0;
            return (isOpen ? Stopwatch.GetTimestamp() : Math.Max(_floor, _replicaReadAt), _isPinned);
        }
    }

    /// <summary>Takes a replica that has all that the session asks for; null where none is known to.</summary>
    /// <param name="replicas">The replicas that may serve the read.</param>
    /// <param name="awaited">The time that a replica would have to cover; 0 where only the primary will do.</param>
    internal ReplicaChoice? TakeReplica(ReplicaSet replicas, out long awaited)
    {
        lock (_lock)
        {
            awaited = 0;
            if (_isPinned || _primaryUses > 0)
                return null;
            awaited = _replicaReads > 0 ? _floor : Math.Max(_floor, _replicaReadAt);

            // While a read on a replica isn't over, there is no time yet that another one could cover.
            if (_replicaReads == 0 && replicas.NextCovering(awaited, out var server) is { BeginsReadOnly: false } pool && (awaited == 0 || server is not null))
            {
                if (pool != _replica || server is not null)
                    (_replica, _server) = (pool, server);
            }
            else if (!MayStay(replicas))
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

    /// <summary>The pool whose leases tell this session when they end; made once for each pool in turn.</summary>
    internal SessionPool PoolOf(NodePool pool, SessionUse use)
    {
        ref var kept = ref use == SessionUse.ReplicaRead ? ref _replicaPool : ref use == SessionUse.Write ? ref _writePool : ref _primaryPool;
        return kept is { } same && same.Pool == pool ? same : kept = new SessionPool(this, pool, use);
    }

    internal void PrimaryBegins(bool isWrite)
    {
        lock (_lock)
        {
            _primaryUses++;
            HasWritten |= isWrite;
            if (_source.Mutation == ConsistencyMutation.CaptureBeforeCommit)
                _begunAt = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A lease has ended.</summary>
    /// <param name="use">What it was for.</param>
    /// <param name="isUncertain">Whether a write may still come into effect.</param>
    internal void Ended(SessionUse use, bool isUncertain = false)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (use == SessionUse.ReplicaRead)
            {
                _replicaReads--;
                _replicaReadAt = Math.Max(_replicaReadAt, now);
            }
            else
            {
                _primaryUses--;
                _floor = Math.Max(_floor, _source.Mutation == ConsistencyMutation.CaptureBeforeCommit ? _begunAt : now);
                _isPinned |= isUncertain;
            }
        }

        // A lease that outlived the session: the one around it has taken over before.
        if (_isDisposed)
            _outer?.Raise(now, isUncertain);
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
        }
    }

    private bool MayStay(ReplicaSet replicas) =>
        _replica is { } replica && replicas.Contains(replica) && (_floor == 0 || (replica.Covers(_floor, out var server) && server == _server));

    private async ValueTask<ConsistencyToken> TokenAsync(CancellationToken cancellationToken)
    {
        var (time, isPinned) = Requirement();
        if (time == 0 && !isPinned)
            return ConsistencyToken.None;
        var token = await _source.PositionAfterAsync(time, cancellationToken).ConfigureAwait(false);
        return new ConsistencyToken(token.SystemId, token.Timeline, token.Position, isPinned);
    }
}
