using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Reads the types that values are bound to or read from.</summary>
internal static class TypeRefs
{
    public static TypeRef Read(ITypeSymbol type, KnownSymbols known)
    {
        var bare = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        var facts = known.Facts(bare);
        var (collection, element) = CollectionOf(bare);
        return new TypeRef(
            known.Facts(type).Name,
            facts.Name,
            IsNullable(type),
            type.IsValueType,
            bare.SpecialType,
            (bare as INamedTypeSymbol)?.EnumUnderlyingType?.SpecialType,
            facts.IsNativeEnum,
            collection,
            element is null ? null : Read(element, known));
    }

    /// <summary>Whether null is a value of the type.</summary>
    public static bool IsNullable(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ||
        (!type.IsValueType && type.NullableAnnotation != NullableAnnotation.NotAnnotated);

    /// <summary>How a type holds values, and of which type; for a <c>byte[]</c>, which is one value, as for any other array.</summary>
    public static (ValueCollection Collection, ITypeSymbol? Element) CollectionOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => (ValueCollection.Array, array.ElementType),
        INamedTypeSymbol { Arity: 1 } list when IsSequence(list) => (ValueCollection.Sequence, list.TypeArguments[0]),
        INamedTypeSymbol { Arity: 1 } list when IsList(list) => (ValueCollection.List, list.TypeArguments[0]),
        _ => (ValueCollection.None, null),
    };

    private static bool IsSequence(INamedTypeSymbol type) =>
        type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IList_T
            or SpecialType.System_Collections_Generic_ICollection_T
            or SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_Generic_IReadOnlyList_T
            or SpecialType.System_Collections_Generic_IReadOnlyCollection_T;

    private static bool IsList(INamedTypeSymbol type) => type is
    {
        Name: "List",
        ContainingType: null,
        ContainingNamespace: { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } },
    };
}
