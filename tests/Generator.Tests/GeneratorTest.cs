using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

    /// <summary>
    /// Where the source declares a partial method without a body, the output is one half that throws, says why, and adds no
    /// error to those of the source; otherwise there is no output.
    /// </summary>
    public static void AssertRefused(Compilation compilation, string rule)
    {
        var driver = Run(compilation, out var output);
        var generated = driver.GetRunResult().GeneratedTrees.SelectMany(static tree => Methods(tree)).ToArray();
        var waiting = compilation.SyntaxTrees.SelectMany(static tree => Methods(tree)).Where(static method =>
            method.Modifiers.Any(SyntaxKind.PartialKeyword) && method.Body is null && method.ExpressionBody is null &&
            method.Ancestors().OfType<TypeDeclarationSyntax>().All(static type => type.Modifiers.Any(SyntaxKind.PartialKeyword) && !type.Modifiers.Any(SyntaxKind.FileKeyword)));
        Assert.Equal(waiting.Select(static method => method.Identifier.ValueText), generated.Select(static method => method.Identifier.ValueText));
        Assert.All(generated, method => Assert.Contains($".{method.Identifier.ValueText}: no shim could be generated ({rule}). The diagnostic of that id says why.", method.ToString(), StringComparison.Ordinal));
        if (generated.Length > 0)
            AssertCompiles(output);
    }

    private static IEnumerable<MethodDeclarationSyntax> Methods(SyntaxTree tree) =>
        tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MethodDeclarationSyntax>();

    private static string? Line(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.GetText(TestContext.Current.CancellationToken).Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString();

    private static string Render(GeneratorDriver driver) => string.Join("\n", driver.GetRunResult().Results.Single().GeneratedSources
        .Select(static f => $"//// {f.HintName}\n{f.SourceText}"))
        .Replace($"\"{Version}\"", "\"version\"", StringComparison.Ordinal);
}
