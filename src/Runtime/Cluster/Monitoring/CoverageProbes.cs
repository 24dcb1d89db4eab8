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
    private readonly NodeLoops _loops;
    private readonly Lock _lock = new();
    private volatile ProbeSchedule _schedule;
    private long _time;
    private long _until;
    private volatile TaskCompletionSource _news = NewNews();

    public CoverageProbes(ClusterState state, ProbeSchedule schedule, ILogger logger)
    {
        _state = state;
        _schedule = schedule;
        _logger = logger;
        _loops = new NodeLoops(state, AskAsync);
        state.AnswerTaken = Tell;
    }

    /// <summary>Ends at the next answer of a node, whoever asked it.</summary>
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
        }

        _loops.Start();
        _loops.WakeAll();
    }

    /// <summary>Asks the nodes that are there now.</summary>
    /// <returns>Ends when the nodes that are gone aren't asked any more.</returns>
    public Task FollowAsync(ProbeSchedule schedule)
    {
        _schedule = schedule;
        return _loops.FollowAsync();
    }

    public void Dispose() => _loops.Dispose();

    public ValueTask DisposeAsync() => _loops.DisposeAsync();

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    private async Task AskAsync(NodeLoop loop)
    {
        var (node, stopping) = (loop.Node, loop.Stopping);
        var probe = new NodeProbe(node);
        await using var disposal = probe.ConfigureAwait(false);
        var gap = ShortestGap;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!IsWanted(node))
                {
                    await loop.Wanted.WaitAsync(stopping).ConfigureAwait(false);
                    gap = ShortestGap;
                    continue;
                }

                var result = await probe.RunAsync(_schedule.Timeout, stopping).ConfigureAwait(false);
                if (result.Answer is { } answer)
                {
                    _state.ReportPosition(node, answer, result.QuestionAt, result.EndedAt);
                    Tell();
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
                await Task.Delay(GapAfterFailure, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan gap) => gap * 1.25 < LongestGap ? gap * 1.25 : LongestGap;

    private void Tell()
    {
        // What the primary said is what the replicas are asked for next: whoever isn't wanted goes back to sleep.
        _loops.WakeAll();
        Interlocked.Exchange(ref _news, NewNews()).TrySetResult();
    }
}
