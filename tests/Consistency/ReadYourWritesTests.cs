using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.Consistency.Faults;
using CompileTimeRouting.Consistency.Load;
using CompileTimeRouting.Consistency.Processes;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency;

/// <summary>Sessions under load, with and without faults: no read may miss what its session wrote or saw.</summary>
public class ReadYourWritesTests(ITestOutputHelper output)
{
    private const int Workers = 8;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task While_all_is_well_replicas_serve_the_reads()
    {
        await using var cluster = await Clusters.StartAsync();
        await using var source = await Clusters.OpenAsync(cluster);
        await using var load = new SessionLoad([source], Workers, ConsistencySettings.Seed);
        var lags = await SampleLagsAsync(cluster.Primary, Short);
        await load.StopAsync();
        var outcomes = source.Outcomes;
        Report(load, [source]);
        if (lags.Count > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"replicas replayed {lags[lags.Count / 2]:0.0} ms after the primary's flush (median of {lags.Count}), {lags[^1]:0.0} ms at most"));
        Assert.Empty(load.Violations);

        var served = outcomes.Satisfied + outcomes.Waited;
        Assert.True(served >= 9 * outcomes.Primary, $"{served} reads were served by replicas, {outcomes.Primary} by the primary: less than nine of ten.");
        Assert.True(load.Failures.Sum(static f => f.Value) * 100 < load.Reads, string.Join(", ", load.Failures.Select(static f => $"{f.Key} {f.Value}")));
    }

    [Fact]
    public async Task No_read_misses_what_its_session_wrote_whatever_fails()
    {
        await using var cluster = await Clusters.StartAsync();
        await using var first = await Clusters.OpenAsync(cluster);
        await using var second = await Clusters.OpenAsync(cluster);
        await using var there = ConsistencySettings.IsLong ? await OtherProcess.StartAsync(Clusters.Options(cluster)) : null;
        await using var load = new SessionLoad([first, second], Workers, ConsistencySettings.Seed, there);
        var random = new Random(ConsistencySettings.Seed);
        var faults = new FaultSequence(cluster, random, load.NextEra);
        var clock = Stopwatch.StartNew();
        do
        {
            await faults.RunAllAsync(
                () => load.Found > 0 || (ConsistencySettings.IsLong && load.TellingReads >= ConsistencySettings.LongReads),
                name => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0.0} s, {load.Reads,9} reads: {name}")));
        }
        while (ConsistencySettings.IsLong && load.Found == 0 && load.TellingReads < ConsistencySettings.LongReads);
        await load.StopAsync();
        Report(load, [first, second]);
        Assert.Empty(load.Violations);
        Assert.True(load.TellingReads > 1_000, $"Only {load.TellingReads} reads were checked that could miss something.");
        Assert.True(there is null || load.Trips > 0, "No session went on in the other process.");
    }

    // In milliseconds, in their order, of the standby that is farther behind.
    private static async Task<List<double>> SampleLagsAsync(PostgresNode primary, TimeSpan time)
    {
        var lags = new List<double>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            await Task.Delay(50);
            if (await primary.ExecuteAsAdminAsync("select max(replay_lag) from pg_stat_replication") is TimeSpan lag)
                lags.Add(lag.TotalMilliseconds);
        }

        lags.Sort();
        return lags;
    }

    private void Report(SessionLoad load, IReadOnlyList<RoutedDataSource> sources)
    {
        var (satisfied, waited, primary) = (sources.Sum(static s => s.Outcomes.Satisfied), sources.Sum(static s => s.Outcomes.Waited), sources.Sum(static s => s.Outcomes.Primary));
        var all = Math.Max(1, satisfied + waited + primary);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {ConsistencySettings.Seed}: {load.Reads} reads, {load.TellingReads} of them of what their session had written or seen, {load.Writes} writes, {load.Imports} sessions from tokens, {load.Trips} trips to another process, {load.Found} violations; " +
            $"{load.Possible} writes of unknown outcome, {load.PossibleSeen} of them seen; " +
            $"replicas {(double)(satisfied + waited) / all:P1} (at once {(double)satisfied / all:P1}, after a wait {(double)waited / all:P1}), primary {(double)primary / all:P1}; " +
            $"failed calls: {string.Join(", ", load.Failures.Select(static f => $"{f.Key} {f.Value}"))}"));
        foreach (var violation in load.Violations)
            output.WriteLine(violation);
    }
}
