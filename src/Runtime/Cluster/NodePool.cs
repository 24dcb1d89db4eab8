using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Transactions;
using CompileTimeRouting.Diagnostics;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// One node's connections of one kind: its <see cref="NpgsqlDataSource"/> (which is the pool) and the leases now open on it.
/// </summary>
internal sealed partial class NodePool : IAsyncDisposable, IDisposable
{
    // Two counts in one word, so that both cost the one atomic operation: the leases that are open in the lower bits, and
    // above them those that were ever opened.
    private const int OpenBits = 20;
    private const long OneOpened = (1L << OpenBits) + 1;

    private readonly CleanConnections _clean;
    private readonly ConnectGate _gate;
    private readonly bool _enlists;
    private readonly RoutingMetrics? _metrics;
    private readonly string _name;
    private readonly TimeSpan _timeout;
    private readonly int _minSize;
    private bool _isSpare;
    private volatile bool _retired;
    private long _leases;
    private bool _isStandby;
    private bool _awaitsSuccess;
    private int _trials;
    private bool _isAway;
    private long _coveredAt;
    private long _renewedAt;
    private volatile string? _server;
    private volatile CancellationTokenSource _lost = new();

    /// <param name="nodeName">The node.</param>
    /// <param name="dataSource">The pool; it is disposed with this.</param>
    /// <param name="gate">What limits the making of connections to the node.</param>
    /// <param name="name">The name of the data source; null for the node's.</param>
    /// <param name="metrics">Measures how long connections are waited for and used.</param>
    public NodePool(string nodeName, NpgsqlDataSource dataSource, ConnectGate gate, string? name = null, RoutingMetrics? metrics = null)
    {
        _name = name ?? nodeName;
        _metrics = metrics;
        _gate = gate;
        NodeName = nodeName;
        DataSource = dataSource;

        // As the data source was built: whoever configured it had the last word.
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        _enlists = settings.Enlist;
        MaxSize = settings.MaxPoolSize;
        _minSize = settings.Pooling ? settings.MinPoolSize : 0;

        // 0 is no limit for Npgsql.
        _timeout = settings.Timeout > 0 ? TimeSpan.FromSeconds(settings.Timeout) : Timeout.InfiniteTimeSpan;
        _clean = new CleanConnections(settings.Pooling ? settings.MaxPoolSize : 0);
    }

    public string NodeName { get; }

    public NpgsqlDataSource DataSource { get; }

    public int MaxSize { get; }

    /// <summary>How long a call waits for a connection, as <c>Timeout</c> of the connection string says.</summary>
    public TimeSpan WaitLimit => _timeout;

    /// <summary>The connections it keeps open.</summary>
    public int MinSize => IsSpare ? 0 : _minSize;

    /// <summary>
    /// Whether it is for the few reads that must not go to a replica, and for bad days: then none is opened before it is
    /// needed.
    /// </summary>
    public bool IsSpare
    {
        get => Volatile.Read(ref _isSpare);
        set => Volatile.Write(ref _isSpare, value);
    }

    /// <summary>Whether reads get a read-only transaction where the node could write: its sessions can't be made read-only.</summary>
    public bool BeginsReadOnly { get; init; }

    /// <summary>Whether a connection leads to the same server for as long as it is open: through a pooler it doesn't.</summary>
    public bool LeadsToOneServer { get; init; } = true;

    /// <summary>Whether the node is known to be a standby, which writes nothing whatever its sessions are.</summary>
    public bool IsStandby
    {
        get => Volatile.Read(ref _isStandby);
        set => Volatile.Write(ref _isStandby, value);
    }

    /// <summary>
    /// Whether the node is gone, or no longer what the pool is for. Then nobody waits for a connection: whoever has taken the
    /// pool from a table just before would wait for what nobody ends any more.
    /// </summary>
    public bool IsAway
    {
        get => Volatile.Read(ref _isAway);
        set => Volatile.Write(ref _isAway, value);
    }

    /// <summary>Called where a connection broke: the node may be gone.</summary>
    public Action? Suspected { get; set; }

    /// <summary>Called where an attempt failed in a way that is the node's.</summary>
    public Action? Failed { get; set; }

    /// <summary>Called where a lease ended well while <see cref="AwaitsSuccess"/>.</summary>
    public Action? Succeeded { get; set; }

    /// <summary>Whether calls have failed here and none has gone well since.</summary>
    public bool AwaitsSuccess
    {
        get => Volatile.Read(ref _awaitsSuccess);
        set => Volatile.Write(ref _awaitsSuccess, value);
    }

