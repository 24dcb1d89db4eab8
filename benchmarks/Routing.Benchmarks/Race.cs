using System.Diagnostics;
using System.Globalization;

namespace CompileTimeRouting.Routing.Benchmarks;

/// <summary>
/// Lets candidates do the same work by turns, in short rounds, so that what else the machine does hits them alike. A ratio
/// is the median over the rounds of the candidate's time in a round to the first candidate's in the same round.
/// </summary>
internal static class Race
{
    public static async Task RunAsync(string title, IReadOnlyList<Candidate> candidates, int operations, int rounds, double nanosecondsPerUnit, string unit)
    {
        foreach (var candidate in candidates)
            await candidate.RunAsync(operations);
        var times = candidates.Select(_ => new double[rounds]).ToArray();
        var bytes = candidates.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < candidates.Count; turn++)
            {
                var i = (turn + round) % candidates.Count;
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var start = Stopwatch.GetTimestamp();
                await candidates[i].RunAsync(operations);
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
                bytes[i][round] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)operations;
            }
        }

        Print($"\n{title}\n\n| | {unit} (median) | {unit} (least) | ratio | bytes |\n|---|---|---|---|---|");
        for (var i = 0; i < candidates.Count; i++)
        {
            var ratio = Median([.. times[i].Select((time, round) => time / times[0][round])]);
            Print($"| {candidates[i].Name} | {Median(times[i]) / nanosecondsPerUnit:0.0} | {times[i].Min() / nanosecondsPerUnit:0.0} | {ratio:0.00} | {bytes[i].Min():0} |");
        }
    }

    public static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
