using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.CodeFixes.Syntax;

/// <summary>How a routing attribute can be written at a place.</summary>
internal static class AttributeNames
{
    /// <summary>The short name, or, where that means nothing or something else, the full one.</summary>
    public static string At(SemanticModel model, int position, INamedTypeSymbol attribute)
    {
        var name = Short(attribute);
        return Candidates(model, position, name).SequenceEqual([attribute], SymbolEqualityComparer.Default) ? name : Full(attribute);
    }

    /// <summary>Whether no attribute of the short name is known at a place, so that a using directive would make it known.</summary>
    public static bool IsUnknownAt(SemanticModel model, int position, INamedTypeSymbol attribute) => Candidates(model, position, Short(attribute)).Count == 0;

    public static string Short(INamedTypeSymbol attribute) => attribute.Name.Substring(0, attribute.Name.Length - nameof(Attribute).Length);

    private static string Full(INamedTypeSymbol attribute) => $"global::{attribute.ContainingNamespace.ToDisplayString()}.{Short(attribute)}";

    // C# looks for the name with and without its suffix, among attributes only.
    private static List<ISymbol> Candidates(SemanticModel model, int position, string name) =>
        model.LookupNamespacesAndTypes(position, name: name)
            .Concat(model.LookupNamespacesAndTypes(position, name: name + nameof(Attribute)))
            .Select(static symbol => symbol is IAliasSymbol alias ? alias.Target : symbol)
            .Where(symbol => symbol is INamedTypeSymbol type && IsAttribute(type))
            .Distinct(SymbolEqualityComparer.Default)
            .ToList()!;

    private static bool IsAttribute(INamedTypeSymbol type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.ToDisplayString() == "System.Attribute")
                return true;
        }

        return false;
    }
}
