using System.Globalization;
using CompileTimeRouting.Tool.Output;

namespace CompileTimeRouting.Tool.Validation;

/// <summary>A table for people, then what was found.</summary>
internal static class ValidationTable
{
    private const string Nothing = "-";

    public static void Write(Validated validated, TextWriter output)
    {
        if (validated.Nodes.Count > 0)
        {
            List<string[]> rows = [["NODE", "ADDRESS", "ROLE", "STATE", "VERSION", "CONNECTIONS", "POOLER"], .. validated.Nodes.Select(Row)];
            var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
            foreach (var row in rows)
                output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
            output.WriteLine();
        }

        foreach (var finding in validated.Findings)
            output.WriteLine(Printable($"{Names.Of(finding.Level)}: {(finding.Node is null ? "" : $"{finding.Node}: ")}{finding.Message}"));
        int Count(FindingLevel level) => validated.Findings.Count(f => f.Level == level);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{validated.Nodes.Count} nodes, {Count(FindingLevel.Error)} errors, {Count(FindingLevel.Warning)} warnings, {Count(FindingLevel.Note)} notes"));
    }

    private static string[] Row(NodeReport report) =>
    [
        Printable(report.Node.Name),
        Printable(NodeConnectionString.HostAndPort(report.Node.Host, report.Node.Port)),
        report.Node.ServerVersion is null ? $"({Names.Of(report.Node.ConfiguredRole)})" : Names.Of(report.Node.Role),
        Names.Of(report.Node.State),
        Printable(report.Node.ServerVersion ?? Nothing),
        report.Budget is { } budget ? string.Create(CultureInfo.InvariantCulture, $"{budget.Needed} of {budget.Available}") : Nothing,
        report.Server is null ? Nothing : report.Server.IsBehindPooler ? report.Pooler == Pooler.None ? "found" : "transaction" : "none",
    ];

    // Names come from the configuration, and a terminal obeys what it is sent.
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '\uFFFD' : c));
}
