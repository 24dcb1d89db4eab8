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
        return new TypeRef(
            known.Facts(type).Name,
            known.Facts(bare).Name,
            IsNullable(type),
            type.IsValueType,
            bare.SpecialType,
            (bare as INamedTypeSymbol)?.EnumUnderlyingType?.SpecialType,
            bare is IArrayTypeSymbol { Rank: 1 } array ? Read(array.ElementType, known) : null);
    }

    /// <summary>Whether null is a value of the type.</summary>
    public static bool IsNullable(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ||
        (!type.IsValueType && type.NullableAnnotation != NullableAnnotation.NotAnnotated);
}
