using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>What analyzers of other people see of routed methods: the user's code, and nothing of ours.</summary>
public class OtherAnalyzersTests
{
    [Fact]
    public async Task Declarations_with_a_generated_half_are_visited_and_generated_members_not()
    {
        var compilation = TestCode.From(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery("select count(*) from notes")]
                public partial Task<long> Statement();

                [ReadQuery]
                public partial Task<long> Declared();

                private static Task<long> Declared(NpgsqlConnection connection) => Task.FromResult(1L);

                [ReadQuery]
                public static Task<long> Overload(NpgsqlConnection connection) => Task.FromResult(1L);
            }
            """).Compile();
        var expected = new[] { "method Declared/0", "method Declared/1", "method Overload/1", "method Statement/0", "syntax Declared/0", "syntax Declared/1", "syntax Overload/1", "syntax Statement/0" };
        Assert.Equal(expected, await Visited(compilation));
        Assert.Equal(expected, await Visited(TestCode.Generate(compilation).Output));
    }

    private static async Task<string[]> Visited(Compilation compilation)
    {
        var diagnostics = await compilation.WithAnalyzers([new Ordinary()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.Select(static d => d.GetMessage(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)];
    }

    // Rules for analyzers that ship.
#pragma warning disable RS1036, RS1041, RS2008
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Ordinary : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Visited = new("VISITED", "Visited", "{0} {1}/{2}", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Visited];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSymbolAction(
                static symbol =>
                {
                    if (symbol.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method)
                        symbol.ReportDiagnostic(Diagnostic.Create(Visited, method.Locations[0], "method", method.Name, method.Parameters.Length));
                },
                SymbolKind.Method);
            context.RegisterSyntaxNodeAction(
                static node =>
                {
                    var method = (MethodDeclarationSyntax)node.Node;
                    node.ReportDiagnostic(Diagnostic.Create(Visited, method.Identifier.GetLocation(), "syntax", method.Identifier.Text, method.ParameterList.Parameters.Count));
                },
                SyntaxKind.MethodDeclaration);
        }
    }
}
