using System.Collections.Immutable;
using System.Diagnostics;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Probes every node on a schedule of its own, over a connection of its own, so that a node that hangs delays nobody.
/// </summary>
/// <remarks>
/// The load on a node: one connection, and one probe (one round trip, no table is touched) in each interval; while something
/// is wrong two, and up to ten in the moment after a failure. A probe that is asked for by a failed call never comes sooner
/// than <see cref="ShortestGap"/> after the one before.
/// </remarks>
internal sealed class ClusterMonitor : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(50);

    private readonly ClusterState _state;
    private readonly ILogger _logger;
    private readonly RoutingMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile ImmutableDictionary<ClusterNode, Watch> _watches = ImmutableDictionary<ClusterNode, Watch>.Empty;
    private volatile ProbeSchedule _schedule;
    private bool _started;

    public ClusterMonitor(ClusterState state, ProbeSchedule schedule, ILogger logger, RoutingMetrics metrics)
    {
        _state = state;
        _schedule = schedule;
        _logger = logger;
        _metrics = metrics;
        state.ProbeWanted = Want;
    }

    /// <summary>Starts to probe; called a second time it does nothing.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_started || _stopping.IsCancellationRequested)
                return;
            _started = true;
            WatchNodes();
        }
    }

    /// <summary>Probes the nodes that are there now, on a schedule that may have changed.</summary>
    /// <returns>Ends when the nodes that are gone aren't probed any more.</returns>
    public Task FollowAsync(ProbeSchedule schedule)
    {
        _schedule = schedule;
        lock (_lock)
            return _started && !_stopping.IsCancellationRequested ? WatchNodes() : Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopping.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task watching;
        lock (_lock)
            watching = Task.WhenAll(_watches.Values.Select(static w => w.Watching));
        await watching.ConfigureAwait(false);
    }

    private Task WatchNodes()
    {
        var (nodes, before) = (_state.Nodes, _watches);
        var gone = before.Where(w => !nodes.Contains(w.Key)).Select(static w => w.Value).ToArray();
        foreach (var watch in gone)
            watch.Stopping.Cancel();
        _watches = nodes.ToImmutableDictionary(static n => n, n => before.GetValueOrDefault(n) ?? new Watch(_stopping.Token));

        // Neither a unit of work nor any other ambient value of the first caller goes on here.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        foreach (var (node, watch) in _watches.Where(w => !before.ContainsKey(w.Key)))
            watch.Watching = Task.Run(() => WatchAsync(node, watch));
        flow?.Undo();
        return Task.WhenAll(gone.Select(static w => w.Watching));
    }

    private void Want(ClusterNode node)
    {
        if (_watches.GetValueOrDefault(node) is { Wanted.CurrentCount: 0 } watch)
            watch.Wanted.Release();
    }

    private async Task WatchAsync(ClusterNode node, Watch watch)
    {
        var stopping = watch.Stopping.Token;
        var probe = new NodeProbe(node);
        await using var disposal = probe.ConfigureAwait(false);
        while (!stopping.IsCancellationRequested)
        {
            var (interval, timeout) = _schedule;
            try
            {
                // What was asked for until now is answered by the probe that comes now.
                watch.Wanted.Wait(TimeSpan.Zero, stopping);
                var result = await probe.RunAsync(timeout, stopping).ConfigureAwait(false);
                _metrics.Probed(node.Name, Stopwatch.GetElapsedTime(result.RequestedAt, result.EndedAt), result.ErrorType);
                _state.Report(node, result, conclusive: false);
                await Task.Delay(ShortestGap, stopping).ConfigureAwait(false);

                // Many processes that were started together don't probe together.
                var jitter = 0.9 + (0.2 * Random.Shared.NextDouble());
                var pause = (interval * (_state.Urgency(node) * jitter)) - ShortestGap;
                if (pause > TimeSpan.Zero)
                    await watch.Wanted.WaitAsync(pause, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.ProbeFailed(_logger, e, node.Name);
                await Task.Delay(interval, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private sealed class Watch(CancellationToken stopping)
    {
        public SemaphoreSlim Wanted { get; } = new(0);

        public CancellationTokenSource Stopping { get; } = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        public Task Watching { get; set; } = Task.CompletedTask;
    }
}
