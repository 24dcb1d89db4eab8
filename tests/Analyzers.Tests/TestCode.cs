using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Generator;
using Dapper;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>
/// Source text in which <c>{|CTRnnn:text|}</c> marks what must be reported (<c>{|CTRnnn info:text|}</c> as advice) and
/// <c>{|1:text|}</c>, <c>{|2:text|}</c>... the additional locations in their order, one within another too, and the compilations of it.
/// </summary>
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
        .Append(typeof(DbContext).Assembly.Location)
        .Append(typeof(PrimaryKeyAttribute).Assembly.Location)
        .Append(typeof(RelationalDatabaseFacadeExtensions).Assembly.Location)
        .Append(typeof(NpgsqlDbContextOptionsBuilderExtensions).Assembly.Location)
        .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    private static readonly MetadataReference[] Runtime =
    [
        MetadataReference.CreateFromFile(typeof(RoutedDataSource).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(RoutedDbContextFactory<>).Assembly.Location),
    ];

    // As it is installed beside the runtime.
    private static readonly Lazy<MetadataReference[]> AspNetCore = new(static () =>
    {
        var runtime = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        var versions = Path.Combine(runtime.Parent!.Parent!.FullName, "Microsoft.AspNetCore.App");
        var folder = Directory.Exists(Path.Combine(versions, runtime.Name)) ? Path.Combine(versions, runtime.Name) : Directory.GetDirectories(versions, $"{Environment.Version.Major}.*")[0];
        return [.. Directory.GetFiles(folder, "Microsoft.*.dll").Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path))];
    });

    private TestCode(string prelude, string markup, Surroundings beside)
    {
        Beside = beside;
        var text = new StringBuilder(prelude + Usings);
        var marks = new List<(string Id, DiagnosticSeverity Severity, TextSpan Span)>();
        var hops = new SortedDictionary<int, TextSpan>();
        var open = new Stack<(Match Mark, int Start)>();
        var end = 0;
        foreach (var part in Mark().Matches(markup).Cast<Match>())
        {
            text.Append(markup, end, part.Index - end);
            end = part.Index + part.Length;
            if (part.Value != "|}")
            {
                open.Push((part, text.Length));
                continue;
            }

            var (mark, start) = open.Pop();
            var span = TextSpan.FromBounds(start, text.Length);
            var id = mark.Groups["id"].Value;
            if (mark.Groups["hop"].Success)
                hops.Add(int.Parse(mark.Groups["hop"].ValueSpan, CultureInfo.InvariantCulture), span);
            else
                marks.Add((id, mark.Groups["info"].Success ? DiagnosticSeverity.Info : Descriptors.Of(id).DefaultSeverity, span));
        }

        Assert.Empty(open);
        Text = text.Append(markup, end, markup.Length - end).ToString();
        Marks = [.. marks.OrderBy(static m => m.Span.Start).ThenBy(static m => m.Id, StringComparer.Ordinal)];
        Hops = [.. hops.Values];
    }

    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = [new RoutedMethodAnalyzer(), new ReadEffectAnalyzer(), new ConsistencyAnalyzer(), new EndpointAnalyzer(), new UnmarkedMethodAnalyzer()];

    public string Text { get; }

    /// <summary>The text, and the sources beside it.</summary>
    public IEnumerable<string> Sources => [Text, .. Beside.Files, Beside.Library ?? ""];

    public Surroundings Beside { get; }

    public ImmutableArray<(string Id, DiagnosticSeverity Severity, TextSpan Span)> Marks { get; }

    /// <summary>The additional locations of the one report; none where they aren't compared.</summary>
    public ImmutableArray<TextSpan> Hops { get; }

    public static TestCode From(string markup, string prelude = "", Surroundings? beside = null) => Recording.Offer(new(prelude, markup, beside ?? Surroundings.None));

    /// <summary>The same code with each source rewritten, and nothing marked.</summary>
    public TestCode With(Func<string, string> rewrite) => new("", rewrite(Text[Usings.Length..]), Beside with
    {
        Files = [.. Beside.Files.Select(rewrite)],
        Library = Beside.Library is { } library ? rewrite(library) : null,
    });

    public CSharpCompilation Compile(bool withRuntime = true, IEnumerable<KeyValuePair<string, ReportDiagnostic>>? severities = null)
    {
        var references = withRuntime ? [.. Framework, .. Runtime] : Framework;
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable,
            specificDiagnosticOptions: severities);
        if (Beside.WithAspNetCore)
            references = [.. references, .. AspNetCore.Value];
        if (Beside.Library is { } library)
            references = [.. references, Emit(CSharpCompilation.Create("Library", [Parse(Usings + library, "Library.cs")], references, options))];
        return CSharpCompilation.Create("App", [Parse(Text, "Test.cs"), .. Beside.Files.Select(static (text, i) => Parse(Usings + text, $"Other{i}.cs"))], references, options);
    }

    /// <summary>What the analyzers report, in the order of the text. An exception in one is AD0001.</summary>
    public static async Task<Diagnostic[]> Analyze(Compilation compilation, Surroundings? beside = null, ImmutableArray<DiagnosticAnalyzer>? analyzers = null)
    {
        var files = (beside ?? Surroundings.None).AdditionalFiles.Select(static f => (AdditionalText)new TestFile(f.Path, f.Text)).ToImmutableArray();
        var diagnostics = await compilation.WithAnalyzers(analyzers ?? Analyzers, new AnalyzerOptions(files)).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
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

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, ParseOptions, path);

    // With its shims, as a build leaves it.
    private static PortableExecutableReference Emit(CSharpCompilation library)
    {
        using var assembly = new MemoryStream();
        var emitted = Generate(library).Output.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return MetadataReference.CreateFromImage(assembly.ToArray());
    }

    [GeneratedRegex(@"\{\|(?:(?<id>CTR\d{3})(?<info> info)?|(?<hop>\d)):|\|\}")]
    private static partial Regex Mark();

    private sealed class TestFile(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
