using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Limits how many connections to one node are being made at once. A server forks and authenticates for each: after its
/// return, or at a cold start under load, hundreds at once would keep it from answering anybody. And a server that has no
/// place left forks for each that asks all the same: it is left alone for a moment.
/// </summary>
/// <remarks>
/// Only a call that needs a new connection comes here; one for which the pool has an idle one passes by. Safe for use by
/// many threads.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose of.")]
internal sealed class ConnectGate(int limit)
{
    /// <summary>How long after a node's return connecting is spread, so that many processes don't come at one moment.</summary>
    public static readonly TimeSpan ReturnPeriod = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestSpread = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private volatile SemaphoreSlim _places = new(limit);
    private volatile int _limit = limit;
    private long _spreadUntil;
    private long _restsUntil;
    private int _refusals;
    private int _asking;

    /// <summary>Whether it is known how many idle connections a pool has; where Npgsql has moved that, nothing is limited.</summary>
    internal static bool IsSupported { get; } = typeof(NpgsqlDataSource)
        .GetProperty("Statistics", BindingFlags.Instance | BindingFlags.NonPublic)?.PropertyType == typeof((int, int, int));

    /// <summary>Whether the next call on a pool will make a connection: none is idle, and there is room for another.</summary>
    public static bool WillConnect(NpgsqlDataSource pool, int maxSize) =>
        IsSupported && Statistics(pool) is { Idle: 0 } now && now.Total < maxSize;

    /// <summary>Whether a pool has an idle connection, as far as that is known.</summary>
    public static bool HasIdle(NpgsqlDataSource pool) => IsSupported && Statistics(pool).Idle > 0;

    /// <summary>How many connections a pool has, those included that are being made; 0 where that isn't known.</summary>
    public static int Connections(NpgsqlDataSource pool) => IsSupported ? Statistics(pool).Total : 0;

    /// <summary>The node was lost: whoever hangs on connecting to it takes no place away any longer.</summary>
    public void Reset() => _places = new SemaphoreSlim(_limit);

    /// <summary>How many connections may be made at once.</summary>
    public int Limit => _limit;

    /// <summary>Has another limit from now on; whoever waits already does so by the one before.</summary>
    public void Resize(int limit)
    {
        if (limit == _limit)
            return;
        _limit = limit;
        Reset();
    }

    /// <summary>The node is back: for a moment new connections come one after the other.</summary>
    public void Spread() => Volatile.Write(ref _spreadUntil, Environment.TickCount64 + (long)ReturnPeriod.TotalMilliseconds);

    /// <summary>Whether the server had no connection left (SQLSTATE 53300) when one was last asked for.</summary>
    public bool IsServerFull => IsSupported && Volatile.Read(ref _restsUntil) != 0;

    /// <summary>
    /// The server had no connection left: until <see cref="MayAsk"/> says so none should be asked for where another node can
    /// do. Twice as long each time, from a tenth of a second to one, and not for all processes the same.
    /// </summary>
    public void Refused()
    {
        // Of many that were refused together the first counts.
        var now = Environment.TickCount64;
        if (Volatile.Read(ref _restsUntil) > now && Interlocked.Exchange(ref _asking, 0) == 0)
            return;
        var rest = Backoff.Spread(FirstRest, LongestRest, Interlocked.Increment(ref _refusals), Random.Shared.NextDouble());
        Volatile.Write(ref _restsUntil, now + (long)rest.TotalMilliseconds);
    }

    /// <summary>A connection was made.</summary>
    public void Admitted()
    {
        if (!IsServerFull)
            return;
        Volatile.Write(ref _refusals, 0);
        Volatile.Write(ref _asking, 0);
        Volatile.Write(ref _restsUntil, 0);
    }

    /// <summary>Whether a connection may be asked for: of a server that was full by one call, once its rest is over; its answer says how it goes on.</summary>
    public bool MayAsk()
    {
        var until = Volatile.Read(ref _restsUntil);
        if (until == 0)
            return true;
        var now = Environment.TickCount64;
        if (now < until || Interlocked.CompareExchange(ref _restsUntil, now + (long)LongestRest.TotalMilliseconds, until) != until)
            return false;
        Volatile.Write(ref _asking, 1);
        return true;
    }

    /// <summary>Waits for a place.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The place, to be released when the connection is made or has failed.</returns>
    /// <exception cref="PoolWaitException">There was none in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<SemaphoreSlim> EnterAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var places = _places;
        if (!await places.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
            throw PoolWaitException.Gate();
        if (Environment.TickCount64 < Volatile.Read(ref _spreadUntil))
        {
            try
            {
                await Task.Delay(LongestSpread * Random.Shared.NextDouble(), cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                places.Release();
                throw;
            }
        }

        return places;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Statistics")]
    private static extern (int Total, int Idle, int Busy) Statistics(NpgsqlDataSource pool);
}
