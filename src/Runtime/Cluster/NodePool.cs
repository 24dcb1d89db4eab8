using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>One node's connections: its <see cref="NpgsqlDataSource"/> (which is the pool) and the leases now open on it.</summary>
internal sealed class NodePool(string nodeName, NpgsqlDataSource dataSource) : IAsyncDisposable, IDisposable
{
    private int _leases;

    public string NodeName { get; } = nodeName;

    public NpgsqlDataSource DataSource { get; } = dataSource;

    /// <summary>Leases that were opened and not yet given back.</summary>
    public int Leases => Volatile.Read(ref _leases);

    public void LeaseEnded() => Interlocked.Decrement(ref _leases);

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
            : AwaitOpenAsync(opening);
    }

    private async ValueTask<ConnectionLease> AwaitOpenAsync(ValueTask<NpgsqlConnection> opening)
    {
        try
        {
            return new ConnectionLease(await opening.ConfigureAwait(false), this, NodeName);
        }
        catch
        {
            LeaseEnded();
            throw;
        }
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    public void Dispose() => DataSource.Dispose();
}
