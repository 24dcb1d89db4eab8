using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace CompileTimeRouting.Cluster;

// How connections are made, and what is done with a new one: all that isn't taking an idle one.
internal sealed partial class NodePool
{
    private const string BeginReadOnly = "begin read only";

    private static readonly TimeSpan WarmUpStep = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan NoticedWait = TimeSpan.FromMilliseconds(20);

    // Enough for a healthy node that isn't at the other end of the world.
    private static readonly TimeSpan LeastConnect = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Makes the connections that the pool keeps open, in the background, one after the other and not at the same moment as
    /// other processes do. A failure ends it: calls and probes tell what is wrong.
    /// </summary>
    public void WarmUp()
    {
        if (MinSize == 0 || _retired)
            return;
        _ = Task.Run(WarmUpAsync);
    }

    /// <summary>
    /// Opens a connection for a call that has tried before, within what is left of its time. Where that is used up, it waits for
    /// no connection of others any longer, but has one made where there is room.
    /// </summary>
    /// <param name="left">The time; infinite for no limit.</param>
    /// <param name="leavesSessionClean">Whether what will run on it is proved to leave no session state.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<ConnectionLease> OpenWithinAsync(TimeSpan left, bool leavesSessionClean, CancellationToken cancellationToken)
    {
        if (left == Timeout.InfiniteTimeSpan)
            return await OpenAsync(leavesSessionClean, cancellationToken).ConfigureAwait(false);
        var isFull = Leases >= MaxSize;
        if (isFull && left <= TimeSpan.Zero)
            throw PoolWaitException.Full();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(isFull || left > LeastConnect ? left : LeastConnect);
        try
        {
            return await OpenAsync(leavesSessionClean, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw isFull ? PoolWaitException.Full() : (e as WaitEndedException)?.Wait ?? new NpgsqlException("The server did not answer in time.", new TimeoutException());
        }
    }

    /// <inheritdoc cref="OpenWithinAsync"/>
    public ConnectionLease OpenWithin(TimeSpan left, bool leavesSessionClean)
    {
        // Npgsql's blocking waits end by its own time-out only. A transaction's flow stays on this thread.
        if (left == Timeout.InfiniteTimeSpan || ConnectGate.HasIdle(DataSource) || IsEnlisting)
            return Open(leavesSessionClean);
        return Task.Run(() => OpenWithinAsync(left, leavesSessionClean, CancellationToken.None).AsTask()).GetAwaiter().GetResult();
    }

    // Npgsql has no such transaction of its own. It rolls it back when the connection is given back, which is as good as a
    // commit: nothing was written.
    private ConnectionLease OpenReadOnly()
    {
        var lease = OpenAny(leavesSessionClean: false);
        try
        {
            using var begin = new NpgsqlCommand(BeginReadOnly, lease.Connection);
            begin.ExecuteNonQuery();
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private async ValueTask<ConnectionLease> OpenReadOnlyAsync(CancellationToken cancellationToken)
    {
        var lease = await OpenAnyAsync(leavesSessionClean: false, cancellationToken).ConfigureAwait(false);
        try
        {
            using var begin = new NpgsqlCommand(BeginReadOnly, lease.Connection);
            await begin.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WarmUpAsync()
    {
        // An idle one would be handed out again: they are held until there are enough.
        var size = MinSize;
        var held = new List<NpgsqlConnection>(size);
        var lost = _lost.Token;
        try
        {
            while (held.Count < size && ConnectGate.Connections(DataSource) < size)
            {
                await Task.Delay(WarmUpStep * (2 * Random.Shared.NextDouble()), lost).ConfigureAwait(false);
                var place = await _gate.EnterAsync(_timeout, lost).ConfigureAwait(false);
                try
                {
                    held.Add(await DataSource.OpenConnectionAsync(lost).ConfigureAwait(false));
                }
                finally
                {
                    place.Release();
                }
            }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or ObjectDisposedException or IOException or SocketException)
        {
            // The node went away again, or has no place left.
        }

        foreach (var connection in held)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ConnectionLease> CountAsync(Task<ConnectionLease> connecting)
    {
        try
        {
            return await connecting.ConfigureAwait(false);
        }
        catch
        {
            OpeningFailed();
            throw;
        }
    }

    private async Task<ConnectionLease> ConnectAsync(LeaseEnd end, int leases, long begun, CancellationToken cancellationToken)
    {
        var isAnnounced = !HasRoom(leases);
        var lost = _lost.Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost);
        var waitBegun = Stopwatch.GetTimestamp();
        long? placeAt = null;
        Task<NpgsqlConnection>? opening = null;
        var isFull = false;
        if (isAnnounced)
            _clean.OpeningBegins();
        try
        {
            ThrowIfAway();
            var place = await _gate.EnterAsync(_timeout, either.Token).ConfigureAwait(false);
            placeAt = Stopwatch.GetTimestamp();

            // One may have come back while others were connecting.
            if (_clean.Take() is { } late)
            {
                place.Release();
                return Lease(late, end, begun);
            }

            // Others have used up the pool meanwhile: what is waited for now is no connect, and must not keep others from theirs.
            isFull = !ConnectGate.WillConnect(DataSource, MaxSize);
            if (isFull)
                place.Release();
            opening = DataSource.OpenConnectionAsync(cancellationToken).AsTask();

            // One that is there at once is an idle one, which came back meanwhile: the server said nothing.
            var isNew = !isFull && !opening.IsCompleted;
            if (!isFull)
                _ = opening.ContinueWith(static (_, place) => ((SemaphoreSlim)place!).Release(), place, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

            // Npgsql heeds a cancellation only once the server has answered its first message, which a hung one never does. Its
            // own time-out begins here: what was waited for the place is taken off.
            var waited = Stopwatch.GetElapsedTime(waitBegun, placeAt.Value);
            var left = _timeout == Timeout.InfiniteTimeSpan || waited < NoticedWait ? Timeout.InfiniteTimeSpan : _timeout > waited ? _timeout - waited : TimeSpan.Zero;
            var connection = await opening.WaitAsync(left, either.Token).ConfigureAwait(false);
            if (isNew)
                _gate.Admitted();
            return Lease(connection, end, begun);
        }
        catch (Exception e)
        {
            if (opening is not null)
                LateConnection.Dispose(opening, static connection => connection);
            if (IsLost(e, lost, cancellationToken))
                throw await LostAsync().ConfigureAwait(false);
            var wait = isFull ? PoolWaitException.Full() : WasLeftTooLittle(waitBegun, placeAt) ? PoolWaitException.Gate() : null;
            if (wait is not null && e is OperationCanceledException cancelled)
                throw new WaitEndedException(wait, cancelled);
            if (e is TimeoutException)
                throw wait ?? new NpgsqlException("The server did not answer in time.", e);
            throw;
        }
        finally
        {
            if (isAnnounced)
                _clean.OpeningEnded();
        }
    }

    // Who waited for his place until there was no time to connect in: that says nothing of the node.
    private static bool WasLeftTooLittle(long waitBegun, long? placeAt)
    {
        var now = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(waitBegun, placeAt ?? now) >= NoticedWait && Stopwatch.GetElapsedTime(placeAt ?? now, now) < LeastConnect;
    }

    private async ValueTask<ConnectionLease> AwaitOpenAsync(
        Task<NpgsqlConnection> opening, LeaseEnd end, bool isAnnounced, long begun, CancellationToken cancellationToken)
    {
        var lost = _lost.Token;
        try
        {
            // Npgsql heeds a cancellation only once the server has answered its first message, which a hung one never does.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost);
            ThrowIfAway();
            return Lease(await opening.WaitAsync(either.Token).ConfigureAwait(false), end, begun);
        }
        catch (Exception e)
        {
            OpeningFailed();
            LateConnection.Dispose(opening, static connection => connection);
            if (IsLost(e, lost, cancellationToken))
                throw await LostAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (isAnnounced)
                _clean.OpeningEnded();
        }
    }

    // Asked after the token was taken: who takes the one that is made when the node is lost, finds it away.
    private void ThrowIfAway()
    {
        if (IsAway)
            throw new NodeLostException(NodeName);
    }

    // All who wait are woken by one thread, one after the other: what each does next is his own thread's business.
    private async Task<NodeLostException> LostAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return new NodeLostException(NodeName);
    }

    // Whoever waited was sent away because the node is gone, not because he gave up.
    private bool IsLost(Exception exception, CancellationToken lost, CancellationToken cancellationToken) =>
        IsTooLate(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested && lost.IsCancellationRequested);

    /// <summary>A call was cancelled, or its time was up, while it waited for others: what to say in the second case.</summary>
    private sealed class WaitEndedException(PoolWaitException wait, OperationCanceledException cancelled)
        : OperationCanceledException(cancelled.Message, cancelled, cancelled.CancellationToken)
    {
        public PoolWaitException Wait => wait;
    }
}
