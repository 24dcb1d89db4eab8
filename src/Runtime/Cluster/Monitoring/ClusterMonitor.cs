using System.Diagnostics;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Probes every node on a schedule of its own, over a connection of its own, so that a node that hangs delays nobody.
/// </summary>
/// <remarks>
/// The load on a node: one connection, and one probe (one round trip, no table is touched) in each interval; while something
/// is wrong two, five of a replica that isn't known to have what the primary had, and up to ten in the moment after a failure. A probe that is asked for by a failed call never comes sooner
/// than <see cref="ShortestGap"/> after the one before.
/// </remarks>
internal sealed class ClusterMonitor : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(50);

    private readonly ClusterState _state;
    private readonly ILogger _logger;
    private readonly RoutingMetrics _metrics;
    private readonly NodeLoops _loops;
    private volatile ProbeSchedule _schedule;

    public ClusterMonitor(ClusterState state, ProbeSchedule schedule, ILogger logger, RoutingMetrics metrics)
    {
        _state = state;
        _schedule = schedule;
        _logger = logger;
        _metrics = metrics;
        _loops = new NodeLoops(state, WatchAsync);
        state.ProbeWanted = _loops.Wake;
    }

    /// <summary>Starts to probe; called a second time it does nothing.</summary>
    public void Start() => _loops.Start();

    /// <summary>Probes the nodes that are there now, on a schedule that may have changed.</summary>
    /// <returns>Ends when the nodes that are gone aren't probed any more.</returns>
    public Task FollowAsync(ProbeSchedule schedule)
    {
        _schedule = schedule;
        return _loops.FollowAsync();
    }

    public void Dispose() => _loops.Dispose();

    public ValueTask DisposeAsync() => _loops.DisposeAsync();

    private async Task WatchAsync(NodeLoop loop)
    {
        var (node, stopping) = (loop.Node, loop.Stopping);
        var probe = new NodeProbe(node);
        await using var disposal = probe.ConfigureAwait(false);
        while (!stopping.IsCancellationRequested)
        {
            var (interval, timeout) = _schedule;
            try
            {
                // What was asked for until now is answered by the probe that comes now.
                loop.Wanted.Wait(TimeSpan.Zero, stopping);
                var result = await probe.RunAsync(timeout, stopping).ConfigureAwait(false);
                _metrics.Probed(node.Name, Stopwatch.GetElapsedTime(result.RequestedAt, result.EndedAt), result.ErrorType);
                _state.Report(node, result, conclusive: false);
                await Task.Delay(ShortestGap, stopping).ConfigureAwait(false);

                // Many processes that were started together don't probe together.
                var jitter = 0.9 + (0.2 * Random.Shared.NextDouble());
                var pause = (_state.PauseBeforeProbe(node, interval) * jitter) - ShortestGap;
                if (pause > TimeSpan.Zero)
                    await loop.Wanted.WaitAsync(pause, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.ProbeFailed(_logger, e, node.Name);
                await Task.Delay(interval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
