using System.Collections.Immutable;
using CompileTimeRouting.Analyzers.Flow;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers;

/// <summary>Says which routed reads may miss what their own flow has written, and where a replica's answer goes into a write.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConsistencyAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that holds the documentation-comment id of the read.</summary>
    public const string ReadProperty = "Read";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.Flows;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // Generated code is left out body by body: with None, the driver looks through the file of each diagnostic again.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(static start =>
        {
            if (KnownSymbols.For(start.Compilation) is not { } known)
                return;
            var finder = new FlowFinder(known, SharedFinder.For(known, start.Options.AdditionalFiles, start.CancellationToken));
            start.RegisterSyntaxNodeAction(
                node => Analyze(node, finder),
                SyntaxKind.MethodDeclaration,
                SyntaxKind.ConstructorDeclaration,
                SyntaxKind.GetAccessorDeclaration,
                SyntaxKind.SetAccessorDeclaration,
                SyntaxKind.InitAccessorDeclaration,
                SyntaxKind.AddAccessorDeclaration,
                SyntaxKind.RemoveAccessorDeclaration,
                SyntaxKind.ArrowExpressionClause,
                SyntaxKind.OperatorDeclaration,
                SyntaxKind.ConversionOperatorDeclaration,
                SyntaxKind.DestructorDeclaration,
                SyntaxKind.CompilationUnit);
        });
    }

    private static void Analyze(SyntaxNodeAnalysisContext context, FlowFinder finder)
    {
        if (context.IsGeneratedCode || Body(context) is not { } declaration || !finder.MayFollow(declaration))
            return;
        if (Method(context) is not { } method || finder.Effects.Source.Operation(context.Node, context.CancellationToken) is not { } body)
            return;
        foreach (var finding in finder.Find(method, body, context.CancellationToken))
            context.ReportDiagnostic(FlowReport.Create(finding));
    }

    // Of a file its top-level statements.
    private static SyntaxNode? Body(SyntaxNodeAnalysisContext context) => context.Node switch
    {
        CompilationUnitSyntax unit => unit.Members.Any(static m => m is GlobalStatementSyntax) ? unit : null,
        MethodDeclarationSyntax { Body: null, ExpressionBody: null } => null,
        // Of others it is a part of what is declared.
        ArrowExpressionClauseSyntax { Parent: not (PropertyDeclarationSyntax or IndexerDeclarationSyntax) } => null,
        var node => node,
    };

    private static IMethodSymbol? Method(SyntaxNodeAnalysisContext context) => context.Node switch
    {
        CompilationUnitSyntax => context.Compilation.GetEntryPoint(context.CancellationToken),
        ArrowExpressionClauseSyntax arrow => (context.SemanticModel.GetDeclaredSymbol(arrow.Parent!, context.CancellationToken) as IPropertySymbol)?.GetMethod,
        var node => context.SemanticModel.GetDeclaredSymbol(node, context.CancellationToken) as IMethodSymbol,
    };
}
