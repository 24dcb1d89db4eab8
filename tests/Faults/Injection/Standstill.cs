namespace CompileTimeRouting.Faults.Injection;

/// <summary>
/// Notes when this process itself stood still: a timer that is late has nothing to do with a database. On a machine that
/// does other work too, a call that waited for the processor would else be taken for one that waited for a sick node.
/// </summary>
internal sealed class Standstill : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Tolerated = TimeSpan.FromMilliseconds(4);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<(TimeSpan Start, TimeSpan End)> _pauses = [];
    private readonly Task _watching;

    public Standstill(RunClock clock) => _watching = Task.Run(() => WatchAsync(clock));

    /// <summary>The part of a span in which the process stood still. Call it after the end of the watch.</summary>
    public TimeSpan Within(TimeSpan start, TimeSpan end)
    {
        var sum = TimeSpan.Zero;
        foreach (var (from, to) in _pauses)
        {
            var overlap = (to < end ? to : end) - (from > start ? from : start);
            if (overlap > TimeSpan.Zero)
                sum += overlap;
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(RunClock clock)
    {
        var before = clock.Now;
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Tick);
            var now = clock.Now;
            if (now - before > Tick + Tolerated)
                _pauses.Add((before + Tick, now));
            before = now;
        }
    }
}
