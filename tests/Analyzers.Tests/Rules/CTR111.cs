using System.Globalization;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The catalog snapshot can't be read.</summary>
public class CTR111
{
    private const string Valid = """{ "version": 1, "functions": [{ "schema": "app", "name": "f", "kind": "function", "volatility": "stable", "language": "sql", "route": "replica" }] }""";

    [Fact]
    public Task Trailing_comma() => Reports("{\n  \"version\": 1,\n}", 3, 1, "A name in quotes should stand here");

    [Fact]
    public Task Wrong_kind_of_value() => Reports("{ \"version\": 1,\n\"functions\": [1] }", 2, 15, "\"functions\" holds objects");

    [Fact]
    public Task Missing_property() => Reports("{ \"version\": 1,\n\"functions\": [{}] }", 2, 15, "\"schema\" is missing");

    [Fact]
    public async Task Another_version()
    {
        var error = Assert.Single(await Analyze("{ \"version\": 2 }"));
        Assert.Equal("CTR111", error.Id);
        Assert.StartsWith("The catalog snapshot 'app.routing-catalog.json' can't be read: ", error.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_two()
    {
        var reported = await Analyze([("a.routing-catalog.json", Valid), ("b.routing-catalog.json", "[]")]);
        Assert.Equal("b.routing-catalog.json", Assert.Single(reported).Location.GetLineSpan().Path);
    }

    [Fact]
    public async Task NoFalsePositive_valid() => Assert.Empty(await Analyze(Valid));

    [Fact]
    public async Task NoFalsePositive_several() => Assert.Empty(await Analyze([("a.routing-catalog.json", Valid), ("b.routing-catalog.json", Valid)]));

    [Fact]
    public async Task NoFalsePositive_properties_that_are_not_known() => Assert.Empty(await Analyze("{ \"version\": 1, \"pulledBy\": { \"tool\": \"ctr\" } }"));

    [Fact]
    public async Task NoFalsePositive_file_of_another_name() => Assert.Empty(await Analyze([("stylecop.json", "{"), ("catalog.json", "[]")]));

    [Fact]
    public async Task NoFalsePositive_project_without_the_runtime() =>
        Assert.Empty(await TestCode.Analyze(TestCode.From("").Compile(withRuntime: false), Surroundings.Catalog("[]")));

    private static async Task Reports(string json, int line, int column, string message)
    {
        var error = Assert.Single(await Analyze(json));
        Assert.Equal("CTR111", error.Id);
        Assert.Equal(DiagnosticSeverity.Error, error.Severity);
        Assert.Equal(
            $"The catalog snapshot 'app.routing-catalog.json' can't be read: {message}; write it anew with 'ctr catalog pull'",
            error.GetMessage(CultureInfo.InvariantCulture));
        var place = error.Location.GetLineSpan();
        Assert.Equal(("app.routing-catalog.json", line - 1, column - 1), (place.Path, place.StartLinePosition.Line, place.StartLinePosition.Character));
    }

    private static Task<Diagnostic[]> Analyze(string json) => Analyze([("app.routing-catalog.json", json)]);

    private static Task<Diagnostic[]> Analyze((string Path, string Text)[] files) =>
        TestCode.Analyze(TestCode.From("").Compile(), new Surroundings { AdditionalFiles = files });
}
