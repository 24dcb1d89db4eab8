using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.Analyzers;
using CompileTimeRouting.Analyzers.Benchmarks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

// Method: a generated application of 1,000 routed methods in 100 repositories is compiled in this process, with the garbage
// collector of the compiler's own process. Per round, on new compilations each: generator, compiler and emit, then the
// analyzers' execution time as Roslyn's own telemetry counts it, once alone and once beside the SDK's own that a build runs
// (those that can warn), which have the bodies bound that all analyzers share; all on one thread, each part on a collected
// heap, so that none pays for another's garbage. The share is of the compiler's time without any analyzer. The first rounds
// warm up; medians of the rest. "Per edit" changes one method's body and asks, as an IDE does, for the analyzers' diagnostics
// of that file; most of that time is the compiler's own, as an analyzer that does nothing shows. Last, what a build pays for
// telling other projects which methods write.
const int Warmup = 3;
const int Rounds = 9;
ImmutableArray<DiagnosticAnalyzer> analyzers = [new RoutedMethodAnalyzer(), new ReadEffectAnalyzer(), new ConsistencyAnalyzer(), new EndpointAnalyzer(), new UnmarkedMethodAnalyzer()];
var application = new Application(repositories: 100, methodsOfEach: 10);
var compile = new List<double>();
var analysis = analyzers.ToDictionary(static a => a, static _ => new List<double>());
var inBuild = analyzers.ToDictionary(static a => a, static _ => new List<double>());
var ofSdk = SdkAnalyzers.Load();
var sdkTime = new List<double>();
var edit = new List<double>();
var editWithout = new List<double>();
var editIdle = new List<double>();
var reported = 0;
var library = new PublishedLibrary();
var publish = new List<double>();
var published = 0;
for (var round = 0; round < Warmup + Rounds; round++)
{
    GC.Collect();
    var time = Stopwatch.StartNew();
    using (var image = new MemoryStream())
    {
        var result = application.Compile(round).Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error).Take(5)));
    }

    var compileTime = time.Elapsed.TotalMilliseconds;

    var options = new CompilationWithAnalyzersOptions(
        new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
    var outcome = await Run(application.Compile(round), analyzers, options);
    reported = outcome.GetAllDiagnostics().Length;
    var build = await Run(application.Compile(round), [.. ofSdk, .. analyzers], options);

    var edited = application.Edit(application.Compile(round), round);
    var tree = edited.SyntaxTrees.First();
    time.Restart();
    _ = edited.GetSemanticModel(tree).GetDiagnostics();
    var withoutTime = time.Elapsed.TotalMilliseconds;
    var editTime = await Analyze(edited, tree, analyzers, options);
    var idle = application.Edit(application.Compile(round), round);
    _ = idle.GetSemanticModel(idle.SyntaxTrees[0]).GetDiagnostics();
    var idleTime = await Analyze(idle, idle.SyntaxTrees[0], [new IdleAnalyzer()], options);

    var (publishTime, count) = library.Generate(round);
    published = count;

    if (round < Warmup)
        continue;
    publish.Add(publishTime.TotalMilliseconds);
    compile.Add(compileTime);
    edit.Add(editTime);
    editWithout.Add(withoutTime);
    editIdle.Add(idleTime);
    sdkTime.Add(ofSdk.Sum(a => build.AnalyzerTelemetryInfo[a].ExecutionTime.TotalMilliseconds));
    foreach (var analyzer in analyzers)
    {
        analysis[analyzer].Add(outcome.AnalyzerTelemetryInfo[analyzer].ExecutionTime.TotalMilliseconds);
        inBuild[analyzer].Add(build.AnalyzerTelemetryInfo[analyzer].ExecutionTime.TotalMilliseconds);
    }
}

Print("compilation with emit, ms", Median(compile));
Print($"the {ofSdk.Length} analyzers of the SDK, ms", Median(sdkTime));
foreach (var analyzer in analyzers)
    Print($"{analyzer.GetType().Name}, ms (alone)", Median(inBuild[analyzer]), Median(analysis[analyzer]));
Print("all analyzers, share of the compilation, % (alone)", Share(inBuild), Share(analysis));
Print("one edit: the compiler's diagnostics of the file, ms", Median(editWithout));
Print("one edit: the analyzers' diagnostics of the file, ms", Median(edit));
Print("one edit: an analyzer that does nothing, ms", Median(editIdle));
Print("diagnostics reported", reported);
Print("generator on 1,000 public methods without attributes, ms", Median(publish));
Print("methods of them that it publishes as writes", published);

double Share(Dictionary<DiagnosticAnalyzer, List<double>> times) => 100 * Median([.. Enumerable.Range(0, compile.Count).Select(i => analyzers.Sum(a => times[a][i]) / compile[i])]);

static void Print(string what, double value, double? alone = null) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-58} {value,10:0.0}{(alone is { } other ? $" ({other:0.0})" : "")}"));

// As in a build, where the compiler's own diagnostics come first.
static Task<AnalysisResult> Run(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, CompilationWithAnalyzersOptions options)
{
    _ = compilation.GetDiagnostics();
    GC.Collect();
    return compilation.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(CancellationToken.None);
}

static async Task<double> Analyze(Compilation compilation, SyntaxTree tree, ImmutableArray<DiagnosticAnalyzer> analyzers, CompilationWithAnalyzersOptions options)
{
    var time = Stopwatch.StartNew();
    _ = await compilation.WithAnalyzers(analyzers, options).GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, CancellationToken.None);
    return time.Elapsed.TotalMilliseconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
