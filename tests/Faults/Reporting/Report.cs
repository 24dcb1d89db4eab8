using System.Globalization;

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>The table of results, as Markdown.</summary>
internal static class Report
{
    public const string Header =
        "| scenario | client | reads | failed | writes | failed | lost | longest read | longest write | out of service after | sick node used for | back after | writes again after | oldest answer | share of reads |";

    public const string Rule = "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|";

    /// <param name="result">The result.</param>
    /// <param name="isRepeated">Whether the scenario was run once more, because a time limit was missed.</param>
    public static IEnumerable<string> Lines(ScenarioResult result, bool isRepeated = false) =>
        result.Clients.Select((client, i) => Line(result, client, i == 0, isRepeated));

    /// <summary>One line: how often a scenario was run again, and what wasn't run or didn't count.</summary>
    /// <param name="runs">The scenarios of all runs, one of them again where it was run again.</param>
    /// <param name="skipped">The scenarios that were skipped.</param>
    public static string Summary(IReadOnlyCollection<string> runs, IReadOnlyCollection<string> skipped)
    {
        string[] again = [.. runs.GroupBy(static name => name).Where(static g => g.Count() > 1).Select(static g => g.Key)];
        return $"{Count(runs.Distinct().Count())} scenarios run, {Named(again)} run a second time for a missed time limit, {Named(skipped)} skipped.";
    }

    private static string Named(IReadOnlyCollection<string> scenarios) =>
        scenarios.Count == 0 ? "0" : $"{Count(scenarios.Count)} ({string.Join("; ", scenarios)})";

    private static string Line(ScenarioResult result, ClientResult client, bool isRouted, bool isRepeated)
    {
        var leaves = result.Scenario.Expected is { OutOfServiceWithin: not null } or { NoReadAfter: not null };
        string[] cells =
        [
            isRouted ? result.Scenario.Name + (isRepeated ? " (missed a time limit; run again below)" : "") : "",
            client.Name,
            Count(client.Reads),
            client.StreamsCut == 0 ? Count(client.ReadsFailed) : $"{Count(client.ReadsFailed)} + {Count(client.StreamsCut)} cut",
            Count(client.Writes),
            Count(client.WritesFailed),
            Count(client.WritesLost),
            Seconds(client.LongestRead),
            Seconds(client.LongestWrite),
            isRouted ? OutOfService(result.Measured.OutOfService, result.Measured.OutOfServiceUnhindered) : "–",
            leaves ? Seconds(client.SickNodeUsedFor) : "–",
            Seconds(client.BackAfter),
            Seconds(client.WritesAgainAfter),
            result.Scenario.Expected.OldestAnswer is null ? "–" : Seconds(client.OldestAnswer),
            string.Join(" : ", client.Shares.Select(static s => s.ToString("0", CultureInfo.InvariantCulture))),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>What was seen, and in brackets what counts, where that is less.</summary>
    public static string OutOfService(TimeSpan? after, TimeSpan? unhindered)
    {
        var (seen, counting) = (Seconds(after), Seconds(unhindered));
        return after is null || seen == counting ? seen : $"{seen} ({counting})";
    }

    private static string Count(int n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan? span) => ScenarioResult.Seconds(span);
}
