using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>The code on the rule pages does what the pages say.</summary>
public partial class DocumentationTests
{
    [Theory]
    [MemberData(nameof(CompletenessTests.RuleNames), MemberType = typeof(CompletenessTests))]
    public async Task Example_reports_its_rule_and_the_fix_nothing(string id)
    {
        var page = await File.ReadAllTextAsync(Repository.File($"docs/rules/{id}.md"), TestContext.Current.CancellationToken);
        var examples = Code(page, "Example", "csharp");
        var fixes = Code(page, "How to fix", "csharp");
        var brokenCatalogs = Code(page, "Example", "json");
        var catalogs = Code(page, "How to fix", "json");
        Assert.NotEmpty(examples.Concat(brokenCatalogs));
        Assert.NotEmpty(fixes.Concat(catalogs));
        foreach (var example in examples)
        {
            Assert.Contains("// " + id, example, StringComparison.Ordinal);
            var reported = await TestCode.Analyze(TestCode.From(Complete(example), beside: Beside(example)).Compile());
            Assert.Equal([id], Ids(reported, id));
        }

        foreach (var catalog in brokenCatalogs)
            Assert.Equal([id], Ids(await TestCode.Analyze(TestCode.From("").Compile(), Surroundings.Catalog(catalog)), id));
        foreach (var fix in fixes)
            await Rule.ReportsNothing(Beside(fix), Complete(fix));
        foreach (var catalog in catalogs)
            await Rule.ReportsNothing(Surroundings.Catalog(catalog), "");
    }

    // What isn't known, or could have an attribute, is beside the point on the pages of other rules.
    private static IEnumerable<string> Ids(IEnumerable<Diagnostic> reported, string id) =>
        reported.Select(static d => d.Id).Where(found => found == id || found is not ("CTR108" or "CTR302")).Distinct();

    private static Surroundings Beside(string code) => new() { WithAspNetCore = code.Contains("using Microsoft.AspNetCore", StringComparison.Ordinal) };

    // An example may leave out the class around its members.
    private static string Complete(string code) =>
        Class().IsMatch(code) ? code : $"public sealed partial class Notes(RoutedDataSource db)\n{{\n{code}\n}}\n";

    private static string[] Code(string page, string heading, string language)
    {
        var section = Regex.Match(page, $"^## {heading}\n(.*?)(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        return [.. Block().Matches(section).Where(m => m.Groups["language"].Value == language).Select(static m => m.Groups["code"].Value)];
    }

    [GeneratedRegex("^```(?<language>csharp|json)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\bclass Notes\b")]
    private static partial Regex Class();
}
