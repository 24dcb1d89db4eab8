using System.Reflection;
using System.Text.RegularExpressions;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>Ids, descriptors, pages, test files and release notes are the same set.</summary>
public class CompletenessTests
{
    private static readonly string[] Ids =
        [.. typeof(RuleIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> RuleNames => [.. Ids];

    [Fact]
    public void Each_id_has_a_descriptor() =>
        Assert.Equal(Ids, TestCode.Analyzers.SelectMany(static a => a.SupportedDiagnostics).Select(static d => d.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_id_has_a_page() => Assert.Equal(Ids, Names("docs/rules", "CTR*.md"));

    [Fact]
    public void Each_id_has_a_test_file() => Assert.Equal(Ids, Names("tests/Analyzers.Tests/Rules", "*.cs"));

    [Fact]
    public void Each_test_file_has_as_many_cases_without_a_report_as_with_one()
    {
        foreach (var id in Ids)
        {
            var cases = typeof(CompletenessTests).Assembly.GetType($"{typeof(CompletenessTests).Namespace}.Rules.{id}")!
                .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(static m => m.GetCustomAttribute<FactAttribute>() is not null)
                .ToLookup(static m => m.Name.StartsWith("NoFalsePositive_", StringComparison.Ordinal));
            Assert.NotEmpty(cases[false]);
            Assert.True(cases[true].Count() >= cases[false].Count(), $"{id}: {cases[true].Count()} cases without a report, {cases[false].Count()} with one");
        }
    }

    [Fact]
    public void Each_descriptor_is_released_as_it_is()
    {
        var lines = new[] { "Shipped", "Unshipped" }
            .SelectMany(static name => File.ReadLines(Repository.File($"src/Analyzers/AnalyzerReleases.{name}.md")))
            .Where(static line => line.StartsWith("CTR", StringComparison.Ordinal));
        Assert.Equal(Descriptors.All.Select(static d => $"{d.Id} | {d.Category} | {d.DefaultSeverity} | {d.Title}"), lines);
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Page_says_what_the_descriptor_says(string id)
    {
        var descriptor = Descriptors.Of(id);
        var page = File.ReadAllText(Repository.File($"docs/rules/{id}.md"));
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"\nSeverity: {Severity(descriptor.DefaultSeverity)}. Category: {descriptor.Category}.\n", page, StringComparison.Ordinal);
        Assert.Equal(["Cause", "Example", "Why", "How to fix", "How to suppress"], Headings(page));
        Assert.Contains($"dotnet_diagnostic.{id}.severity = ", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Help_link_points_at_the_page(string id)
    {
        const string Root = "https://github.com/compiletimerouting/compiletimerouting/blob/main/";
        var link = Descriptors.Of(id).HelpLinkUri;
        Assert.StartsWith(Root, link, StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.File(link[Root.Length..])));
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Descriptor_names_the_method_and_is_on(string id)
    {
        var descriptor = Descriptors.Of(id);
        Assert.True(descriptor.IsEnabledByDefault);
        Assert.Contains("'{0}'", descriptor.MessageFormat.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(descriptor.Description.ToString());
        Assert.DoesNotContain(WellKnownDiagnosticTags.NotConfigurable, descriptor.CustomTags);
    }

    private static string[] Names(string folder, string pattern) =>
        [.. Directory.GetFiles(Repository.File(folder), pattern).Select(static f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Headings(string page) => Regex.Matches(page, "^## (.+)$", RegexOptions.Multiline).Select(static m => m.Groups[1].Value);

    private static string Severity(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Info => "info",
        _ => "hidden",
    };
}
