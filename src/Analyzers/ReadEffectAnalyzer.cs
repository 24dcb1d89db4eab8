using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers;

/// <summary>Says what makes a <c>[ReadQuery]</c> unfit for a replica: in its SQL, its code, and the methods that it calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadEffectAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.Effects;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // Generated code is left out method by method: with None, the driver looks through the file of each diagnostic again.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownSymbols.For(start.Compilation) is not { } known)
                return;
            var finder = SharedFinder.For(known, start.Options.AdditionalFiles, start.CancellationToken);
            start.RegisterSymbolAction(symbol => Analyze(symbol, known, finder), SymbolKind.Method);
            start.RegisterAdditionalFileAction(static file => CatalogFiles.Report(file));
        });
    }

    private static void Analyze(SymbolAnalysisContext context, KnownSymbols known, EffectFinder finder)
    {
        // Of a partial method the defining half speaks for both. One with both attributes has to become one of the two first.
        if (context.IsGeneratedCode || context.Symbol is not IMethodSymbol { PartialDefinitionPart: null } method || !RoutingAttributes.MayHave(method) ||
            RoutingAttributes.Find(method, known) is not ({ } read, null))
        {
            return;
        }

        if (AttributeSql.Value(read) is { } sql && AttributeSql.Argument(read, context.CancellationToken) is { } argument)
        {
            // Most reads are as they should be: who reports is asked for only where one isn't.
            var findings = finder.Judge(sql);
            if (findings.Count == 0)
                return;
            var report = new ReadEffectReport(method, method, context.ReportDiagnostic);
            foreach (var finding in findings)
                report.Add(finding, SqlLocation.Find(argument, finding.Start, finding.Length));
        }
        else if (Runs(method, known, context.CancellationToken) is { } body && finder.Find(body, context.CancellationToken) is { Count: > 0 } effects)
        {
            new ReadEffectReport(method, body, context.ReportDiagnostic).Add(effects);
        }
    }

    // Its own body, or its core's.
    private static IMethodSymbol? Runs(IMethodSymbol method, KnownSymbols known, CancellationToken cancellationToken)
    {
        var isGenerated = method.PartialImplementationPart is { } part && GeneratedMembers.IsGenerated(part);
        if (!isGenerated && SourceModel.HasBody(method, cancellationToken))
            return method;
        return method.IsPartialDefinition ? CoreFinder.Find(method, known).Core?.OriginalDefinition : null;
    }
}
