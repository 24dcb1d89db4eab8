using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// One node's connections of one kind: its <see cref="NpgsqlDataSource"/> (which is the pool) and the leases now open on it.
/// </summary>
internal sealed class NodePool(string nodeName, NpgsqlDataSource dataSource, int maxSize = 100) : IAsyncDisposable, IDisposable
{
    private int _leases;
    private long _coveredAt;
    private volatile CancellationTokenSource _lost = new();

    public string NodeName { get; } = nodeName;

    public NpgsqlDataSource DataSource { get; } = dataSource;

    public int MaxSize { get; } = maxSize;

    /// <summary>Called where a connection broke: the node may be gone.</summary>
    public Action? Suspected { get; set; }

    /// <summary>Called where an attempt failed in a way that is the node's.</summary>
    public Action? Failed { get; set; }

    /// <summary>Leases that were opened and not yet given back.</summary>
    public int Leases => Volatile.Read(ref _leases);

    /// <summary>
    /// The <see cref="System.Diagnostics.Stopwatch"/> time before which everything that was acknowledged can be read here;
    /// 0 where it isn't known.
    /// </summary>
    public long CoveredAt
    {
        get => Volatile.Read(ref _coveredAt);
        set => Volatile.Write(ref _coveredAt, value);
    }

    public ConnectionLease Open()
    {
        Interlocked.Increment(ref _leases);
        try
        {
            return new ConnectionLease(DataSource.OpenConnection(), this, NodeName);
        }
        catch
        {
            LeaseEnded();
            throw;
        }
    }

    public ValueTask<ConnectionLease> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _leases);
        ValueTask<NpgsqlConnection> opening;
        try
        {
            opening = DataSource.OpenConnectionAsync(cancellationToken);
        }
        catch
        {
            LeaseEnded();
            throw;
        }

        // A pooled connection is there at once; an async method here would cost nothing then, but a state machine otherwise
        // for every caller. Only the slow path has one.
        return opening.IsCompletedSuccessfully
            ? new ValueTask<ConnectionLease>(new ConnectionLease(opening.Result, this, NodeName))
            : AwaitOpenAsync(opening.AsTask(), cancellationToken);
    }

    /// <summary>A lease was given back.</summary>
    /// <param name="broken">Whether its connection broke.</param>
    public void LeaseEnded(bool broken = false)
    {
        Interlocked.Decrement(ref _leases);
        if (broken)
            Suspected?.Invoke();
    }

    /// <summary>
    /// The node is gone: nobody waits for a connection to it any longer, and no idle connection is handed out again.
    /// </summary>
    /// <param name="breakLeases">Whether what runs on connections on loan ends, too, now and with an error.</param>
    public void Abandon(bool breakLeases)
    {
        var lost = _lost;
        _lost = new CancellationTokenSource();
        lost.Cancel();
        if (breakLeases)
            ConnectionBreaker.BreakAll(DataSource);
        DataSource.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _lost.Cancel();
        return DataSource.DisposeAsync();
    }

    public void Dispose()
    {
        _lost.Cancel();
        DataSource.Dispose();
    }

    private async ValueTask<ConnectionLease> AwaitOpenAsync(Task<NpgsqlConnection> opening, CancellationToken cancellationToken)
    {
        var lost = _lost.Token;
        try
        {
            // Npgsql heeds a cancellation only once the server has answered its first message, which a hung one never does.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost);
            return new ConnectionLease(await opening.WaitAsync(either.Token).ConfigureAwait(false), this, NodeName);
        }
        catch (Exception e)
        {
            LeaseEnded();
            GiveBackLater(opening);
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested && lost.IsCancellationRequested)
                throw new NodeLostException(NodeName);
            throw;
        }
    }

    private static void GiveBackLater(Task<NpgsqlConnection> opening) => _ = opening.ContinueWith(
        static task =>
        {
            if (task.IsCompletedSuccessfully)
                task.Result.Dispose();
            else
                _ = task.Exception;
        },
        CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
