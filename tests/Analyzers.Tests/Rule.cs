using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>Proves what the analyzer says of a source, and that the generator agrees.</summary>
internal static class Rule
{
    // With these the shim compiles, and is generated.
    private static readonly ImmutableHashSet<string> LeavesShim =
    [
        "CTR005", "CTR010", "CTR014", "CTR016", "CTR101", "CTR102", "CTR103", "CTR104", "CTR105", "CTR106", "CTR107", "CTR108", "CTR109", "CTR110", "CTR111", "CTR201", "CTR202", "CTR203", "CTR301", "CTR302",
    ];

    // Many sources have such places, beside the point of their case: compared where the markup marks one of that id.
    private static readonly ImmutableHashSet<string> OnlyWhereMarked = ["CTR108", "CTR302"];

    /// <summary>
    /// Exactly the marked places are reported, with these messages in the order of the text; the same with the generator's
    /// output beside the source; nothing once a pragma disables the rules. For what is reported no shim is generated, but where
    /// a declaration waits for its half, one that throws: the compiler then stops nowhere before the analyzers. What isn't
    /// known (CTR108) or could have an attribute (CTR302) is compared where the markup has a mark of that id.
    /// </summary>
    public static Task Reports(string markup, params string[] messages) => Reports(Surroundings.None, [], markup, messages);

    /// <summary>The same with more than the one file.</summary>
    public static Task Reports(Surroundings beside, string markup, params string[] messages) => Reports(beside, [], markup, messages);

    /// <summary>The same for a source that the compiler rejects as well.</summary>
    /// <param name="compilerErrors">The ids of its errors.</param>
    /// <param name="markup">The source.</param>
    /// <param name="messages">The messages.</param>
    public static Task Reports(string[] compilerErrors, string markup, params string[] messages) => Reports(Surroundings.None, compilerErrors, markup, messages);

    /// <summary>Nothing is reported, with and without the generator's output, and source and output compile.</summary>
    public static Task ReportsNothing(string source) => ReportsNothing(Surroundings.None, source);

    /// <summary>The same with more than the one file.</summary>
    public static Task ReportsNothing(Surroundings beside, string source) => ReportsNothing(beside, source, ids: []);

    /// <summary>Nothing is reported, not even that something isn't known or could have an attribute.</summary>
    public static Task ReportsNothingAtAll(string source) => ReportsNothing(Surroundings.None, source, OnlyWhereMarked);

    private static async Task Reports(Surroundings beside, string[] compilerErrors, string markup, string[] messages)
    {
        var code = TestCode.From(markup, beside: beside);
        var compilation = code.Compile();
        var expected = code.Marks.Zip(messages, static (mark, message) => $"{mark.Severity} {mark.Id} {mark.Span}: {message}").ToArray();
        var ids = code.Marks.Select(static m => m.Id).ToImmutableHashSet();
        Assert.NotEmpty(expected);
        Assert.Equal(code.Marks.Length, messages.Length);
        var reported = await TestCode.Analyze(compilation, beside);
        Assert.Equal(expected, Render(reported, ids));
        if (!code.Hops.IsEmpty)
            Assert.Equal(code.Hops, Assert.Single(reported, d => IsCompared(d, ids)).AdditionalLocations.Select(static l => l.SourceSpan));

        var (output, shims) = TestCode.Generate(compilation);
        Assert.Equal(expected, Render(await TestCode.Analyze(output, beside), ids));
        Assert.All(TestCode.Errors(output), error => Assert.Contains(compilerErrors, id => error.Contains(id, StringComparison.Ordinal)));
        Assert.All(TestCode.Errors(output), static error => Assert.DoesNotContain(".g.cs", error, StringComparison.Ordinal));
        AssertShims(code, compilation, shims);

        var disable = $"#pragma warning disable {string.Join(", ", code.Marks.Select(static m => m.Id))}\n";
        Assert.Empty(Render(await TestCode.Analyze(TestCode.From(markup, disable, beside).Compile(), beside), ids));
    }

    private static async Task ReportsNothing(Surroundings beside, string source, ImmutableHashSet<string> ids)
    {
        var code = TestCode.From(source, beside: beside);
        Assert.Empty(code.Marks);
        var compilation = code.Compile();
        Assert.Empty(Render(await TestCode.Analyze(compilation, beside), ids));
        var (output, _) = TestCode.Generate(compilation);
        Assert.Empty(Render(await TestCode.Analyze(output, beside), ids));
        Assert.Empty(TestCode.Errors(output));
    }

    private static void AssertShims(TestCode code, Compilation compilation, ImmutableArray<SyntaxTree> shims)
    {
        var root = compilation.SyntaxTrees.First().GetRoot();
        var blocked = code.Marks.Where(static mark => !LeavesShim.Contains(mark.Id))
            .Select(mark => root.FindNode(mark.Span).FirstAncestorOrSelf<MemberDeclarationSyntax>(static m => m is MethodDeclarationSyntax or TypeDeclarationSyntax)!)
            .ToHashSet();
        var expected = compilation.SyntaxTrees.SelectMany(static tree => Methods(tree.GetRoot())).Where(IsRouted).ToLookup(method => method.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().Any(blocked.Contains));
        var generated = shims.SelectMany(static tree => Methods(tree.GetRoot())).ToLookup(static method => method.ToString().Contains("NotSupportedException", StringComparison.Ordinal));
        Assert.Equal(Names(expected[false]), Names(generated[false]));
        Assert.Equal(Names(expected[true].Where(static method => WaitsForHalf(method))), Names(generated[true]));
    }

    // Where a second half can be written at all.
    private static bool WaitsForHalf(MethodDeclarationSyntax method) =>
        method.Modifiers.Any(SyntaxKind.PartialKeyword) &&
        method.Ancestors().OfType<TypeDeclarationSyntax>().All(static t => t.Modifiers.Any(SyntaxKind.PartialKeyword) && !t.Modifiers.Any(SyntaxKind.FileKeyword)) &&
        Methods(method.Parent!).Count(other => other.Identifier.ValueText == method.Identifier.ValueText && SyntaxFactory.AreEquivalent(other.ParameterList, method.ParameterList)) == 1;

    private static IEnumerable<MethodDeclarationSyntax> Methods(SyntaxNode root) => root.DescendantNodes().OfType<MethodDeclarationSyntax>();

    // Of a partial method with two halves the one without a body counts.
    private static bool IsRouted(MethodDeclarationSyntax method) =>
        !(method.Modifiers.Any(SyntaxKind.PartialKeyword) && (method.Body is not null || method.ExpressionBody is not null)) &&
        method.AttributeLists.SelectMany(static l => l.Attributes).Any(static a => a.Name.ToString() is "ReadQuery" or "WriteCommand");

    private static string[] Names(IEnumerable<MethodDeclarationSyntax> methods) =>
        [.. methods.Select(static m => m.Identifier.ValueText).Order(StringComparer.Ordinal)];

    private static bool IsCompared(Diagnostic diagnostic, ImmutableHashSet<string> ids) => !OnlyWhereMarked.Contains(diagnostic.Id) || ids.Contains(diagnostic.Id);

    private static string[] Render(IEnumerable<Diagnostic> diagnostics, ImmutableHashSet<string> ids) =>
    [
        .. diagnostics.Where(d => IsCompared(d, ids))
            .Select(static d => $"{d.Severity} {d.Id} {d.Location.SourceSpan}: {d.GetMessage(CultureInfo.InvariantCulture)}"),
    ];
}
