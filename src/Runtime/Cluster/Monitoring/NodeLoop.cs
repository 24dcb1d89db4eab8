namespace CompileTimeRouting.Cluster;

/// <summary>What goes on for one node while it belongs to the cluster.</summary>
internal sealed class NodeLoop(ClusterNode node, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public ClusterNode Node => node;

    /// <summary>Cancelled when the node leaves, or all ends.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Released where the next round is wanted at once.</summary>
    public SemaphoreSlim Wanted { get; } = new(0);

    public Task Running { get; set; } = Task.CompletedTask;

    public void Wake()
    {
        if (Wanted.CurrentCount == 0)
            Wanted.Release();
    }

    public void Stop() => _stopping.Cancel();

    /// <summary>Call it when what is running has ended.</summary>
    public void Dispose() => _stopping.Dispose();
}
