using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Says whether a result would be used after the shim has given its connection back.</summary>
internal static class ResultEscape
{
    private const string Advice = "return List<T>, IReadOnlyList<T>, T[] or IAsyncEnumerable<T>";

    /// <summary>A clause that says how; null where it wouldn't.</summary>
    public static string? Why(ITypeSymbol type, KnownSymbols known)
    {
        if (type is IArrayTypeSymbol array)
            return Why(array.ElementType, known);
        if (type is not INamedTypeSymbol named || (named.SpecialType != SpecialType.None && named.Arity == 0 && !known.IsLazy(named)))
            return null;

        var definition = named.OriginalDefinition;
        for (var t = definition; t is not null; t = t.BaseType?.OriginalDefinition)
        {
            if (known.IsConnectionBound(t))
                return $"'{Name()}' is of no use without its connection; {Advice}";
        }

        if (known.IsLazy(definition))
            return $"'{Name()}' may do its work after the connection was given back; {Advice}";
        if (KnownSymbols.Is(definition, known.Queryable))
            return $"'{Name()}' runs its query when it is enumerated; {Advice}";
        foreach (var @interface in definition.AllInterfaces)
        {
            if (known.IsConnectionBound(@interface))
                return $"'{Name()}' is of no use without its connection; {Advice}";
            if (KnownSymbols.Is(@interface, known.Queryable) || KnownSymbols.Is(@interface.OriginalDefinition, known.AsyncEnumerable))
                return $"'{Name()}' runs its query when it is enumerated; {Advice}";
        }

        foreach (var argument in named.TypeArguments)
        {
            if (Why(argument, known) is { } why)
                return why;
        }

        return null;

        string Name() => named.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
    }
}
