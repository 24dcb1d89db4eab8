using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.Analyzers;
using CompileTimeRouting.Analyzers.Benchmarks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

// Method: a generated application of 1,000 routed methods in 100 repositories is compiled in this process. Per round, on new
// compilations each: generator, compiler and emit, then the analyzers' execution time as Roslyn's own telemetry
// counts it; both on one thread. The first rounds warm up; medians of the rest. "Per edit" changes one method's body and asks, as an
// IDE does, for the analyzers' diagnostics of that file; most of that time is the compiler's own, as an analyzer that does
// nothing shows. Last, what a build pays for telling other projects which methods write.
const int Warmup = 2;
const int Rounds = 7;
ImmutableArray<DiagnosticAnalyzer> analyzers = [new RoutedMethodAnalyzer(), new ReadEffectAnalyzer(), new ConsistencyAnalyzer(), new EndpointAnalyzer(), new UnmarkedMethodAnalyzer()];
var application = new Application(repositories: 100, methodsOfEach: 10);
var compile = new List<double>();
var analysis = analyzers.ToDictionary(static a => a, static _ => new List<double>());
var edit = new List<double>();
var editWithout = new List<double>();
var editIdle = new List<double>();
var reported = 0;
var library = new PublishedLibrary();
var publish = new List<double>();
var published = 0;
for (var round = 0; round < Warmup + Rounds; round++)
{
    var time = Stopwatch.StartNew();
    using (var image = new MemoryStream())
    {
        var result = application.Compile(round).Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error).Take(5)));
    }

    var compileTime = time.Elapsed.TotalMilliseconds;

    var compilation = application.Compile(round);
    _ = compilation.GetDiagnostics();
    var options = new CompilationWithAnalyzersOptions(
        new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
    var outcome = await compilation.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(CancellationToken.None);
    reported = outcome.GetAllDiagnostics().Length;

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
    foreach (var analyzer in analyzers)
        analysis[analyzer].Add(outcome.AnalyzerTelemetryInfo[analyzer].ExecutionTime.TotalMilliseconds);
}

Print("compilation with emit, ms", Median(compile));
foreach (var analyzer in analyzers)
    Print($"{analyzer.GetType().Name}, ms", Median(analysis[analyzer]));
Print("all analyzers, share of the compilation, %", 100 * Median([.. Enumerable.Range(0, compile.Count).Select(i => analyzers.Sum(a => analysis[a][i]) / compile[i])]));
Print("one edit: the compiler's diagnostics of the file, ms", Median(editWithout));
Print("one edit: the analyzers' diagnostics of the file, ms", Median(edit));
Print("one edit: an analyzer that does nothing, ms", Median(editIdle));
Print("diagnostics reported", reported);
Print("generator on 1,000 public methods without attributes, ms", Median(publish));
Print("methods of them that it publishes as writes", published);

static void Print(string what, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-58} {value,10:0.0}"));

static async Task<double> Analyze(Compilation compilation, SyntaxTree tree, ImmutableArray<DiagnosticAnalyzer> analyzers, CompilationWithAnalyzersOptions options)
{
    var time = Stopwatch.StartNew();
    _ = await compilation.WithAnalyzers(analyzers, options).GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, CancellationToken.None);
    return time.Elapsed.TotalMilliseconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
