using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Compares types across two methods as C# compares signatures: a method's type parameters by position, without nullability,
/// tuple names or the difference between <c>dynamic</c> and <c>object</c>.
/// </summary>
internal static class SignatureComparer
{
    public static bool SameType(ITypeSymbol a, ITypeSymbol b)
    {
        if (SymbolEqualityComparer.Default.Equals(a, b))
            return true;
        return (a, b) switch
        {
            (ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } x, ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } y) =>
                x.Ordinal == y.Ordinal,
            (IArrayTypeSymbol x, IArrayTypeSymbol y) => x.Rank == y.Rank && SameType(x.ElementType, y.ElementType),
            (IDynamicTypeSymbol, _) => b.SpecialType == SpecialType.System_Object,
            (_, IDynamicTypeSymbol) => a.SpecialType == SpecialType.System_Object,
            (INamedTypeSymbol x, INamedTypeSymbol y) => SameNamedType(x.TupleUnderlyingType ?? x, y.TupleUnderlyingType ?? y),
            _ => false,
        };
    }

    /// <summary>Whether two parameter lists, each from a place on, have the same types.</summary>
    public static bool SameTypes(ImmutableArray<IParameterSymbol> a, int aFrom, ImmutableArray<IParameterSymbol> b, int bFrom)
    {
        if (a.Length - aFrom != b.Length - bFrom)
            return false;
        for (var i = 0; i < a.Length - aFrom; i++)
        {
            if (!SameType(a[aFrom + i].Type, b[bFrom + i].Type))
                return false;
        }

        return true;
    }

    private static bool SameNamedType(INamedTypeSymbol a, INamedTypeSymbol b)
    {
        if (a.Arity != b.Arity || !SymbolEqualityComparer.Default.Equals(a.OriginalDefinition, b.OriginalDefinition))
            return false;
        for (var i = 0; i < a.TypeArguments.Length; i++)
        {
            if (!SameType(a.TypeArguments[i], b.TypeArguments[i]))
                return false;
        }

        return a.ContainingType is not { } outerA || b.ContainingType is not { } outerB || SameNamedType(outerA, outerB);
    }

    /// <summary>Whether whatever satisfies the constraints of <paramref name="shim"/> satisfies those of <paramref name="core"/>.</summary>
    public static bool ConstraintsAllow(IMethodSymbol shim, IMethodSymbol core)
    {
        for (var i = 0; i < core.TypeParameters.Length; i++)
        {
            var (given, wanted) = (shim.TypeParameters[i], core.TypeParameters[i]);
            if ((wanted.HasReferenceTypeConstraint && !given.HasReferenceTypeConstraint) ||
                (wanted.HasValueTypeConstraint && !given.HasValueTypeConstraint) ||
                (wanted.HasUnmanagedTypeConstraint && !given.HasUnmanagedTypeConstraint) ||
                (wanted.HasConstructorConstraint && !given.HasConstructorConstraint && !given.HasValueTypeConstraint))
            {
                return false;
            }

            foreach (var type in wanted.ConstraintTypes)
            {
                if (!given.ConstraintTypes.Any(g => SameType(g, type)))
                    return false;
            }
        }

        return true;
    }
}
