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
        if (TypeRefs.CollectionOf(result) is (ValueCollection.List or ValueCollection.Sequence, { } item))
            return new ResultShape(ResultCardinality.Many, ResultCollection.List, known.Facts(item).Row);
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
            var elements = tuple.TupleElements.Select(e => new RowMember(e.Name, TypeRefs.Read(e.Type, known), IsRequired: true, IsInitOnly: false)).ToArray();
            return new RowShape(RowKind.Tuple, reference, elements, EquatableArray<RowMember>.Empty);
        }

        return bare is INamedTypeSymbol named && !IsScalar(named) && ConstructorOf(named, known) is { } constructor
            ? ReadObject(named, constructor, reference, known)
            : new RowShape(RowKind.Scalar, reference, EquatableArray<RowMember>.Empty, EquatableArray<RowMember>.Empty);
    }

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

    // A type that can't be constructed is no place for a row: it is read as a scalar, which has no mapping.
    private static IMethodSymbol? ConstructorOf(INamedTypeSymbol type, KnownSymbols known) => type.IsAbstract ? null : type.InstanceConstructors
        .Where(c => !IsCopy(c, type) && !c.Parameters.Any(static p => p.RefKind is RefKind.Ref or RefKind.Out) && IsAccessible(c, type, known))
        .OrderByDescending(static c => c.Parameters.Length)
        .FirstOrDefault();

    private static RowShape ReadObject(INamedTypeSymbol type, IMethodSymbol constructor, TypeRef reference, KnownSymbols known)
    {
        var arguments = constructor.Parameters
            .Select(p => new RowMember(p.Name, TypeRefs.Read(p.Type, known), !p.HasExplicitDefaultValue, IsInitOnly: false))
            .ToArray();
        var settable = new List<RowMember>();
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        for (var level = type; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
        {
            foreach (var member in level.GetMembers())
            {
                if (Settable(member, type, known) is { } place &&
                    !arguments.Any(a => string.Equals(a.Name, place.Name, StringComparison.OrdinalIgnoreCase)) &&
                    !hidden.Contains(place.Name) && !settable.Exists(s => s.Name == place.Name))
                {
                    settable.Add(place);
                }
            }

            // An override without a setter still has the base's.
            hidden.UnionWith(level.GetMembers().Where(static m => !m.IsOverride).Select(static m => m.Name));
        }

        if (SetsRequiredMembers(constructor))
            settable = settable.ConvertAll(static s => s with { IsRequired = false });
        return new RowShape(RowKind.Object, reference, arguments, settable);
    }

    private static bool SetsRequiredMembers(IMethodSymbol constructor) =>
        constructor.GetAttributes().Any(static a => a.AttributeClass?.Name == "SetsRequiredMembersAttribute");

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    private static RowMember? Settable(ISymbol member, INamedTypeSymbol type, KnownSymbols known)
    {
        if (member.IsStatic || !member.CanBeReferencedByName || !IsAccessible(member, type, known))
            return null;
        return member switch
        {
            IFieldSymbol { IsReadOnly: false, IsConst: false } field =>
                new RowMember(field.Name, TypeRefs.Read(field.Type, known), field.IsRequired, IsInitOnly: false),
            IPropertySymbol { IsIndexer: false, SetMethod: { } setter } property when IsAccessible(setter, type, known) =>
                new RowMember(property.Name, TypeRefs.Read(property.Type, known), property.IsRequired, setter.IsInitOnly),
            _ => null,
        };
    }

    // A type nested in a class of the compilation is used there, where its private siblings can be.
    private static bool IsAccessible(ISymbol member, INamedTypeSymbol type, KnownSymbols known)
    {
        if (IsForbidden(member))
            return false;
        var assembly = known.Compilation.Assembly;
        return type.ContainingType is { } outer && SymbolEqualityComparer.Default.Equals(outer.ContainingAssembly, assembly)
            ? known.Compilation.IsSymbolAccessibleWithin(member, outer)
            : known.Compilation.IsSymbolAccessibleWithin(member, assembly);
    }

    // [Obsolete(error: true)]: the compiler refuses every use.
    private static bool IsForbidden(ISymbol member) => member.GetAttributes().Any(static a =>
        a is { AttributeClass: { Name: "ObsoleteAttribute", ContainingNamespace.Name: "System" }, ConstructorArguments: { Length: 2 } arguments } &&
        arguments[1].Value is true);
}
