using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CompileTimeRouting.Generator;
using Dapper;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Npgsql;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>Source text in which <c>{|CTRnnn:text|}</c> marks what must be reported, and the compilations of it.</summary>
internal sealed partial class TestCode
{
    private const string Usings =
        "using System; using System.Collections.Generic; using System.Data; using System.Data.Common; using System.Linq; " +
        "using System.Runtime.CompilerServices; using System.Threading; using System.Threading.Tasks; using CompileTimeRouting; using Dapper; using Npgsql;\n";

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] Framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Append(typeof(NpgsqlConnection).Assembly.Location)
        .Append(typeof(SqlMapper).Assembly.Location)
        .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    private static readonly MetadataReference Runtime = MetadataReference.CreateFromFile(typeof(RoutedDataSource).Assembly.Location);

    private TestCode(string prelude, string markup)
    {
        var text = prelude + Usings;
        var marks = ImmutableArray.CreateBuilder<(string Id, TextSpan Span)>();
        var end = 0;
        foreach (var mark in Mark().Matches(markup).Cast<Match>())
        {
            text += markup[end..mark.Index];
            marks.Add((mark.Groups["id"].Value, new TextSpan(text.Length, mark.Groups["text"].Length)));
            text += mark.Groups["text"].Value;
            end = mark.Index + mark.Length;
        }

        Text = text + markup[end..];
        Marks = marks.ToImmutable();
    }

    public string Text { get; }

    public ImmutableArray<(string Id, TextSpan Span)> Marks { get; }

    public static TestCode From(string markup, string prelude = "") => new(prelude, markup);

    public CSharpCompilation Compile(bool withRuntime = true, IEnumerable<KeyValuePair<string, ReportDiagnostic>>? severities = null) =>
        CSharpCompilation.Create(
            "App",
            [CSharpSyntaxTree.ParseText(Text, ParseOptions, "Test.cs")],
            withRuntime ? [.. Framework, Runtime] : Framework,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: severities));

    /// <summary>What the analyzer reports, in the order of the text. An exception in it is AD0001.</summary>
    public static async Task<Diagnostic[]> Analyze(Compilation compilation)
    {
        var diagnostics = await compilation.WithAnalyzers([new RoutedMethodAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal)];
    }

    /// <summary>Runs the generator.</summary>
    /// <returns>The compilation with the shims, and the trees they stand in.</returns>
    public static (Compilation Output, ImmutableArray<SyntaxTree> Shims) Generate(Compilation compilation)
    {
        var driver = CSharpGeneratorDriver.Create([new RoutingGenerator().AsSourceGenerator()], parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics);
        return (output, driver.GetRunResult().GeneratedTrees);
    }

    public static string[] Errors(Compilation compilation) =>
        [.. compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error).Select(static d => d.ToString())];

    [GeneratedRegex(@"\{\|(?<id>CTR\d{3}):(?<text>.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
