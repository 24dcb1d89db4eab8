using System.Data;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Open connections that were given back by leases proved to leave no session state. The next such lease gets one of them
/// as it is, and so does one that is reset afterwards where its pool has no idle one: the reset that Npgsql puts before the
/// first statement of each connection from its pool costs the server as much as a point read.
/// </summary>
/// <remarks>
/// For Npgsql these connections are in use. So whatever its pool does with idle ones (their lifetime, pruning, clearing, its
/// counts) is delayed, by no more than <see cref="KeptFor"/>: then all go back to it. Lock-free; keeping and taking
/// allocates nothing.
/// </remarks>
internal sealed class CleanConnections : IDisposable
{
    /// <summary>Enough to save nearly every reset under load, and too short to be noticed beside Npgsql's own intervals.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection?[] _slots;
    private readonly Timer _timer;
    private int _timed;
    private int _openings;
    private volatile bool _disposed;

    public CleanConnections(int maxPoolSize)
    {
        // What is kept evens out the moments between two leases, and there are as many of those as run at once.
        _slots = new NpgsqlConnection?[Math.Min(maxPoolSize, Math.Max(8, 2 * Environment.ProcessorCount))];

        // Nothing of whoever makes the data source flows into the timer.
        if (ExecutionContext.IsFlowSuppressed())
        {
            _timer = NewTimer();
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
                _timer = NewTimer();
        }
    }

    /// <summary>How many are kept at most.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Whether none is kept.</summary>
    public bool IsEmpty => Volatile.Read(ref _timed) == 0 || Array.TrueForAll(_slots, static s => s is null);

    /// <summary>A kept connection, or null where there is none.</summary>
    public NpgsqlConnection? Take()
    {
        // While any is kept the timer runs. Where all leases are reset there is nothing to look for.
        if (Volatile.Read(ref _timed) == 0)
            return null;
        var slots = _slots;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i] is not { } connection || Interlocked.CompareExchange(ref slots[i], null, connection) != connection)
                continue;
            if (connection.FullState == ConnectionState.Open)
                return connection;
            LateConnection.Dispose(connection);
        }

        return null;
    }

    /// <summary>Keeps a connection for the next lease; false where its pool must have it, because it isn't idle, somebody waits for one, or enough are kept.</summary>
    public bool TryKeep(NpgsqlConnection connection)
    {
        if (_disposed || Volatile.Read(ref _openings) > 0 || connection.FullState != ConnectionState.Open)
            return false;
        var slots = _slots;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i] is not null || Interlocked.CompareExchange(ref slots[i], connection, null) is not null)
                continue;
            if (Volatile.Read(ref _timed) == 0 && Interlocked.Exchange(ref _timed, 1) == 0)
                StartTimer();

            // Whoever began to wait meanwhile may have looked before it stood there.
            if (_disposed)
                Clear();
            else if (Volatile.Read(ref _openings) > 0 && Take() is { } awaited)
                LateConnection.Dispose(awaited);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Announces that a connection will be asked of the pool, which may be exhausted: until <see cref="OpeningEnded"/> none
    /// is kept. Look again with <see cref="Take"/> after it.
    /// </summary>
    public void OpeningBegins() => Interlocked.Increment(ref _openings);

    public void OpeningEnded() => Interlocked.Decrement(ref _openings);

    /// <summary>Gives all to their pool, which resets or closes them.</summary>
    public void Clear()
    {
        var slots = _slots;
        for (var i = 0; i < slots.Length; i++)
        {
            if (Interlocked.Exchange(ref slots[i], null) is { } connection)
                LateConnection.Dispose(connection);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
        Clear();
    }

    private Timer NewTimer() => new(static state => ((CleanConnections)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void StartTimer()
    {
        try
        {
            _timer.Change(KeptFor, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Disposed meanwhile: then nothing stays kept.
        }
    }

    private void OnTimer()
    {
        Volatile.Write(ref _timed, 0);
        Clear();
    }
}
