using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VerifyXunit;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>Runs the generator as every test of it must be run.</summary>
internal static class GeneratorTest
{
    private static readonly string Version = typeof(RoutingGenerator).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Proves that the output is what was accepted, compiles without a warning, allocates nothing it needn't, and is
    /// rendered again after a relevant edit and after no other.
    /// </summary>
    public static async Task Verify(params string[] sources)
    {
        var compilation = TestCompilation.Create(sources);
        var driver = Run(compilation, out var output);
        var files = driver.GetRunResult().Results.Single().GeneratedSources;
        Assert.NotEmpty(files);
        AssertCompiles(output);
        Assert.Equal(Readings.Violations(compilation), Readings.Violations(output));
        EmittedCode.AssertFree(output, files.Select(static f => f.SyntaxTree));
        Incrementality.AssertCached(driver, compilation);
        Incrementality.AssertNoticed(driver, compilation);
        await Verifier.Verify(Render(driver), "cs").UseDirectory("Snapshots");
    }

    /// <summary>Runs the generator; an exception in it fails the test.</summary>
    public static GeneratorDriver Run(Compilation compilation, out Compilation output)
    {
        var driver = CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out output, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        return driver;
    }

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new RoutingGenerator().AsSourceGenerator()],
        parseOptions: TestCompilation.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static void AssertCompiles(Compilation output)
    {
        using var assembly = new MemoryStream();
        var diagnostics = output.Emit(assembly).Diagnostics.Where(static d => d.Severity > DiagnosticSeverity.Info).ToArray();
        Assert.True(diagnostics.Length == 0, string.Join("\n", diagnostics.Select(static d => $"{d}\n    {Line(d)}")));
    }

    private static string? Line(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.GetText(TestContext.Current.CancellationToken).Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString();

    private static string Render(GeneratorDriver driver) => string.Join("\n", driver.GetRunResult().Results.Single().GeneratedSources
        .Select(static f => $"//// {f.HintName}\n{f.SourceText}"))
        .Replace($"\"{Version}\"", "\"version\"", StringComparison.Ordinal);
}
