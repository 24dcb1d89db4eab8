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
            start.RegisterSymbolAction(symbol => AnalyzeType(symbol, known), SymbolKind.NamedType);

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
        if (context.Symbol is IMethodSymbol { PartialDefinitionPart: null } method && RoutingAttributes.MayHave(method) &&
            StatementJudge.Read(method, known, context.CancellationToken).Violations is { IsEmpty: false } violations)
        {
            Report(method, violations, context.ReportDiagnostic);
        }
    }

    private static void AnalyzeLocalFunction(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        if (context.Node is LocalFunctionStatementSyntax { AttributeLists.Count: > 0 } function &&
            context.SemanticModel.GetDeclaredSymbol(function, context.CancellationToken) is IMethodSymbol symbol)
        {
            Report(symbol, StatementJudge.Read(symbol, known, context.CancellationToken).Violations, context.ReportDiagnostic);
        }
    }

    private static void AnalyzeLambda(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        if (context.Node is LambdaExpressionSyntax { AttributeLists.Count: > 0 } lambda &&
            context.SemanticModel.GetSymbolInfo(lambda, context.CancellationToken).Symbol is IMethodSymbol symbol)
        {
            Report(symbol, StatementJudge.Read(symbol, known, context.CancellationToken).Violations, context.ReportDiagnostic);
        }
    }

    // A missing modifier on a type is one message, however many routed methods wait for it, and one of the type: an IDE that
    // looks at a method alone leaves out what is said elsewhere.
    private static void AnalyzeType(SymbolAnalysisContext context, KnownSymbols known)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.DeclaringSyntaxReferences is not [var reference] ||
            reference.GetSyntax(context.CancellationToken) is not TypeDeclarationSyntax declaration || declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return;
        }

        var name = declaration.Identifier.GetLocation();
        foreach (var method in MethodsOf(type))
        {
            if (!RoutingAttributes.MayHave(method))
                continue;
            foreach (var violation in RoutedMethodReader.Judge(method, known, context.CancellationToken).Violations)
            {
                if (violation.RuleId != RuleIds.NotPartial || !violation.Location.Equals(name))
                    continue;
                Report(violation, context.ReportDiagnostic);
                return;
            }
        }
    }

    // Nearly all methods break no rule: who reports is asked for only where one does.
    private static void Report(IMethodSymbol method, ImmutableArray<RoutingViolation> violations, Action<Diagnostic> report)
    {
        foreach (var violation in violations)
        {
            if (violation.RuleId != RuleIds.NotPartial || !IsOfType(method, violation))
                Report(violation, report);
        }
    }

    private static void Report(RoutingViolation violation, Action<Diagnostic> report) =>
        report(Diagnostic.Create(Descriptors.Of(violation.RuleId), violation.Location, violation.Arguments.ToArray<object>()));

    private static bool IsOfType(IMethodSymbol method, RoutingViolation violation)
    {
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.Locations.Contains(violation.Location))
                return true;
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
