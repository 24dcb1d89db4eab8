using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers;

/// <summary>Says why the generator generates nothing for a routed method, or what about its attribute is wrong.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RoutedMethodAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.Usages;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownSymbols.For(start.Compilation) is not { } known)
                return;
            start.RegisterSymbolAction(symbol => AnalyzeMethod(symbol, known), SymbolKind.Method);

            // The attributes may stand on these two, which are no members.
            start.RegisterSyntaxNodeAction(node => AnalyzeLocalFunction(node, known), SyntaxKind.LocalFunctionStatement);
            start.RegisterSyntaxNodeAction(
                node => AnalyzeLambda(node, known),
                SyntaxKind.SimpleLambdaExpression,
                SyntaxKind.ParenthesizedLambdaExpression);
        });
    }

    private static void AnalyzeMethod(SymbolAnalysisContext context, KnownSymbols known)
    {
        // Of a partial method the defining half speaks for both.
        if (context.Symbol is IMethodSymbol { PartialDefinitionPart: null } method && RoutingAttributes.MayHave(method))
            Report(method, known, context.ReportDiagnostic, context.CancellationToken);
    }

    private static void AnalyzeLocalFunction(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        if (context.Node is LocalFunctionStatementSyntax { AttributeLists.Count: > 0 } function &&
            context.SemanticModel.GetDeclaredSymbol(function, context.CancellationToken) is IMethodSymbol symbol)
        {
            Report(symbol, known, context.ReportDiagnostic, context.CancellationToken);
        }
    }

    private static void AnalyzeLambda(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        if (context.Node is LambdaExpressionSyntax { AttributeLists.Count: > 0 } lambda &&
            context.SemanticModel.GetSymbolInfo(lambda, context.CancellationToken).Symbol is IMethodSymbol symbol)
        {
            Report(symbol, known, context.ReportDiagnostic, context.CancellationToken);
        }
    }

    private static void Report(IMethodSymbol method, KnownSymbols known, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        foreach (var violation in StatementJudge.Read(method, known, cancellationToken).Violations)
        {
            if (violation.RuleId != RuleIds.NotPartial || !IsReportedForAnother(method, violation, known, cancellationToken))
                report(Diagnostic.Create(Descriptors.Of(violation.RuleId), violation.Location, violation.Arguments.ToArray<object>()));
        }
    }

    // A missing modifier on a type is one message, however many routed methods wait for it.
    private static bool IsReportedForAnother(IMethodSymbol method, RoutingViolation violation, KnownSymbols known, CancellationToken cancellationToken)
    {
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (!type.Locations.Contains(violation.Location))
                continue;
            foreach (var other in MethodsOf(type))
            {
                if (SymbolEqualityComparer.Default.Equals(other, method))
                    return false;
                if (RoutingAttributes.MayHave(other) && RoutedMethodReader.Read(other, known, cancellationToken).Violations
                    .Any(v => v.RuleId == violation.RuleId && v.Location.Equals(violation.Location)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<IMethodSymbol> MethodsOf(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol method)
            {
                yield return method;
            }
            else if (member is INamedTypeSymbol nested)
            {
                foreach (var inner in MethodsOf(nested))
                    yield return inner;
            }
        }
    }
}
