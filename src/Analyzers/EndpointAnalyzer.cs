using System.Collections.Immutable;
using CompileTimeRouting.Analyzers.Endpoints;
using CompileTimeRouting.Analyzers.Flow;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers;

/// <summary>Says which handlers of GET and HEAD requests reach a <c>[WriteCommand]</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EndpointAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.WriteOnGet);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // Generated code is left out body by body: with None, the driver looks through the file of each diagnostic again.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(static start =>
        {
            if (!HttpHandlers.MayBeIn(start.Compilation) || KnownSymbols.For(start.Compilation) is not { } known)
                return;
            var search = new Search(known, SharedFinder.For(known, start.Options.AdditionalFiles, start.CancellationToken), Mentions.For(known));
            var controllers = new ControllerTypes(start.Compilation);
            start.RegisterSymbolAction(symbol => AnalyzeMethod(symbol, controllers, search), SymbolKind.Method);
            start.RegisterSyntaxNodeAction(node => AnalyzeCall(node, search), SyntaxKind.InvocationExpression);
        });
    }

    // An action of a controller, or a handler of a page.
    private static void AnalyzeMethod(SymbolAnalysisContext context, ControllerTypes controllers, Search search)
    {
        if (!context.IsGeneratedCode && context.Symbol is IMethodSymbol { PartialDefinitionPart: null } method && HttpHandlers.SafeVerbs(method, controllers) is { } verbs)
            search.Report(method, method.Name, verbs, null, context.ReportDiagnostic, context.CancellationToken);
    }

    // MapGet("/orders", handler)
    private static void AnalyzeCall(SyntaxNodeAnalysisContext context, Search search)
    {
        var syntax = (InvocationExpressionSyntax)context.Node;
        if (context.IsGeneratedCode || !HttpHandlers.MayMap(syntax) || context.SemanticModel.GetOperation(syntax, context.CancellationToken) is not IInvocationOperation call || HttpHandlers.MappedVerbs(call) is not { } verbs)
            return;
        foreach (var argument in call.Arguments)
        {
            switch (HttpHandlers.Delegate(argument.Value, search.Source))
            {
                case IAnonymousFunctionOperation lambda:
                    search.Report(lambda.Symbol, HttpHandlers.Name(call), verbs, null, context.ReportDiagnostic, context.CancellationToken);
                    break;
                case IMethodReferenceOperation reference:
                    search.Report(reference.Method.OriginalDefinition, reference.Method.Name, verbs, argument.Syntax, context.ReportDiagnostic, context.CancellationToken);
                    break;
            }
        }
    }

    private sealed class Search(KnownSymbols known, EffectFinder finder, Mentions mentions)
    {
        public SourceModel Source => finder.Source;

        /// <param name="handler">The handler.</param>
        /// <param name="name">What it is called in the message.</param>
        /// <param name="verbs">The HTTP methods that it answers.</param>
        /// <param name="place">Where to report; null for the call in the handler.</param>
        /// <param name="report">Takes the diagnostics.</param>
        /// <param name="cancellationToken">Cancels the search.</param>
        public void Report(IMethodSymbol handler, string name, string verbs, SyntaxNode? place, Action<Diagnostic> report, CancellationToken cancellationToken)
        {
            if (RoutingAttributes.FindForCall(handler, known).Write is not null)
            {
                report(Diagnostic.Create(Descriptors.WriteOnGet, place?.GetLocation() ?? handler.Locations[0], name, verbs, handler.Name, ""));
                return;
            }

            if (!mentions.MayCommand(handler, cancellationToken))
                return;
            var said = new HashSet<SyntaxNode>();
            foreach (var effect in finder.Find(handler, cancellationToken))
            {
                if (effect.RuleId != RuleIds.CallsWriteCommand)
                    continue;
                var first = place ?? (effect.Path.IsEmpty ? effect.Syntax : effect.Path[0].Syntax);
                var way = effect.Path.Select(static c => c.Syntax).Append(effect.Syntax).Where(s => s != first).Select(static s => s.GetLocation()).ToArray();
                var names = effect.Path.Select(static c => $"'{Name(c.Target)}'").Append($"'{effect.Word}'").ToList();
                // Once for each place.
                if (said.Add(first))
                    report(Diagnostic.Create(Descriptors.WriteOnGet, first.GetLocation(), way, name, verbs, effect.Word, names.Count > 1 ? $" ({string.Join(" → ", names)})" : ""));
            }
        }

        private static string Name(IMethodSymbol called) => called.MethodKind switch
        {
            MethodKind.Constructor => "new " + called.ContainingType.Name,
            MethodKind.AnonymousFunction => "lambda expression",
            _ => called.AssociatedSymbol?.Name ?? called.Name,
        };
    }
}
