using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Finds the field, property or primary-constructor parameter that a shim opens its connections or contexts from. The class nearest to
/// the shim decides; parameters count only where no field or property does, because a parameter that initialises a field
/// would otherwise be captured a second time.
/// </summary>
internal static class SourceFinder
{
    /// <param name="type">The type that declares the shim.</param>
    /// <param name="context">The context class that the core takes; null where it takes a connection.</param>
    /// <param name="staticOnly">Whether no instance member is at hand.</param>
    /// <param name="known">The known symbols.</param>
    public static SourceChoice Find(INamedTypeSymbol type, ITypeSymbol? context, bool staticOnly, KnownSymbols known)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        for (var level = type; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
        {
            var found = new List<ISymbol>();
            foreach (var member in level.GetMembers())
            {
                if (IsSource(member, type, context, staticOnly, known) && !hidden.Contains(member.Name))
                    found.Add(member);
            }

            if (found.Count > 0)
                return Choose(found, level, context, known);
            hidden.UnionWith(level.MemberNames);
        }

        return staticOnly ? new SourceChoice(null, false, null, []) : ChooseParameter(type, context, known);
    }

    private static bool IsSource(ISymbol member, INamedTypeSymbol type, ITypeSymbol? context, bool staticOnly, KnownSymbols known)
    {
        var isSource = member switch
        {
            IFieldSymbol field => !field.IsImplicitlyDeclared && known.IsSource(field.Type, context),
            IPropertySymbol property =>
                property.GetMethod is { } getter && !property.IsIndexer && property.CanBeReferencedByName &&
                known.IsSource(property.Type, context) && known.Compilation.IsSymbolAccessibleWithin(getter, type),
            _ => false,
        };
        return isSource && member.Name.Length > 0 && (member.IsStatic || !staticOnly) && known.Compilation.IsSymbolAccessibleWithin(member, type);
    }

    private static SourceChoice Choose(List<ISymbol> found, INamedTypeSymbol level, ITypeSymbol? context, KnownSymbols known)
    {
        if (Only(found, context, known) is not { } source)
            return Several(found);
        var name = Identifiers.Escape(source.Name);
        return source.IsStatic
            ? new SourceChoice($"{known.Facts(level).Name}.{name}", true, null, [name], TypeOf(source))
            : new SourceChoice($"this.{name}", false, null, [name], TypeOf(source));
    }

    private static SourceChoice ChooseParameter(INamedTypeSymbol type, ITypeSymbol? context, KnownSymbols known)
    {
        var found = new List<ISymbol>();
        foreach (var constructor in type.InstanceConstructors)
        {
            // A record's parameters are properties; only a class or struct captures them.
            if (type.IsRecord || constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not TypeDeclarationSyntax)
                continue;
            foreach (var parameter in constructor.Parameters)
            {
                if (parameter.Name.Length > 0 && parameter.RefKind == RefKind.None && known.IsSource(parameter.Type, context))
                    found.Add(parameter);
            }
        }

        if (Only(found, context, known) is not { } source)
            return Several(found) with { AreParameters = true };
        var name = Identifiers.Escape(source.Name);
        return new SourceChoice(name, false, source.Name, [name], TypeOf(source));
    }

    // Of several factories, the one whose class is the very one that the core takes.
    private static ISymbol? Only(List<ISymbol> found, ITypeSymbol? context, KnownSymbols known)
    {
        if (found.Count > 1 && context is not null)
            found = found.FindAll(symbol => SymbolEqualityComparer.Default.Equals(known.ContextOf(TypeOf(symbol)), context)) is { Count: 1 } exact ? exact : found;
        return found.Count == 1 ? found[0] : null;
    }

    private static ITypeSymbol TypeOf(ISymbol source) => source switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => ((IParameterSymbol)source).Type,
    };

    private static SourceChoice Several(List<ISymbol> found) =>
        new(null, false, null, found.ConvertAll(static symbol => symbol.Name));
}
