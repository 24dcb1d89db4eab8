using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace CompileTimeRouting.Consistency.Load;

/// <summary>
/// Sessions of several processes' data sources, each a flow of writes and reads, some going on where another one left off.
/// Every read is checked against the history of its session.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "The load is repeatable: it comes from a seed.")]
internal sealed class SessionLoad : IAsyncDisposable
{
    private const int WritesInPercent = 10;
    private const int ExportsInPercent = 30;
    private const int LongestSession = 40;
    private const int Kept = 20;

    private readonly IReadOnlyList<RoutedDataSource> _sources;
    private readonly Counters[] _counters;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private long _reads;
    private long _writes;
    private long _imports;
    private long _found;
    private int _era;

    public SessionLoad(IReadOnlyList<RoutedDataSource> sources, int workers, int seed)
    {
        _sources = sources;
        _counters = [.. sources.Select(static s => new Counters(s))];
        _workers = [.. Enumerable.Range(0, workers).Select(w => Task.Run(() => WorkAsync(w, new Random(HashCode.Combine(seed, w)))))];
    }

    public long Reads => Interlocked.Read(ref _reads);

    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Sessions that went on from a token.</summary>
    public long Imports => Interlocked.Read(ref _imports);

    public long Found => Interlocked.Read(ref _found);

    public IReadOnlyCollection<string> Violations => _violations;

    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>What was seen and never acknowledged may be gone from now on.</summary>
    public void NextEra() => Interlocked.Increment(ref _era);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    // One row is each worker's own to write; all are everybody's to read.
    private async Task WorkAsync(int worker, Random random)
    {
        (string Token, SessionHistory History)? left = null;
        var version = new Version(worker);
        while (!_stop.IsCancellationRequested)
        {
            var index = random.Next(_sources.Count);
            var history = left?.History ?? new SessionHistory();
            if (left is not null)
                Interlocked.Increment(ref _imports);
            using var session = _sources[index].BeginSession(left?.Token);
            for (var n = 1 + random.Next(LongestSession); n > 0 && !_stop.IsCancellationRequested; n--)
                await StepAsync(_counters[index], _sources[index], history, version, random);
            left = random.Next(100) < ExportsInPercent && await ExportAsync(session) is { } token ? (token, history) : null;
        }
    }

    private async Task StepAsync(Counters counters, RoutedDataSource source, SessionHistory history, Version version, Random random)
    {
        try
        {
            if (random.Next(100) < WritesInPercent)
            {
                await WriteAsync(counters, source, version.Id, ++version.Value, random.Next(4));
                history.Wrote(version.Id, version.Value);
                Interlocked.Increment(ref _writes);
                return;
            }

            var id = random.Next(3) == 0 ? random.Next(_workers?.Length ?? 1) : version.Id;
            var era = Volatile.Read(ref _era);
            var expected = history.Expect(id, era);
            var reading = random.Next(8) == 0 ? counters.Read(id) : await counters.ReadAsync(id);
            if (expected.Violation(reading) is { } violation)
                Note(violation);
            history.Saw(id, reading.Version, era);
            Interlocked.Increment(ref _reads);
        }
        catch (Exception e) when (e is NpgsqlException or PrimaryUnavailableException or TimeoutException or InvalidOperationException)
        {
            // A fault made the call fail: it promises nothing then. Whether a write of it comes into effect is open.
            _failures.AddOrUpdate(e.GetType().Name, 1, static (_, n) => n + 1);
            await Task.Delay(5);
        }
    }

    private static async Task WriteAsync(Counters counters, RoutedDataSource source, long id, long version, int kind)
    {
        switch (kind)
        {
            case 0:
                await counters.WriteInTransactionAsync(id, version);
                break;
            case 1:
                await using (var unitOfWork = await source.BeginTransactionAsync())
                {
                    await counters.WriteAsync(id, version);
                    await unitOfWork.CommitAsync();
                }

                break;
            case 2:
                counters.Write(id, version);
                break;
            default:
                await counters.WriteAsync(id, version);
                break;
        }
    }

    private async Task<string?> ExportAsync(ConsistencySession session)
    {
        try
        {
            return await session.ExportAsync();
        }
        catch (Exception e) when (e is NpgsqlException or PrimaryUnavailableException or TimeoutException)
        {
            _failures.AddOrUpdate(e.GetType().Name, 1, static (_, n) => n + 1);
            return null;
        }
    }

    private void Note(string violation)
    {
        if (Interlocked.Increment(ref _found) <= Kept)
            _violations.Enqueue(violation);
    }

    private sealed class Version(long id)
    {
        public long Id => id;

        public long Value { get; set; }
    }
}