    /// <summary>Whether the node, which was taken out for its failures, is to get one read.</summary>
    public bool OffersTrial
    {
        get => Volatile.Read(ref _trials) != 0;
        set => Volatile.Write(ref _trials, value ? 1 : 0);
    }

    /// <summary>Leases that were opened and not yet given back.</summary>
    public int Leases => OpenOf(Volatile.Read(ref _leases));

    /// <summary>Leases opened since the node joined, without those that failed to open. From 2^44 it begins at 0 again.</summary>
    public long LeasesOpened => Volatile.Read(ref _leases) >>> OpenBits;

    public int OpenConnections => ConnectGate.Connections(DataSource);

    public double Utilization => (double)Leases / MaxSize;

    /// <summary>
    /// The <see cref="System.Diagnostics.Stopwatch"/> time before which everything that was acknowledged can be read here;
    /// 0 where it isn't known.
    /// </summary>
    public long CoveredAt
    {
        get => Volatile.Read(ref _coveredAt);
        set => Volatile.Write(ref _coveredAt, value);
    }

    /// <summary>The start time of the server that <see cref="CoveredAt"/> is known of; null where none is.</summary>
    public string? Server => _server;

    /// <summary>Says what the server at the address is known to have.</summary>
    /// <param name="server">Its start time.</param>
    /// <param name="coveredAt">See <see cref="CoveredAt"/>.</param>
    public void Cover(string? server, long coveredAt)
    {
        if (_server != server)
        {
            // Nobody may take what one server has for what the other has.
            CoveredAt = 0;
            _server = server;
        }

        CoveredAt = coveredAt;
    }

    /// <summary>Whether everything acknowledged before a time can be read here, and on which server.</summary>
    /// <param name="time">The <see cref="System.Diagnostics.Stopwatch"/> time.</param>
    /// <param name="server">The start time of the server that has it.</param>
    public bool Covers(long time, out string? server)
    {
        server = _server;
        return CoveredAt >= time && _server == server;
    }

    /// <summary>Whether a connection that is opened here, now, becomes part of a transaction of System.Transactions.</summary>
    public bool IsEnlisting => _enlists && Transaction.Current is not null;

    /// <summary>Takes the one read that the node is to get; false for whoever comes later.</summary>
    public bool TakeTrial() => OffersTrial && Interlocked.Exchange(ref _trials, 0) != 0;

