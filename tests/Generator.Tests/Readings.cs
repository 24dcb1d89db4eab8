using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>Reads every method of a compilation as the analyzer does, generated ones beside the user's.</summary>
internal static class Readings
{
    public static List<RoutedMethodReading> All(Compilation compilation)
    {
        var known = KnownSymbols.For(compilation);
        if (known is null)
            return [];
        return [.. Methods(compilation).Select(m => RoutedMethodReader.Read(m, known, TestContext.Current.CancellationToken))];
    }

    /// <summary>The rules broken, each as <c>CTR000 [located text]: arguments</c>.</summary>
    public static string[] Violations(Compilation compilation) =>
        [.. All(compilation).SelectMany(static r => r.Violations).Select(static v => $"{v.RuleId} [{Located(v.Location)}]: {string.Join(" | ", v.Arguments)}")];

    /// <summary>The same, those of the SQL in attributes included, and whether no shim is generated.</summary>
    public static (string[] Violations, bool IsBlocked) Statement(Compilation compilation)
    {
        var known = KnownSymbols.For(compilation)!;
        var reading = Assert.Single(
            Methods(compilation).Select(m => StatementJudge.Read(m, known, TestContext.Current.CancellationToken)),
            static r => r.Model is not null || r.Violations.Length > 0);
        return ([.. reading.Violations.Select(static v => $"{v.RuleId} [{Located(v.Location)}]: {string.Join(" | ", v.Arguments)}")], reading.Model is not { RefusedBy: null });
    }

    private static string Located(Location location) => location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(location.SourceSpan);

    private static IEnumerable<IMethodSymbol> Methods(Compilation compilation) => compilation.SyntaxTrees
        .SelectMany(tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes()
            .Where(static n => n is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(n => compilation.GetSemanticModel(tree).GetDeclaredSymbol(n, TestContext.Current.CancellationToken)))
        .OfType<IMethodSymbol>()
        .Where(static m => m.PartialDefinitionPart is null);
}
