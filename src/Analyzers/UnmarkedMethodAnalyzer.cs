using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers;

/// <summary>
/// Offers an attribute for methods that take a connection and have none, by what they do. Only where the shim could be
/// generated, and where all that the method runs is known.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnmarkedMethodAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of the diagnostic that holds the attribute's name.</summary>
    public const string AttributeProperty = "Attribute";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.Unmarked);

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
        });
    }

    private static void Analyze(SymbolAnalysisContext context, KnownSymbols known, EffectFinder finder)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (context.IsGeneratedCode || !MayBeMarked(method, known) || !SourceModel.HasBody(method, context.CancellationToken))
            return;

        var effects = finder.Find(method, context.CancellationToken);
        var writes = effects.Any(static e => e.IsWrite);
        if (!writes && (effects.Count > 0 || !finder.RunsSql(method, context.CancellationToken)))
            return;
        var (does, attribute) = writes ? ("writes", "WriteCommand") : ("only reads", "ReadQuery");
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.Unmarked,
            method.Locations.FirstOrDefault(),
            ImmutableDictionary<string, string?>.Empty.Add(AttributeProperty, attribute),
            method.Name,
            does,
            attribute));
    }

    private static bool MayBeMarked(IMethodSymbol method, KnownSymbols known)
    {
        if (method is not { MethodKind: MethodKind.Ordinary, IsAbstract: false, IsExtensionMethod: false, IsPartialDefinition: false, PartialDefinitionPart: null, ReturnsByRef: false } ||
            method.Parameters.IsEmpty || !known.IsOpened(method.Parameters[0].Type) || method.Parameters.Any(static p => p.RefKind != RefKind.None))
        {
            return false;
        }

        // The core of a shim is marked there, and a method that only the type itself calls is one of its details.
        if (method.DeclaredAccessibility == Accessibility.Private || method.ContainingType.GetMembers(method.Name).Any(static m => m is IMethodSymbol other && RoutingAttributes.MayHave(other)) ||
            ShimCollision.Find(method, known) is not null)
        {
            return false;
        }

        // What it returns is run elsewhere.
        if (DataAccessApis.IsCommand(method.ReturnType is INamedTypeSymbol { TypeArguments: [var awaited] } ? awaited : method.ReturnType))
            return false;

        var type = known.ContainingType(method.ContainingType);
        var context = known.IsDbContext(method.Parameters[0].Type) ? method.Parameters[0].Type : null;
        return type is { Unsupported: null, HasError: false } && type.Source(method.ContainingType.IsStatic, context).Expression is not null;
    }
}
