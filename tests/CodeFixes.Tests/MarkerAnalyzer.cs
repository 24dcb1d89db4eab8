using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.CodeFixes.Tests;

/// <summary>
/// Reports what a comment says on the token behind it, so that fixes are tested at any place: <c>/*CTR105*/</c> in a method
/// that is, or serves, a [ReadQuery], and <c>/*CTR302:ReadQuery*/</c> in front of the name of a method without an attribute.
/// </summary>
#pragma warning disable RS1036, RS1038, RS1041, RS2008 // Not one that ships.
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed partial class MarkerAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> ById =
        new[] { "CTR101", "CTR102", "CTR103", "CTR104", "CTR105", "CTR106", "CTR107", "CTR109", "CTR302" }.ToImmutableDictionary(
            static id => id,
            static id => new DiagnosticDescriptor(id, id, id, "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true));

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [.. ById.Values];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSemanticModelAction(Report);
    }

    private static void Report(SemanticModelAnalysisContext context)
    {
        foreach (var trivia in context.SemanticModel.SyntaxTree.GetRoot(context.CancellationToken).DescendantTrivia())
        {
            if (Marker().Match(trivia.ToString()) is not { Success: true } match)
                continue;
            var token = trivia.Token.Span.Start >= trivia.Span.End ? trivia.Token : trivia.Token.GetNextToken();
            var isMarked = Functions(token, context.SemanticModel).Any(static method => Attributes(method).Any());
            var isRead = Functions(token, context.SemanticModel).Any(static method => Attributes(method).Contains("ReadQueryAttribute"));
            var attribute = match.Groups["attribute"];
            if (attribute.Success ? !isMarked : isRead)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    ById[match.Groups["id"].Value],
                    token.IsKind(SyntaxKind.InterpolatedStringStartToken) ? token.Parent!.GetLocation() : token.GetLocation(),
                    attribute.Success ? ImmutableDictionary<string, string?>.Empty.Add("Attribute", attribute.Value) : null));
            }
        }
    }

    private static IEnumerable<IMethodSymbol> Functions(SyntaxToken token, SemanticModel model)
    {
        foreach (var node in token.Parent!.AncestorsAndSelf())
        {
            if (node is not (MethodDeclarationSyntax or LocalFunctionStatementSyntax) || model.GetDeclaredSymbol(node) is not IMethodSymbol method)
                continue;
            yield return method;
            foreach (var other in model.Compilation.GetSymbolsWithName(method.Name, SymbolFilter.Member).OfType<IMethodSymbol>().Where(o => token.ToString() != o.Name))
                yield return other;
        }
    }

    private static IEnumerable<string> Attributes(IMethodSymbol method) => method.GetAttributes().Select(static a => a.AttributeClass!.Name)
        .Where(static name => name is "ReadQueryAttribute" or "WriteCommandAttribute");

    [GeneratedRegex(@"^/\*(?<id>CTR\d{3})(:(?<attribute>\w+))?\*/$")]
    private static partial Regex Marker();
}