    /// <summary>Whether a read would have to ask the server for a connection, and it has none left.</summary>
    public bool IsFull
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _gate.IsServerFull && HasNoIdle();
    }

    /// <summary>Whether another node should get a read instead: the server is full, and it isn't time to ask it again.</summary>
    public bool TurnsAway
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsFull && !_gate.MayAsk();
    }

    /// <summary>Notes that the server had no connection left.</summary>
    public void ServerIsFull() => _gate.Refused();

    /// <summary>Opens a connection.</summary>
    /// <param name="leavesSessionClean">Whether what will run on it is proved to leave no session state.</param>
    public ConnectionLease Open(bool leavesSessionClean = false)
    {
        if (BeginsReadOnly && !IsStandby)
            return OpenReadOnly();
        return OpenAny(leavesSessionClean);
    }

    // Npgsql's own blocking call can't be left when the node is found down while it waits: it is an asynchronous one that is
    // waited for. An idle connection is there at once, without what only a wait needs.
    private ConnectionLease OpenAny(bool leavesSessionClean) =>
        !leavesSessionClean && OpenIdle() is { } idle ? new ConnectionLease(idle, this, LeaseEnd.Close) : OpenWaiting(leavesSessionClean);

    /// <summary>
    /// Takes an idle connection for a lease that is reset afterwards; null where there is none, or more is to be done than taking
    /// it: <see cref="Open"/> does that.
    /// </summary>
    public NpgsqlConnection? OpenIdle()
    {
        if (!ConnectGate.HasIdle(DataSource) || (BeginsReadOnly && !IsStandby) || SynchronizationContext.Current is not null || _metrics is { ObservesConnections: true })
            return null;
        if (!HasRoom(OpenOf(Interlocked.Add(ref _leases, OneOpened))))
        {
            OpeningFailed();
            return null;
        }

        ValueTask<NpgsqlConnection> opening;
        try
        {
            opening = OpenConnectionAsync(CancellationToken.None);
        }
        catch
        {
            OpeningFailed();
            throw;
        }

        // Somebody else may have taken it.
        return opening.IsCompletedSuccessfully
            ? opening.Result
            : Wait(AwaitOpenAsync(opening.AsTask(), LeaseEnd.Close, isAnnounced: false, begun: 0, CancellationToken.None)).Connection;
    }

    private ConnectionLease OpenWaiting(bool leavesSessionClean)
    {
        var context = SynchronizationContext.Current;
        if (context is null)
            return Wait(OpenAnyAsync(leavesSessionClean, CancellationToken.None));
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            // Nothing that is awaited on the way needs this thread, which waits.
            return Wait(OpenAnyAsync(leavesSessionClean, CancellationToken.None));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static ConnectionLease Wait(ValueTask<ConnectionLease> opening) =>
        opening.IsCompletedSuccessfully ? opening.Result : opening.AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Open"/>
    public ValueTask<ConnectionLease> OpenAsync(bool leavesSessionClean, CancellationToken cancellationToken) =>
        BeginsReadOnly && !IsStandby ? OpenReadOnlyAsync(cancellationToken) : OpenAnyAsync(leavesSessionClean, cancellationToken);

    private ValueTask<ConnectionLease> OpenAnyAsync(bool leavesSessionClean, CancellationToken cancellationToken)
    {
        var begun = ObservedFrom();
        var leases = OpenOf(Interlocked.Add(ref _leases, OneOpened));
        var end = leavesSessionClean ? LeaseEnd.Keep : LeaseEnd.Close;
        var isAnnounced = false;
        ValueTask<NpgsqlConnection> opening;
        try
        {
            // One that is reset afterwards takes an idle one, where there is one: a clean one is worth more to the next that leaves it
            // so. Whether it enlists is then Npgsql's business, and asking costs as much as the rest. One that enlists is Npgsql's
            // alone, until the transaction ends.
            if ((!leavesSessionClean && HasRoom(leases) && ConnectGate.HasIdle(DataSource)) || IsEnlisting)
            {
                end = LeaseEnd.Close;
                opening = OpenConnectionAsync(cancellationToken);
            }
            else
            {
                if (_clean.Take() is { } kept)
                    return new ValueTask<ConnectionLease>(Lease(kept, end, begun));
                if (ConnectGate.WillConnect(DataSource, MaxSize))
                    return new ValueTask<ConnectionLease>(CountAsync(ConnectAsync(end, leases, begun, cancellationToken)));
                if (HasRoom(leases))
                {
                    opening = OpenConnectionAsync(cancellationToken);
                }
                else
                {
                    _clean.OpeningBegins();
                    isAnnounced = true;
                    opening = _clean.Take() is { } late ? new ValueTask<NpgsqlConnection>(late) : OpenConnectionAsync(cancellationToken);
                }
            }
        }
        catch
        {
            if (isAnnounced)
                _clean.OpeningEnded();
            OpeningFailed();
            throw;
        }

        // A pooled connection is there at once; an async method here would cost nothing then, but a state machine otherwise
        // for every caller. Only the slow path has one.
        if (!opening.IsCompletedSuccessfully)
            return AwaitOpenAsync(opening.AsTask(), end, isAnnounced, begun, cancellationToken);
        if (isAnnounced)
            _clean.OpeningEnded();
        return new ValueTask<ConnectionLease>(Lease(opening.Result, end, begun));
    }

    // What NpgsqlDataSource.OpenConnectionAsync does, without its state machine where the connection is there at once.
    private ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = DataSource.CreateConnection();
        var opening = connection.OpenAsync(cancellationToken);
        return opening.IsCompletedSuccessfully ? new ValueTask<NpgsqlConnection>(connection) : OpenedAsync(connection, opening);
    }

    private static async ValueTask<NpgsqlConnection> OpenedAsync(NpgsqlConnection connection, Task opening)
    {
        try
        {
            await opening.ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes a connection back.</summary>
    public void Return(NpgsqlConnection connection, LeaseEnd end)
    {
        if (!IsKept(connection, end))
            connection.Dispose();
    }

    /// <inheritdoc cref="Return"/>
    public ValueTask ReturnAsync(NpgsqlConnection connection, LeaseEnd end)
    {
        if (IsKept(connection, end))
            return default;

        // What NpgsqlConnection.DisposeAsync does, without its state machine where nothing has to be ended first.
        var closing = connection.CloseAsync();
        if (!closing.IsCompletedSuccessfully)
            return ClosedAsync(connection, closing);
        connection.Dispose();
        return default;
    }

    private static async ValueTask ClosedAsync(NpgsqlConnection connection, Task closing)
    {
        await closing.ConfigureAwait(false);
        connection.Dispose();
    }

    /// <summary>The use of a connection that is observed ended.</summary>
    public void UseEnded(NpgsqlConnection connection, TimeSpan time)
    {
        _metrics?.Used(_name, time);
        RoutingActivities.End(connection);
    }

    /// <summary>
    /// The node is gone: nobody waits for a connection to it any longer, and no idle connection is handed out again.
    /// </summary>
    /// <param name="breakLeases">Whether what runs on connections on loan ends, too, now and with an error.</param>
    public void Abandon(bool breakLeases)
    {
        // In one step: of two at the same moment each ends the waits that the other doesn't.
        var lost = Interlocked.Exchange(ref _lost, new CancellationTokenSource());
        _gate.Reset();
        if (breakLeases)
            ConnectionBreaker.BreakAll(DataSource);
        Clear();

        // Whoever waits goes on from here, which mustn't hold up the monitor.
        _ = lost.CancelAsync();
    }

    /// <summary>
    /// No connection is asked for any longer, idle ones are closed, and those on loan when they come back. Whoever has taken
    /// the pool from a table just before may still get one that is there, and is sent elsewhere where he would wait.
    /// </summary>
    public void Retire()
    {
        _retired = true;
        IsAway = true;
        _clean.Dispose();
        Abandon(breakLeases: false);
    }

    /// <summary>
    /// No session that is open now serves another lease. Of many calls that ask for it at about the same time, because they
    /// fail for the same reason, the first one counts.
    /// </summary>
    public void RenewSessions()
    {
        if (Renewal.IsFirst(ref _renewedAt))
            Clear();
    }

    /// <summary>No idle connection is handed out again.</summary>
    public void Clear()
    {
        DataSource.Clear();
        _clean.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _lost.Cancel();
        _clean.Dispose();
        return DataSource.DisposeAsync();
    }

    public void Dispose()
    {
        _lost.Cancel();
        _clean.Dispose();
        DataSource.Dispose();
    }

    private bool IsKept(NpgsqlConnection connection, LeaseEnd end)
    {
        LeaseEnded();
        if (_awaitsSuccess)
            NoteEnd(connection);
        if (end == LeaseEnd.Keep && !IsRenewing() && _clean.TryKeep(connection))
            return true;

        // Closed by the server, or by a network that is gone; the caller was told not to close it. What broke one connection
        // may have broken all: Npgsql then empties its pool, but can't reach those that are kept.
        if (!connection.IsOpen() && !EndedSessions.Contains(connection))
        {
            _clean.Clear();
            Suspected?.Invoke();
        }

        return false;
    }

    private void NoteEnd(NpgsqlConnection connection)
    {
        if (connection.IsOpen())
            Succeeded?.Invoke();
    }

    // What was on loan while sessions were renewed is an old one.
    private bool IsRenewing()
    {
        var renewedAt = Volatile.Read(ref _renewedAt);
        if (renewedAt == 0)
            return false;
        if (Environment.TickCount64 - renewedAt < Renewal.Gap)
            return true;
        Interlocked.CompareExchange(ref _renewedAt, 0, renewedAt);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long ObservedFrom() => _metrics is { ObservesConnections: true } ? Stopwatch.GetTimestamp() : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ConnectionLease Lease(NpgsqlConnection connection, LeaseEnd end, long begun) =>
        begun == 0 ? new ConnectionLease(connection, this, end) : ObservedLease(connection, end, begun);

    private ConnectionLease ObservedLease(NpgsqlConnection connection, LeaseEnd end, long begun)
    {
        _metrics!.Waited(_name, begun);
        return new ConnectionLease(connection, this, end, isObserved: true);
    }

    // Then the pool isn't used up, however many connections are kept: nobody will wait for one of those. Where others take
    // the room in the same moment, what is kept goes back to the pool within a second.
    private bool HasRoom(int leases) => leases + _clean.Capacity <= MaxSize;

    private bool IsTooLate(Exception exception) => _retired && exception is ObjectDisposedException;

    private bool HasNoIdle() => !ConnectGate.HasIdle(DataSource) && _clean.IsEmpty;

    private static int OpenOf(long leases) => (int)leases & ((1 << OpenBits) - 1);

    private void LeaseEnded() => Interlocked.Decrement(ref _leases);

    private void OpeningFailed() => Interlocked.Add(ref _leases, -OneOpened);
}
