using System.Reflection;
using System.Text.RegularExpressions;

namespace CompileTimeRouting.Faults;

/// <summary>The page names a test for each fact: it is there.</summary>
public partial class FactsPageTests
{
    [Fact]
    public async Task Every_test_that_is_named_exists()
    {
        var page = typeof(FactsPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "ReportPage").Value!;
        Assert.SkipUnless(File.Exists(page), $"There is no {page} here: it is of the machine that this was built on.");
        var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        var facts = text[text.IndexOf("<!-- facts -->", StringComparison.Ordinal)..text.IndexOf("<!-- end of facts -->", StringComparison.Ordinal)];
        var rows = facts.Split('\n').Where(static l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToArray();
        Assert.NotEmpty(rows);
        var sources = Directory.EnumerateFiles(Path.GetFullPath("../tests", Path.GetDirectoryName(page)!), "*Tests.cs", SearchOption.AllDirectories)
            .Where(static f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToLookup(static f => Path.GetFileNameWithoutExtension(f));
        var missing = new List<string>();
        foreach (var row in rows)
        {
            var tests = Test().Matches(row);
            var scenarios = Scenario().Matches(row);
            if (tests.Count + scenarios.Count == 0)
                missing.Add($"no test: {row}");
            foreach (Match test in tests)
            {
                if (!sources[test.Groups[1].Value].Any(f => File.ReadAllText(f).Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal)))
                    missing.Add(test.Value);
            }

            missing.AddRange(scenarios.Select(static s => s.Groups[1].Value).Where(static name => FaultTests.All.All(s => s.Name != name)));
        }

        Assert.Empty(missing);
    }

    [GeneratedRegex("`([A-Za-z]+Tests)\\.([A-Za-z_0-9]+)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"\*([A-Za-z][^*|]+)\*")]
    private static partial Regex Scenario();
}
