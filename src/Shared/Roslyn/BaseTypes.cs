using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>The way from a type up to its bases.</summary>
internal static class BaseTypes
{
    /// <summary>The type and its base classes, the nearest first, up to one of the language's own such as <c>object</c>.</summary>
    public static IEnumerable<INamedTypeSymbol> AndSelf(INamedTypeSymbol? type)
    {
        for (; type is { SpecialType: SpecialType.None }; type = type.BaseType)
            yield return type;
    }
}
