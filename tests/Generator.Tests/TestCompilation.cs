using CompileTimeRouting.EntityFrameworkCore;
using Dapper;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>Compilations as a user's project has them: nullable on, every warning an error, doc comments checked.</summary>
internal static class TestCompilation
{
    /// <summary>What stands before each test's source, on its first line so that line numbers stay.</summary>
    private const string Prelude =
        "#pragma warning disable CS1591\n" +
        "using System; using System.Collections.Generic; using System.Data; using System.Data.Common; using System.Linq; " +
        "using System.Runtime.CompilerServices; using System.Threading; using System.Threading.Tasks; using CompileTimeRouting; using Dapper; using Npgsql;\n";

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly MetadataReference[] Framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    private static readonly MetadataReference[] Packages =
    [
        MetadataReference.CreateFromFile(typeof(RoutedDataSource).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(NpgsqlConnection).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(SqlMapper).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(RoutedDbContextFactory<>).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(DbContext).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(RelationalDatabaseFacadeExtensions).Assembly.Location),
    ];

    // Compilations that differ in their trees only share what was bound of their references, which is most of a test's time.
    private static readonly CSharpCompilation WithRuntime = Empty(Packages);

    private static readonly CSharpCompilation WithoutRuntime = Empty(Packages[1..]);

    public static CSharpCompilation Create(params string[] sources) => Add(WithRuntime, sources);

    public static CSharpCompilation CreateWithoutRuntime(params string[] sources) => Add(WithoutRuntime, sources);

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(Prelude + source, ParseOptions, path);

    private static CSharpCompilation Add(CSharpCompilation empty, string[] sources) =>
        empty.AddSyntaxTrees(sources.Select(static (source, i) => Parse(source, $"File{i}.cs")));

    private static CSharpCompilation Empty(MetadataReference[] packages) => CSharpCompilation.Create(
        "App",
        syntaxTrees: null,
        [.. Framework, .. packages],
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            generalDiagnosticOption: ReportDiagnostic.Error,
            nullableContextOptions: NullableContextOptions.Enable,
            // CS1701: one package was compiled against an older framework than the test runs on. CS8019: the prelude's usings.
            specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress), new("CS8019", ReportDiagnostic.Suppress)]));
}
