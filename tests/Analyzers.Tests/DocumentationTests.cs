using System.Text.RegularExpressions;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>The code on the rule pages does what the pages say.</summary>
public partial class DocumentationTests
{
    [Theory]
    [MemberData(nameof(CompletenessTests.RuleNames), MemberType = typeof(CompletenessTests))]
    public async Task Example_reports_its_rule_and_the_fix_nothing(string id)
    {
        var page = await File.ReadAllTextAsync(Repository.File($"docs/rules/{id}.md"), TestContext.Current.CancellationToken);
        var examples = Code(page, "Example");
        var fixes = Code(page, "How to fix");
        Assert.NotEmpty(examples);
        Assert.NotEmpty(fixes);
        foreach (var example in examples)
        {
            Assert.Contains("// " + id, example, StringComparison.Ordinal);
            var reported = await TestCode.Analyze(TestCode.From(Complete(example)).Compile());
            Assert.Equal([id], reported.Select(static d => d.Id).Distinct());
        }

        foreach (var fix in fixes)
            await Rule.ReportsNothing(Complete(fix));
    }

    // An example may leave out the class around its members.
    private static string Complete(string code) =>
        Class().IsMatch(code) ? code : $"public sealed partial class Notes(RoutedDataSource db)\n{{\n{code}\n}}\n";

    private static string[] Code(string page, string heading)
    {
        var section = Regex.Match(page, $"^## {heading}\n(.*?)(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        return [.. Block().Matches(section).Select(static m => m.Groups[1].Value)];
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\bclass Notes\b")]
    private static partial Regex Class();
}
