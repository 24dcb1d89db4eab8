using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting.Consistency.Processes;
using Npgsql;

namespace CompileTimeRouting.Consistency.Load;

/// <summary>
/// Sessions of several data sources, each a flow of writes and reads, some going on where another one left off, some of them
/// in another process. Every read is checked against the history of its session.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "The load is repeatable: it comes from a seed.")]
internal sealed class SessionLoad : IAsyncDisposable
{
    private const int WritesInPercent = 10;
    private const int ExportsInPercent = 30;
    private const int TripsInPercent = 50;
    private const int AtOnceInPercent = 10;
    private const int LongestSession = 40;
    private const int Kept = 20;

    private readonly IReadOnlyList<RoutedDataSource> _sources;
    private readonly Counters[] _counters;
    private readonly OtherProcess? _there;
    private int _isThere;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private long _reads;
    private long _telling;
    private long _writes;
    private long _imports;
    private long _trips;
    private long _possible;
    private long _possibleSeen;
    private long _found;
    private int _era;

    /// <param name="sources">The data sources.</param>
    /// <param name="workers">How many sessions go on at once.</param>
    /// <param name="seed">Of what they do.</param>
    /// <param name="there">Another process, to which sessions go and from which they come back; null for none.</param>
    public SessionLoad(IReadOnlyList<RoutedDataSource> sources, int workers, int seed, OtherProcess? there = null)
    {
        _there = there;
        _sources = sources;
        _counters = [.. sources.Select(static s => new Counters(s))];
        _workers = [.. Enumerable.Range(0, workers).Select(w => Task.Run(() => WorkAsync(w, new Random(HashCode.Combine(seed, w)))))];
    }

    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>The reads of rows that their session had written or seen before: the others have nothing to miss.</summary>
    public long TellingReads => Interlocked.Read(ref _telling);

    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Sessions that went on from a token.</summary>
    public long Imports => Interlocked.Read(ref _imports);

    /// <summary>How often a session went on in the other process and came back.</summary>
    public long Trips => Interlocked.Read(ref _trips);

    /// <summary>Writes that failed, so that their outcome isn't known.</summary>
    public long Possible => Interlocked.Read(ref _possible);

    /// <summary>Those of them that a read saw.</summary>
    public long PossibleSeen => Interlocked.Read(ref _possibleSeen);

    public long Found => Interlocked.Read(ref _found);

    public IReadOnlyCollection<string> Violations => _violations;

    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>A failover begins, or has ended: what was seen before and never acknowledged may be gone. Odd while one is under way.</summary>
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
            session.WillExport = random.Next(2) == 0;
            for (var n = 1 + random.Next(LongestSession); n > 0 && !_stop.IsCancellationRequested; n--)
                await StepAsync(_counters[index], _sources[index], history, version, random);
            left = random.Next(100) < ExportsInPercent && await ExportAsync(session) is { } token ? (token, history) : null;
            if (left is { } trip && _there is not null && random.Next(100) < TripsInPercent)
                left = (await GoThereAsync(trip.Token, trip.History, version, random), trip.History);
        }
    }

    // One at a time, and nobody waits for it: a fault may hold it up.
    private async Task<string> GoThereAsync(string token, SessionHistory history, Version version, Random random)
    {
        if (Interlocked.Exchange(ref _isThere, 1) != 0)
            return token;
        var written = random.Next(2) == 0 ? ++version.Value : 0;
        try
        {
            var era = Volatile.Read(ref _era);
            var (reading, back) = await _there!.GoOnAsync(token, version.Id, written);
            if (written != 0)
            {
                history.Wrote(version.Id, written);
                Interlocked.Increment(ref _writes);
            }

            Check(history, history.Expect(version.Id, era), reading, version, era, " in the other process");
            Interlocked.Increment(ref _trips);
            return back;
        }
        catch (InvalidOperationException e)
        {
            Failed(e, history, version.Id, written);
            return token;
        }
        finally
        {
            Volatile.Write(ref _isThere, 0);
        }
    }

    private void Check(SessionHistory history, Expectation expected, Reading reading, Version version, int era, string where = "")
    {
        // A read that a failover overtook may be answered by the heir, which never had what wasn't acknowledged.
        if (era % 2 != 0 || Volatile.Read(ref _era) != era)
            expected = expected with { Seen = 0 };
        if (expected.Violation(reading) is { } violation)
            Note(violation + where);
        if (expected.Id == version.Id && reading.Version > version.Value)
            Note($"row {expected.Id}: read {reading.Version} from port {reading.Port}{where}, which nobody wrote");
        if (history.Saw(expected.Id, reading.Version, era))
            Interlocked.Increment(ref _possibleSeen);
        Interlocked.Increment(ref _reads);
        if (expected is not { Written: 0, Seen: 0 })
            Interlocked.Increment(ref _telling);
    }

    // A fault made the call fail: it promises nothing then. Whether a write that was begun comes into effect is open.
    private void Failed(Exception exception, SessionHistory history, long id, long written)
    {
        _failures.AddOrUpdate(exception.GetType().Name, 1, static (_, n) => n + 1);
        if (written == 0 || exception is PrimaryUnavailableException)
            return;
        history.MayHaveWritten(id, written);
        Interlocked.Increment(ref _possible);
    }

    private async Task StepAsync(Counters counters, RoutedDataSource source, SessionHistory history, Version version, Random random)
    {
        var writing = 0L;
        try
        {
            if (random.Next(100) < WritesInPercent)
            {
                writing = ++version.Value;
                await WriteAsync(counters, source, version.Id, writing, random.Next(4));
                history.Wrote(version.Id, version.Value);
                Interlocked.Increment(ref _writes);
                return;
            }

            var era = Volatile.Read(ref _era);
            if (random.Next(100) < AtOnceInPercent)
            {
                await ReadAtOnceAsync(counters, history, version, era, random);
                return;
            }

            var expected = history.Expect(AnyRow(version, random), era);
            var reading = random.Next(8) == 0 ? counters.Read(expected.Id) : await counters.ReadAsync(expected.Id);
            Check(history, expected, reading, version, era);
        }
        catch (Exception e) when (e is NpgsqlException or PrimaryUnavailableException or TimeoutException or InvalidOperationException)
        {
            Failed(e, history, version.Id, writing);
            await Task.Delay(5);
        }
    }

    private long AnyRow(Version version, Random random) => random.Next(3) == 0 ? random.Next(_workers?.Length ?? 1) : version.Id;

    // What one of them sees the others needn't: each is held to what was there before all of them.
    private async Task ReadAtOnceAsync(Counters counters, SessionHistory history, Version version, int era, Random random)
    {
        var expected = new Expectation[random.Next(2, 5)];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = history.Expect(AnyRow(version, random), era);
        var reads = Array.ConvertAll(expected, e => Task.Run(() => counters.ReadAsync(e.Id)));
        try
        {
            await Task.WhenAll(reads);
        }
        finally
        {
            for (var i = 0; i < reads.Length; i++)
            {
                if (reads[i].IsCompletedSuccessfully)
                    Check(history, expected[i], await reads[i], version, era);
            }
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
