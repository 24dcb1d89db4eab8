namespace CompileTimeRouting.Faults.Injection;

/// <summary>What the data source says of its nodes, looked at every few milliseconds: each change with its time.</summary>
internal sealed class NodeWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly List<Change> _changes = [];

    public NodeWatch(RoutedDataSource db, RunClock clock) => _watching = Task.Run(() => WatchAsync(db, clock));

    public sealed record Change(TimeSpan At, string Node, NodeState State, NodeRole Role, string? Problem);

    public IReadOnlyList<Change> Changes
    {
        get
        {
            lock (_changes)
                return [.. _changes];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(RoutedDataSource db, RunClock clock)
    {
        var known = new Dictionary<string, (NodeState, NodeRole)>(StringComparer.Ordinal);
        while (!_stop.IsCancellationRequested)
        {
            foreach (var node in db.GetSnapshot().Nodes)
            {
                if (known.TryGetValue(node.Name, out var before) && before == (node.State, node.Role))
                    continue;
                known[node.Name] = (node.State, node.Role);
                lock (_changes)
                    _changes.Add(new Change(clock.Now, node.Name, node.State, node.Role, node.Problem));
            }

            await Task.Delay(Interval);
        }
    }
}
