using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Syntax;

/// <summary>A variable that a statement reads, as the parameter of a method that it is moved to.</summary>
internal readonly record struct CapturedVariable(string Name, string Type, bool IsParameter);

/// <summary>Finds what a statement takes from the method around it.</summary>
internal static class CapturedVariables
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.MinimallyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>
    /// The variables, the method's connection first; null where they can't be passed by value, or where the statement doesn't use
    /// the connection.
    /// </summary>
    public static IReadOnlyList<CapturedVariable>? Of(ExpressionStatementSyntax statement, IMethodSymbol method, FixContext context)
    {
        var flow = context.Model.AnalyzeDataFlow(statement);
        if (flow is not { Succeeded: true } || !flow.DataFlowsOut.IsEmpty)
            return null;

        var uses = new Dictionary<ISymbol, List<IdentifierNameSyntax>>(SymbolEqualityComparer.Default);
        foreach (var name in statement.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            switch (context.Model.GetSymbolInfo(name, context.CancellationToken).Symbol)
            {
                case ITypeParameterSymbol { DeclaringMethod: not null }:
                case IMethodSymbol { MethodKind: MethodKind.LocalFunction }:
                    return null;
                case ILocalSymbol or IParameterSymbol when name is not IdentifierNameSyntax:
                    return null;
                case ILocalSymbol local when !IsDeclaredIn(local, statement):
                    Use(local, (IdentifierNameSyntax)name);
                    break;
                case IParameterSymbol parameter when SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method):
                    Use(parameter, (IdentifierNameSyntax)name);
                    break;
                case IParameterSymbol parameter when !IsDeclaredIn(parameter, statement):
                    // Of the primary constructor, which an instance method reaches.
                    if (method.IsStatic)
                        return null;
                    break;
            }
        }

        if (!uses.ContainsKey(method.Parameters[0]) ||
            uses.Keys.Any(symbol => flow.WrittenInside.Contains(symbol, SymbolEqualityComparer.Default) || !CanBePassed(symbol, context.Known)))
        {
            return null;
        }

        return uses.Keys
            .OrderBy(symbol => symbol is IParameterSymbol parameter ? parameter.Ordinal : int.MaxValue)
            .Select(symbol => new CapturedVariable(Identifiers.Escape(symbol.Name), TypeOf(symbol, uses[symbol], statement, context), symbol is IParameterSymbol))
            .ToList();

        void Use(ISymbol symbol, IdentifierNameSyntax name)
        {
            if (!uses.TryGetValue(symbol, out var names))
                uses.Add(symbol, names = new List<IdentifierNameSyntax>());
            names.Add(name);
        }
    }

    private static bool IsDeclaredIn(ISymbol symbol, SyntaxNode node) =>
        symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == node.SyntaxTree && node.Span.Contains(reference.Span));

    private static bool CanBePassed(ISymbol symbol, KnownSymbols known) => symbol switch
    {
        IParameterSymbol { RefKind: RefKind.None, Ordinal: 0 } => true,
        IParameterSymbol { RefKind: RefKind.None, Type: var type } => CanBePassed(type, known),
        ILocalSymbol { IsConst: false, RefKind: RefKind.None, Type: var type } => CanBePassed(type, known),
        _ => false,
    };

    // It must have a name, outlive the method, and belong to no connection but the one that is passed.
    private static bool CanBePassed(ITypeSymbol type, KnownSymbols known) => type switch
    {
        IArrayTypeSymbol array => CanBePassed(array.ElementType, known),
        INamedTypeSymbol named =>
            !named.IsAnonymousType && !named.IsRefLikeType && named.TypeKind != TypeKind.Error && !IsConnectionBound(named, known) &&
            named.TypeArguments.All(argument => CanBePassed(argument, known)),
        ITypeParameterSymbol parameter => parameter.DeclaringMethod is null,
        _ => false,
    };

    private static bool IsConnectionBound(INamedTypeSymbol type, KnownSymbols known)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (known.IsConnectionBound(t.OriginalDefinition))
                return true;
        }

        return type.AllInterfaces.Any(known.IsConnectionBound);
    }

    // What is known not to be null here must be so there.
    private static string TypeOf(ISymbol symbol, List<IdentifierNameSyntax> uses, SyntaxNode statement, FixContext context)
    {
        var type = symbol is ILocalSymbol local ? local.Type : ((IParameterSymbol)symbol).Type;
        if (type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.Annotated &&
            uses.All(use => context.Model.GetTypeInfo(use, context.CancellationToken).Nullability.FlowState == NullableFlowState.NotNull))
        {
            type = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        }

        return type.ToMinimalDisplayString(context.Model, statement.SpanStart, TypeFormat);
    }
}
