using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Load;
using Npgsql;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>
/// The control of the measurement: a timer of this process, and one session on each node that asks it something small all
/// the time. When the timer is late, or a node that is well answers late, the machine was busy with something else; a call
/// that waited at the same time didn't wait for the sick node.
/// </summary>
internal sealed class Control : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Tolerated = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<PostgresNode, List<(TimeSpan Start, TimeSpan End)>> _lateAnswers;
    private readonly List<(TimeSpan Start, TimeSpan End)> _lateTicks = [];
    private readonly Task _watching;

    public Control(PostgresCluster cluster, RunClock clock)
    {
        _lateAnswers = cluster.Nodes.ToDictionary(static n => n, static _ => new List<(TimeSpan, TimeSpan)>());
        _watching = Task.WhenAll([Task.Run(() => TickAsync(clock)), .. cluster.Nodes.Select(n => Task.Run(() => AskAsync(n, clock)))]);
    }

    /// <summary>The time in which the machine was busy otherwise. Call it after the end of the watch.</summary>
    /// <param name="sick">The nodes whose answers say nothing.</param>
    public BusyTime Except(IReadOnlyList<PostgresNode> sick) =>
        new([.. _lateTicks, .. _lateAnswers.Where(a => !sick.Contains(a.Key)).SelectMany(static a => a.Value)]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task TickAsync(RunClock clock)
    {
        var before = clock.Now;
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Tick);
            var now = clock.Now;
            if (now - before > Tick + Tolerated)
                _lateTicks.Add((before + Tick, now));
            before = now;
        }
    }

    private async Task AskAsync(PostgresNode node, RunClock clock)
    {
        // One connect is left with a server that hangs: see Heartbeat.
        var settings = new NpgsqlConnectionStringBuilder(node.AdminConnectionString) { Pooling = false, Timeout = 60, CommandTimeout = 1, ApplicationName = "control" };
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(_stop.Token);
                await using var command = new NpgsqlCommand(Ledger.EntrySql.Replace("@id", "1", StringComparison.Ordinal), connection);
                while (true)
                {
                    await Task.Delay(Tick, _stop.Token);
                    var start = clock.Now;
                    await using (var reader = await command.ExecuteReaderAsync(_stop.Token))
                        await reader.ReadAsync(_stop.Token);
                    var end = clock.Now;
                    if (end - start > Tolerated)
                        _lateAnswers[node].Add((start, end));
                }
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
            {
                if (!_stop.IsCancellationRequested)
                    await Task.Delay(100);
            }
        }
    }
}

/// <summary>Spans of time, which may overlap.</summary>
internal sealed class BusyTime(IEnumerable<(TimeSpan Start, TimeSpan End)> spans)
{
    private readonly (TimeSpan Start, TimeSpan End)[] _spans = [.. spans.OrderBy(static s => s.Start)];

    /// <summary>How much of a span is within them.</summary>
    public TimeSpan Within(TimeSpan start, TimeSpan end)
    {
        var sum = TimeSpan.Zero;
        foreach (var span in _spans)
        {
            if (span.Start >= end)
                break;
            var from = span.Start > start ? span.Start : start;
            var to = span.End < end ? span.End : end;
            if (to <= from)
                continue;
            sum += to - from;
            start = to;
        }

        return sum;
    }
}
