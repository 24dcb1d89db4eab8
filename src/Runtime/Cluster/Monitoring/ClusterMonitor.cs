using System.Collections.Immutable;
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

    private readonly ImmutableArray<ClusterNode> _nodes;
    private readonly ClusterState _state;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim[] _wanted;
    private readonly CancellationTokenSource _stopping = new();
    private Task[]? _watching;

    public ClusterMonitor(ImmutableArray<ClusterNode> nodes, ClusterState state, TimeSpan interval, TimeSpan timeout, ILogger logger)
    {
        _nodes = nodes;
        _state = state;
        _interval = interval;
        _timeout = timeout;
        _logger = logger;
        _wanted = [.. nodes.Select(static _ => new SemaphoreSlim(0))];
        state.ProbeWanted = Want;
    }

    /// <summary>Starts to probe; called a second time it does nothing.</summary>
    public void Start()
    {
        lock (_stopping)
        {
            if (_watching is not null || _stopping.IsCancellationRequested)
                return;

            // Neither a unit of work nor any other ambient value of the first caller goes on here.
            using (ExecutionContext.SuppressFlow())
                _watching = [.. _nodes.Select((_, i) => Task.Run(() => WatchAsync(i)))];
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task[]? watching;
        lock (_stopping)
            watching = _watching;
        if (watching is not null)
            await Task.WhenAll(watching).ConfigureAwait(false);
    }

    private void Want(int index)
    {
        if (_wanted[index].CurrentCount == 0)
            _wanted[index].Release();
    }

    private async Task WatchAsync(int index)
    {
        var probe = new NodeProbe(_nodes[index]);
        await using var disposal = probe.ConfigureAwait(false);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                // What was asked for until now is answered by the probe that comes now.
                _wanted[index].Wait(TimeSpan.Zero, _stopping.Token);
                _state.Report(index, await probe.RunAsync(_timeout, _stopping.Token).ConfigureAwait(false), conclusive: false);
                await Task.Delay(ShortestGap, _stopping.Token).ConfigureAwait(false);

                // Many processes that were started together don't probe together.
                var jitter = 0.9 + (0.2 * Random.Shared.NextDouble());
                var pause = (_interval * (_state.Urgency(index) * jitter)) - ShortestGap;
                if (pause > TimeSpan.Zero)
                    await _wanted[index].WaitAsync(pause, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.ProbeFailed(_logger, e, _nodes[index].Name);
                await Task.Delay(_interval, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
