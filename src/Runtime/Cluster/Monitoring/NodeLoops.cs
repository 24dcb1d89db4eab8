using System.Collections.Immutable;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// One loop for each node of the cluster, each on its own, so that a node that hangs delays nobody: it runs from when the node
/// joins until it leaves.
/// </summary>
/// <param name="state">Tells the nodes that are there.</param>
/// <param name="run">The loop: it ends when <see cref="NodeLoop.Stopping"/> is cancelled.</param>
internal sealed class NodeLoops(ClusterState state, Func<NodeLoop, Task> run) : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile ImmutableDictionary<ClusterNode, NodeLoop> _loops = ImmutableDictionary<ClusterNode, NodeLoop>.Empty;
    private volatile bool _started;

    /// <summary>Starts the loops; called a second time it does nothing.</summary>
    public void Start()
    {
        if (_started)
            return;
        lock (_lock)
        {
            if (_started || _stopping.IsCancellationRequested)
                return;
            _started = true;
            Follow();
        }
    }

    /// <summary>Has a loop for each of the nodes that are there now.</summary>
    /// <returns>Ends when the loops of the nodes that are gone have ended.</returns>
    public Task FollowAsync()
    {
        lock (_lock)
            return _started && !_stopping.IsCancellationRequested ? Follow() : Task.CompletedTask;
    }

    public void Wake(ClusterNode node) => _loops.GetValueOrDefault(node)?.Wake();

    public void WakeAll()
    {
        foreach (var (_, loop) in _loops)
            loop.Wake();
    }

    public void Dispose() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        NodeLoop[] loops;
        lock (_lock)
            loops = [.. _loops.Values];
        await EndAsync(loops).ConfigureAwait(false);
    }

    private Task Follow()
    {
        var (nodes, before) = (state.Nodes, _loops);
        var gone = before.Where(l => !nodes.Contains(l.Key)).Select(static l => l.Value).ToArray();
        foreach (var loop in gone)
            loop.Stop();
        _loops = nodes.ToImmutableDictionary(static n => n, n => before.GetValueOrDefault(n) ?? new NodeLoop(n, _stopping.Token));

        // Neither a unit of work nor any other ambient value of whoever starts them goes on here.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        foreach (var (_, loop) in _loops.Where(l => !before.ContainsKey(l.Key)))
            loop.Running = Task.Run(() => run(loop));
        flow?.Undo();
        return EndAsync(gone);
    }

    // The source of a loop's token hangs on the one of all loops, which outlives it.
    private static async Task EndAsync(NodeLoop[] gone)
    {
        await Task.WhenAll(gone.Select(static l => l.Running)).ConfigureAwait(false);
        foreach (var loop in gone)
            loop.Dispose();
    }
}
