using System.Collections.Immutable;
using CompileTimeRouting.Generator;
using Dapper;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Npgsql;

namespace CompileTimeRouting.CodeFixes.Tests;

/// <summary>
/// A source with <c>{|CTRnnn:marks|}</c>, and what a fix makes of it: one after the other, and all at once in document, project
/// and solution. Both compile, with the shims that the generator adds.
/// </summary>
internal sealed class FixTest<TAnalyzer, TFix> : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    private const string GlobalUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Dapper;
        global using Npgsql;
        """;

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(NpgsqlConnection).Assembly.Location)
            .Append(typeof(SqlMapper).Assembly.Location)
            .Append(typeof(RoutedDataSource).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <param name="withUsing">Whether all files know the namespace of the runtime.</param>
    public FixTest(bool withUsing = true)
    {
        ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck;

        // A missing modifier of a type is found at a method of it.
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipLocalDiagnosticCheck;
        var usings = ("Usings.cs", withUsing ? GlobalUsings + "\nglobal using CompileTimeRouting;\n" : GlobalUsings + "\n");
        TestState.AdditionalReferences.AddRange(References);
        TestState.Sources.Add(usings);
        FixedState.Sources.Add(usings);
        BatchFixedState.Sources.Add(usings);
        FixedState.MarkupHandling = MarkupMode.Allow;
        BatchFixedState.MarkupHandling = MarkupMode.Allow;
    }

    public FixTest<TAnalyzer, TFix> File(string source, string expected, string? allAtOnce = null)
    {
        var file = $"Test{TestState.Sources.Count}.cs";
        TestState.Sources.Add((file, source));
        FixedState.Sources.Add((file, expected));
        BatchFixedState.Sources.Add((file, allAtOnce ?? expected));
        return this;
    }

    public Task RunAsync() => RunAsync(TestContext.Current.CancellationToken);

    // All that ship with it: which of them reports a rule doesn't matter here.
    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => typeof(TAnalyzer).Assembly.GetTypes()
        .Where(static type => typeof(DiagnosticAnalyzer).IsAssignableFrom(type) && !type.IsAbstract)
        .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);

    protected override IEnumerable<Type> GetSourceGenerators() => [typeof(RoutingGenerator)];

    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    protected override CompilationOptions CreateCompilationOptions() => new CSharpCompilationOptions(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);
}
