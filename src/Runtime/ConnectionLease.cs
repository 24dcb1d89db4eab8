using System.Diagnostics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// An open connection on loan from a <see cref="RoutedDataSource"/>. Disposing it gives the connection back to its node's
/// pool; inside a unit of work the connection stays with the unit of work.
/// </summary>
/// <remarks>A value that is used by one flow and disposed once: don't copy it and don't share it between threads.</remarks>
public struct ConnectionLease : IDisposable, IAsyncDisposable
{
    private readonly NpgsqlConnection? _connection;

    // The pool, or the session that has taken it, or its entry for it: one field, since every waiting shim carries a lease in
    // its state.
    private readonly object? _owner;

    // LeaseEnd in the lowest byte; above it the microsecond at which the use began, where somebody wants to know: the lease is
    // no larger for it.
    private long _use;

    internal ConnectionLease(NpgsqlConnection connection, NodePool pool, LeaseEnd end, bool isObserved = false)
        : this(connection, pool, (long)end)
    {
        if (isObserved)
            _use |= Microseconds() << 8;
    }

    private ConnectionLease(NpgsqlConnection connection, object owner, long use)
    {
        _connection = connection;
        _owner = owner;
        _use = use;
    }

    /// <summary>The open connection. Don't dispose or close it; dispose the lease.</summary>
    /// <exception cref="InvalidOperationException">The lease is the default value.</exception>
    public readonly NpgsqlConnection Connection => _connection
        ?? throw new InvalidOperationException("This lease was not made by a RoutedDataSource: it is the default value of its type.");

    /// <summary>The configured name of the node the connection leads to, for example <c>replica-1</c>; empty for the default value.</summary>
    public readonly string NodeName => AnyPool?.NodeName ?? "";

    /// <summary>Whether the connection is that of a unit of work, which other calls use, too.</summary>
    internal readonly bool IsShared => End is LeaseEnd.Shared or LeaseEnd.None;

    /// <summary>The pool the connection goes back to; null for a shared one.</summary>
    internal readonly NodePool? Pool => IsShared ? null : AnyPool;

    /// <summary>The write's entry, where its statement is to bring the position back; null where nobody will ask for that.</summary>
    internal readonly SessionPool? PositionTaker => _owner is SessionPool { TakesPosition: true } entry ? entry : null;

    /// <summary>The session whose read on a replica it is for; null for another use.</summary>
    internal readonly ConsistencySession? ReadingSession => _owner switch
    {
        ConsistencySession { FirstReadUse: SessionUse.ReplicaRead } session => session,
        SessionPool { Use: SessionUse.ReplicaRead } entry => entry.Session,
        _ => null,
    };

    private readonly NodePool? AnyPool => _owner switch
    {
        NodePool pool => pool,
        ConsistencySession session => session.FirstReadPool,
        SessionPool entry => entry.Pool,
        _ => null,
    };

    /// <summary>Gives the connection back.</summary>
    public void Dispose()
    {
        if (IsShared)
            return;
        var end = Finish();
        if (_owner is NodePool pool)
            pool.Return(_connection!, end);
        else if (_owner is ConsistencySession session)
            session.ReturnRead(_connection!, end);
        else
            ((SessionPool)_owner!).Return(_connection!, end);
    }

    /// <summary>Gives the connection back.</summary>
    /// <returns>A task that ends when the connection is back in its pool.</returns>
    public ValueTask DisposeAsync()
    {
        if (IsShared)
            return default;
        var end = Finish();
        return _owner switch
        {
            NodePool pool => pool.ReturnAsync(_connection!, end),
            ConsistencySession session => session.ReturnReadAsync(_connection!, end),
            _ => ((SessionPool)_owner!).ReturnAsync(_connection!, end),
        };
    }

    /// <summary>From now on a span ends with the lease.</summary>
    internal void Trace(Activity activity)
    {
        RoutingActivities.Attach(Connection, activity);
        if (_use >> 8 == 0)
            _use |= Microseconds() << 8;
    }

    /// <summary>The next lease isn't to get its connection as it is.</summary>
    internal void KeepFromNext() => _use = (_use & ~0xFFL) | (long)LeaseEnd.Close;

    /// <summary>The connection for a call inside the unit of work that has this lease.</summary>
    internal readonly ConnectionLease Share() => new(Connection, AnyPool!, LeaseEnd.Shared);

    /// <summary>The same lease, whose end a session is told of.</summary>
    internal readonly ConnectionLease In(ConsistencySession session, SessionUse use) => new(_connection!, session.OwnerOf(AnyPool!, use), _use);

    /// <summary>The same for a write.</summary>
    /// <param name="session">The session.</param>
    /// <param name="takesPosition">Whether its statement is to bring the position back, where it can.</param>
    internal readonly ConnectionLease ForWrite(ConsistencySession session, bool takesPosition) =>
        new(_connection!, session.OwnerOf(AnyPool!, _connection!, takesPosition), _use);

    /// <summary>How long it has been in use; null where nobody measures.</summary>
    internal readonly TimeSpan? UsedFor => _use >> 8 is var begun and not 0 ? TimeSpan.FromMicroseconds(Microseconds() - begun) : null;

    private readonly LeaseEnd End => (LeaseEnd)(byte)_use;

    private static long Microseconds() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    private LeaseEnd Finish()
    {
        var use = _use;
        _use = (long)LeaseEnd.None;
        if (use >> 8 is var begun and not 0)
            AnyPool!.UseEnded(_connection!, TimeSpan.FromMicroseconds(Microseconds() - begun));
        return (LeaseEnd)(byte)use;
    }
}
