using System.Diagnostics;
using System.Globalization;
using BookedBarber.Customers;
using BookedBarber.Database;
using CompileTimeRouting;
using CompileTimeRouting.DevCluster;
using Spectre.Console;

namespace BookedBarber.Visit;

/// <summary>A replica is killed while readers are at work, and comes back: no read fails.</summary>
internal sealed class ReplicaLoss(RoutedDataSource db, NodeDirectory nodes, CustomerRepository customers)
{
    private const int Readers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly object _counting = new();
    private Dictionary<string, int> _reads = [];
    private int _failed;
    private TimeSpan _longest;

    /// <param name="victim">The replica to kill; its name in the data source is the same.</param>
    /// <returns>Whether no read failed, and the replica serves reads again.</returns>
    public async Task<bool> RunAsync(PostgresNode victim, CancellationToken ct)
    {
        Dictionary<string, int> before, without, after;
        TimeSpan detected, back;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var readers = Enumerable.Range(0, Readers).Select(i => ReadAsync(i, end.Token)).ToArray();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            before = TakeCounts();

            var clock = Stopwatch.StartNew();
            await victim.KillAsync(ct);
            await UntilAsync(() => StateOf(victim) == NodeState.Down, $"{victim.Name} was killed, and isn't found down", ct);
            detected = clock.Elapsed;
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            without = TakeCounts();

            await victim.StartAsync(ct);
            clock.Restart();
            await UntilAsync(() => Counted(victim.Name) > 0, $"{victim.Name} was started, and gets no reads", ct);
            back = clock.Elapsed;
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            after = TakeCounts();
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(readers);
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("", "reads on " + victim.Name, "elsewhere", "");
        Row(table, "before", before, victim, "");
        Row(table, "killed with SIGKILL", without, victim, Milliseconds("found down after", detected));
        Row(table, "started again", after, victim, Milliseconds("reads again after", back));
        AnsiConsole.Write(table);
        var held = _failed == 0;
        AnsiConsole.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[{(held ? "green" : "red")}]{_failed} reads failed; the longest took {_longest.TotalMilliseconds:0} ms.[/]"));
        return held;
    }

    private static string Milliseconds(string what, TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {time.TotalMilliseconds:0} ms");

    private static void Row(Table table, string phase, Dictionary<string, int> reads, PostgresNode victim, string note)
    {
        var there = reads.GetValueOrDefault(victim.Name);
        table.AddRow(
            phase, there.ToString("N0", CultureInfo.InvariantCulture), (reads.Values.Sum() - there).ToString("N0", CultureInfo.InvariantCulture), note);
    }

    private async Task ReadAsync(int seed, CancellationToken end)
    {
        var random = new Random(seed);
        while (!end.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                // Not the token: the last read is to end.
                var customer = await customers.FindAsync(random.Next(SampleData.Customers) + 1, CancellationToken.None);
                Count(nodes.NameOf(customer!), clock.Elapsed, failed: false);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
            {
                Count("", clock.Elapsed, failed: true);
            }

            await Task.Delay(1, CancellationToken.None);
        }
    }

    private void Count(string node, TimeSpan time, bool failed)
    {
        lock (_counting)
        {
            if (failed)
                _failed++;
            else
                _reads[node] = _reads.GetValueOrDefault(node) + 1;
            if (time > _longest)
                _longest = time;
        }
    }

    private int Counted(string node)
    {
        lock (_counting)
            return _reads.GetValueOrDefault(node);
    }

    private Dictionary<string, int> TakeCounts()
    {
        lock (_counting)
        {
            var reads = _reads;
            _reads = [];
            return reads;
        }
    }

    private NodeState StateOf(PostgresNode node) => db.GetSnapshot().Nodes.First(n => n.Name == node.Name).State;

    private static async Task UntilAsync(Func<bool> condition, string otherwise, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"{otherwise}, after {Patience.TotalSeconds:0} seconds.");
            await Task.Delay(10, ct);
        }
    }
}
