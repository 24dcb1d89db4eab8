using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting.Faults.Injection;

namespace CompileTimeRouting.Faults.Load;

/// <summary>How many callers do what, each waiting for its answer and then a moment before it asks again.</summary>
internal sealed record LoadMix
{
    public int Readers { get; init; } = 6;

    public int Writers { get; init; } = 2;

    /// <summary>Callers of the long read.</summary>
    public int Reporters { get; init; }

    /// <summary>Callers of the two reads in one transaction.</summary>
    public int Auditors { get; init; }

    public TimeSpan ReadPause { get; init; } = TimeSpan.FromMilliseconds(8);

    public TimeSpan WritePause { get; init; } = TimeSpan.FromMilliseconds(12);
}

/// <summary>Keeps one client under a continuous mixed load and records every call.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The load is repeatable: it comes from a seed.")]
internal sealed class LoadDriver : IAsyncDisposable
{
    /// <summary>The rows that are there before the load begins: those that are read.</summary>
    public const int SeededRows = 2_000;

    private const int RowsOfStream = 20;
    private const int StreamsInPercent = 20;

    // The ids of one client and of one of its callers are ranges of their own.
    private const long ClientRange = 1_000_000_000_000;
    private const long CallerRange = 1_000_000_000;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly ILoadClient _client;
    private readonly RunClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly List<Task<List<Operation>>> _callers = [];

    public LoadDriver(ILoadClient client, RunClock clock, LoadMix mix, int seed)
    {
        (_client, _clock) = (client, clock);
        for (var i = 0; i < mix.Readers; i++)
            Start(mix.ReadPause, seed, random => random.Next(100) < StreamsInPercent ? OperationKind.Stream : OperationKind.Read);
        for (var i = 0; i < mix.Writers; i++)
            Start(mix.WritePause, seed, static _ => OperationKind.Write);
        for (var i = 0; i < mix.Reporters; i++)
            Start(mix.ReadPause, seed, static _ => OperationKind.Report);
        for (var i = 0; i < mix.Auditors; i++)
            Start(mix.ReadPause, seed, static _ => OperationKind.Audit);
    }

    public ILoadClient Client => _client;

    /// <summary>The rows this client may have written.</summary>
    public (long First, long Last) WriteIds => (_client.Id * ClientRange, ((_client.Id + 1) * ClientRange) - 1);

    /// <summary>Ends the load. A call that still has no answer a while later is given up and counts as one that never ended.</summary>
    public async Task<IReadOnlyList<Operation>> StopAsync()
    {
        await _stop.CancelAsync();
        _abandon.CancelAfter(Grace);
        var recorded = await Task.WhenAll(_callers);
        return [.. recorded.SelectMany(static r => r).OrderBy(static o => o.Start)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abandon.CancelAsync();
        await Task.WhenAll(_callers);
        _stop.Dispose();
        _abandon.Dispose();
    }

    private void Start(TimeSpan pause, int seed, Func<Random, OperationKind> next)
    {
        var caller = _callers.Count;
        var random = new Random(HashCode.Combine(seed, caller));
        _callers.Add(Task.Run(() => CallAsync(caller, random, pause, next)));
    }

    private async Task<List<Operation>> CallAsync(int caller, Random random, TimeSpan pause, Func<Random, OperationKind> next)
    {
        var calls = new List<Operation>(16 * 1024);
        var writeId = (_client.Id * ClientRange) + (caller * CallerRange);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause * (0.5 + random.NextDouble()), _stop.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            calls.Add(await CallOnceAsync(next(random), random.Next(SeededRows - RowsOfStream), ++writeId));
        }

        return calls;
    }

    private async Task<Operation> CallOnceAsync(OperationKind kind, long row, long writeId)
    {
        var start = _clock.Now;
        try
        {
            var answer = kind switch
            {
                OperationKind.Read => await _client.ReadAsync(row, _abandon.Token),
                OperationKind.Stream => await _client.StreamAsync(row, RowsOfStream, _abandon.Token),
                OperationKind.Report => await _client.ReportAsync(_abandon.Token),
                OperationKind.Audit => await _client.AuditAsync(_abandon.Token),
                _ => new Answer(await _client.WriteAsync(writeId, _abandon.Token), 0),
            };
            var end = _clock.Now;
            // What the data was at when the call began: what the call itself took is not the data's age.
            var age = answer.Beat == 0 ? TimeSpan.Zero : start - TimeSpan.FromMilliseconds(answer.Beat);
            return new Operation(kind, start, end - start, answer.Port, age > TimeSpan.Zero ? age : TimeSpan.Zero, writeId, null);
        }
        catch (Exception e)
        {
            return new Operation(kind, start, _clock.Now - start, 0, TimeSpan.Zero, writeId, Failures.Name(e), IsCut: e is CutStreamException);
        }
    }
}
