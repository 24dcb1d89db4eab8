using System.Collections.Immutable;
using System.Diagnostics;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Asks the nodes for their positions while reads wait for a replica that has what their sessions wrote: one answer of the
/// primary, and then one of each replica, serves all that wait, as a group commit does.
/// </summary>
/// <remarks>
/// The load on a node: one connection, opened at the first wait, and no query while nobody waits. While somebody does, the
/// next query comes a millisecond after the answer before; a replica that stays behind is asked less and less often.
/// </remarks>
internal sealed class CoverageProbes : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan GapAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly ClusterState _state;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private volatile ImmutableDictionary<ClusterNode, Asker> _askers = ImmutableDictionary<ClusterNode, Asker>.Empty;
    private volatile ProbeSchedule _schedule;
    private volatile bool _started;
    private long _time;
    private long _until;
    private volatile TaskCompletionSource _news = NewNews();

    public CoverageProbes(ClusterState state, ProbeSchedule schedule, ILogger logger)
    {
        _state = state;
        _schedule = schedule;
        _logger = logger;
    }

    /// <summary>Ends at the next answer of a replica.</summary>
    public Task News => _news.Task;

    /// <summary>Says that somebody waits for a replica that covers a time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="until">How long he waits.</param>
    public void Want(long time, long until)
    {
        lock (_lock)
        {
            _time = Math.Max(_time, time);
            _until = Math.Max(_until, until);
            if (!_started && !_stopping.IsCancellationRequested)
            {
                _started = true;
                AskNodes();
            }
        }

        WakeAll();
    }

    /// <summary>Asks the nodes that are there now.</summary>
    /// <returns>Ends when the nodes that are gone aren't asked any more.</returns>
    public Task FollowAsync(ProbeSchedule schedule)
    {
        _schedule = schedule;
        lock (_lock)
            return _started && !_stopping.IsCancellationRequested ? AskNodes() : Task.CompletedTask;
    }

    public void Dispose() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task asking;
        lock (_lock)
            asking = Task.WhenAll(_askers.Values.Select(static a => a.Asking));
        await asking.ConfigureAwait(false);
    }

    private Task AskNodes()
    {
        var (nodes, before) = (_state.Nodes, _askers);
        var gone = before.Where(a => !nodes.Contains(a.Key)).Select(static a => a.Value).ToArray();
        foreach (var asker in gone)
            asker.Stopping.Cancel();
        _askers = nodes.ToImmutableDictionary(static n => n, n => before.GetValueOrDefault(n) ?? new Asker(_stopping.Token));

        // No ambient value of whoever waits first goes on here.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        foreach (var (node, asker) in _askers.Where(a => !before.ContainsKey(a.Key)))
            asker.Asking = Task.Run(() => AskAsync(node, asker));
        flow?.Undo();
        return Task.WhenAll(gone.Select(static a => a.Asking));
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void WakeAll()
    {
        foreach (var (_, asker) in _askers)
        {
            if (asker.Wanted.CurrentCount == 0)
                asker.Wanted.Release();
        }
    }

    private bool IsWanted(ClusterNode node)
    {
        long time;
        lock (_lock)
        {
            if (Stopwatch.GetTimestamp() > _until)
                return false;
            time = _time;
        }

        return _state.IsPositionWanted(node, time);
    }

    private async Task AskAsync(ClusterNode node, Asker asker)
    {
        var stopping = asker.Stopping.Token;
        var probe = new NodeProbe(node);
        await using var disposal = probe.ConfigureAwait(false);
        var gap = ShortestGap;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!IsWanted(node))
                {
                    await asker.Wanted.WaitAsync(stopping).ConfigureAwait(false);
                    gap = ShortestGap;
                    continue;
                }

                var result = await probe.RunAsync(_schedule.Timeout, stopping).ConfigureAwait(false);
                if (result.Answer is { } answer)
                {
                    _state.ReportPosition(node, answer, result.QuestionAt, result.EndedAt);
                    Tell(answer);
                    gap = IsWanted(node) ? Longer(gap) : ShortestGap;
                }
                else
                {
                    // What is wrong with the node the monitor finds out.
                    gap = GapAfterFailure;
                }

                await Task.Delay(gap, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.ProbeFailed(_logger, e, node.Name);
                await Task.Delay(GapAfterFailure, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan gap) => gap * 1.25 < LongestGap ? gap * 1.25 : LongestGap;

    private void Tell(ProbeAnswer answer)
    {
        // What the primary said is what the replicas are asked for next, and what an export waits for.
        if (!answer.InRecovery)
            WakeAll();
        Interlocked.Exchange(ref _news, NewNews()).TrySetResult();
    }

    private sealed class Asker(CancellationToken stopping)
    {
        public SemaphoreSlim Wanted { get; } = new(0);

        public CancellationTokenSource Stopping { get; } = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        public Task Asking { get; set; } = Task.CompletedTask;
    }
}
