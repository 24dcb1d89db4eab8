using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Reads what the rows of a statement become.</summary>
internal static class RowReader
{
    public static ResultShape ReadResult(ReturnShape returns, ITypeSymbol? result, KnownSymbols known)
    {
        if (result is null)
            return new ResultShape(ResultCardinality.None, ResultCollection.None, null);
        if (returns.Kind == ReturnKind.AsyncEnumerable)
            return new ResultShape(ResultCardinality.Stream, ResultCollection.None, known.Facts(result).Row);
        if (result is IArrayTypeSymbol { Rank: 1, ElementType: { SpecialType: not SpecialType.System_Byte } element })
            return new ResultShape(ResultCardinality.Many, ResultCollection.Array, known.Facts(element).Row);
        if (result is INamedTypeSymbol { Arity: 1 } collection && IsList(collection))
            return new ResultShape(ResultCardinality.Many, ResultCollection.List, known.Facts(collection.TypeArguments[0]).Row);
        var cardinality = TypeRefs.IsNullable(result) ? ResultCardinality.ZeroOrOne : ResultCardinality.One;
        return new ResultShape(cardinality, ResultCollection.None, known.Facts(result).Row);
    }

    public static RowShape Read(ITypeSymbol type, KnownSymbols known)
    {
        var reference = TypeRefs.Read(type, known);
        var bare = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
        if (bare is INamedTypeSymbol { IsTupleType: true } tuple)
        {
            var elements = tuple.TupleElements.Select(e => new RowMember(e.Name, TypeRefs.Read(e.Type, known), true)).ToArray();
            return new RowShape(RowKind.Tuple, reference, elements, EquatableArray<RowMember>.Empty);
        }

        return bare is INamedTypeSymbol named && !IsScalar(named)
            ? ReadObject(named, reference, known)
            : new RowShape(RowKind.Scalar, reference, EquatableArray<RowMember>.Empty, EquatableArray<RowMember>.Empty);
    }

    private static bool IsList(INamedTypeSymbol type) =>
        type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IList_T
            or SpecialType.System_Collections_Generic_ICollection_T
            or SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_Generic_IReadOnlyList_T
            or SpecialType.System_Collections_Generic_IReadOnlyCollection_T
        || (type.Name == "List" && IsIn(type, "System", "Collections", "Generic"));

    // The types of these namespaces are values to PostgreSQL, or have no mapping at all: never objects with a column per member.
    private static bool IsScalar(INamedTypeSymbol type)
    {
        if (type.SpecialType != SpecialType.None || type.TypeKind is TypeKind.Enum or TypeKind.Delegate or TypeKind.Interface)
            return true;
        var root = type.ContainingNamespace;
        while (root is { ContainingNamespace.IsGlobalNamespace: false })
            root = root.ContainingNamespace;
        return root?.Name is "System" or "NpgsqlTypes" or "NodaTime";
    }

    private static RowShape ReadObject(INamedTypeSymbol type, TypeRef reference, KnownSymbols known)
    {
        var constructor = type.InstanceConstructors
            .Where(c => !IsCopy(c, type) && known.Compilation.IsSymbolAccessibleWithin(c, known.Compilation.Assembly))
            .OrderByDescending(static c => c.Parameters.Length)
            .FirstOrDefault();
        var arguments = constructor?.Parameters
            .Select(p => new RowMember(p.Name, TypeRefs.Read(p.Type, known), !p.HasExplicitDefaultValue))
            .ToArray() ?? [];
        var settable = new List<RowMember>();
        for (var level = type; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
        {
            foreach (var member in level.GetMembers())
            {
                if (Settable(member, known) is { } place &&
                    !arguments.Any(a => string.Equals(a.Name, place.Name, StringComparison.OrdinalIgnoreCase)) &&
                    !settable.Exists(s => s.Name == place.Name))
                {
                    settable.Add(place);
                }
            }
        }

        return new RowShape(RowKind.Object, reference, arguments, settable);
    }

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    private static RowMember? Settable(ISymbol member, KnownSymbols known)
    {
        if (member.IsStatic || member.IsImplicitlyDeclared || !known.Compilation.IsSymbolAccessibleWithin(member, known.Compilation.Assembly))
            return null;
        return member switch
        {
            IFieldSymbol { IsReadOnly: false, IsConst: false } field => new RowMember(field.Name, TypeRefs.Read(field.Type, known), field.IsRequired),
            IPropertySymbol { IsIndexer: false, SetMethod: { } setter } property
                when known.Compilation.IsSymbolAccessibleWithin(setter, known.Compilation.Assembly) =>
                new RowMember(property.Name, TypeRefs.Read(property.Type, known), property.IsRequired),
            _ => null,
        };
    }

    private static bool IsIn(INamedTypeSymbol type, params string[] namespaces)
    {
        var ns = type.ContainingNamespace;
        for (var i = namespaces.Length - 1; i >= 0; i--, ns = ns.ContainingNamespace)
        {
            if (ns?.Name != namespaces[i])
                return false;
        }

        return ns is { IsGlobalNamespace: true };
    }
}
