using System.Reflection;
using System.Text;
using CompileTimeRouting.Faults.Reporting;

[assembly: AssemblyFixture(typeof(ReportFixture))]

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>Collects the results of all scenarios and prints them as one table; the long form keeps it in the documentation.</summary>
public sealed class ReportFixture : IAsyncLifetime
{
    private const string Begin = "<!-- results -->";
    private const string End = "<!-- end of results -->";

    private readonly List<ScenarioResult> _results = [];
    private readonly List<string> _skipped = [];

    internal void Add(ScenarioResult result) => _results.Add(result);

    internal void AddSkipped(string scenario) => _skipped.Add(scenario);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_results.Count + _skipped.Count == 0)
            return;
        var table = new StringBuilder().AppendLine(Report.Header).AppendLine(Report.Rule);
        for (var i = 0; i < _results.Count; i++)
        {
            var isRepeated = _results.Skip(i + 1).Any(later => later.Scenario.Name == _results[i].Scenario.Name);
            foreach (var line in Report.Lines(_results[i], isRepeated))
                table.AppendLine(line);
        }

        table.AppendLine().AppendLine(Report.Summary([.. _results.Select(static r => r.Scenario.Name)], _skipped));
        Console.WriteLine(table);
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "faults.md"), table.ToString());
        if (FaultSettings.IsLong && _results.Select(static r => r.Scenario.Name).Distinct().Count() == FaultTests.All.Count)
            await KeepAsync(table.ToString());
    }

    private static async Task KeepAsync(string table)
    {
        var page = typeof(ReportFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "ReportPage").Value!;
        var text = await File.ReadAllTextAsync(page);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{page} has no place for the results: '{Begin}' and '{End}'.");
        await File.WriteAllTextAsync(page, $"{text[..(from + Begin.Length)]}\n\n{table}\n{text[to..]}");
    }
}
