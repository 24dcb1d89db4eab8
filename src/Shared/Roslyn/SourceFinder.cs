using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Finds the field, property or primary-constructor parameter that a shim opens its connections from. The class nearest to
/// the shim decides; parameters count only where no field or property does, because a parameter that initialises a field
/// would otherwise be captured a second time.
/// </summary>
internal static class SourceFinder
{
    public static SourceChoice Find(INamedTypeSymbol type, bool staticOnly, KnownSymbols known)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        for (var level = type; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
        {
            var found = new List<ISymbol>();
            foreach (var member in level.GetMembers())
            {
                if (IsSource(member, type, staticOnly, known) && !hidden.Contains(member.Name))
                    found.Add(member);
            }

            if (found.Count > 0)
                return Choose(found, level, known);
            hidden.UnionWith(level.MemberNames);
        }

        return staticOnly ? new SourceChoice(null, false, null, []) : ChooseParameter(type, known);
    }

    private static bool IsSource(ISymbol member, INamedTypeSymbol type, bool staticOnly, KnownSymbols known)
    {
        var isSource = member switch
        {
            IFieldSymbol field => !field.IsImplicitlyDeclared && KnownSymbols.Is(field.Type, known.RoutedDataSource),
            IPropertySymbol property =>
                property.GetMethod is { } getter && !property.IsIndexer && property.CanBeReferencedByName &&
                KnownSymbols.Is(property.Type, known.RoutedDataSource) && known.Compilation.IsSymbolAccessibleWithin(getter, type),
            _ => false,
        };
        return isSource && member.Name.Length > 0 && (member.IsStatic || !staticOnly) && known.Compilation.IsSymbolAccessibleWithin(member, type);
    }

    private static SourceChoice Choose(List<ISymbol> found, INamedTypeSymbol level, KnownSymbols known)
    {
        if (found.Count > 1)
            return Several(found);
        var name = Identifiers.Escape(found[0].Name);
        return found[0].IsStatic
            ? new SourceChoice($"{known.Facts(level).Name}.{name}", true, null, [name])
            : new SourceChoice($"this.{name}", false, null, [name]);
    }

    private static SourceChoice ChooseParameter(INamedTypeSymbol type, KnownSymbols known)
    {
        var found = new List<ISymbol>();
        foreach (var constructor in type.InstanceConstructors)
        {
            // A record's parameters are properties; only a class or struct captures them.
            if (type.IsRecord || constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not TypeDeclarationSyntax)
                continue;
            foreach (var parameter in constructor.Parameters)
            {
                if (parameter.Name.Length > 0 && parameter.RefKind == RefKind.None && KnownSymbols.Is(parameter.Type, known.RoutedDataSource))
                    found.Add(parameter);
            }
        }

        if (found.Count != 1)
            return Several(found) with { AreParameters = true };
        var name = Identifiers.Escape(found[0].Name);
        return new SourceChoice(name, false, found[0].Name, [name]);
    }

    private static SourceChoice Several(List<ISymbol> found) =>
        new(null, false, null, found.ConvertAll(static symbol => symbol.Name));
}
