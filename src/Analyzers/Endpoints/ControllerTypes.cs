using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Endpoints;

/// <summary>
/// Which classes of a compilation are controllers, by the rules of ASP.NET Core, and which have actions for those that derive
/// from them.
/// </summary>
internal sealed class ControllerTypes
{
    private readonly Lazy<ImmutableDictionary<ISymbol, ImmutableArray<INamedTypeSymbol>>> _ofBases;

    public ControllerTypes(Compilation compilation) => _ofBases = new(() => OfBases(compilation));

    /// <summary>Whether a class is a controller, or such a base that one may be derived from it.</summary>
    public bool MayHaveActions(INamedTypeSymbol type) => IsController(type) || (!type.IsSealed && !type.IsStatic && (IsMeantAsBase(type) || !Of(type).IsEmpty));

    /// <summary>Whether a controller has the method, its own or an inherited one, so that it is an action.</summary>
    /// <param name="method">A method of a class that may have actions.</param>
    /// <param name="isMarked">Whether attributes say that it is one.</param>
    public bool Have(IMethodSymbol method, bool isMarked)
    {
        var type = method.ContainingType;
        if (IsController(type))
            return true;
        var controllers = Of(type);
        if (controllers.Any(c => !Overrides(c, method)))
            return true;

        // Where none derives from it here, others may, and say of a virtual method that isn't marked what it answers.
        return controllers.IsEmpty && IsMeantAsBase(type) && (isMarked || !(method.IsVirtual || (method.IsOverride && !method.IsSealed)));
    }

    /// <summary>Whether a class derives from another one.</summary>
    public static bool Derives(INamedTypeSymbol type, string name, string space) =>
        BaseTypes.AndSelf(type.BaseType).Any(t => t.Name == name && t.ContainingNamespace.ToDisplayString() == space);

    /// <summary>Whether a symbol is marked with an attribute, or one that derives from it.</summary>
    public static bool Has(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().Any(data => BaseTypes.AndSelf(data.AttributeClass).Any(type => type.Name == attribute));

    private ImmutableArray<INamedTypeSymbol> Of(INamedTypeSymbol type) =>
        _ofBases.Value.TryGetValue(type.OriginalDefinition, out var controllers) ? controllers : ImmutableArray<INamedTypeSymbol>.Empty;

    // Public, not nested, neither abstract nor generic; by its name, which isn't inherited, or by attribute, which is.
    private static bool IsController(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, DeclaredAccessibility: Accessibility.Public, ContainingType: null, IsAbstract: false, IsStatic: false, IsGenericType: false } &&
        (type.Name.EndsWith("Controller", StringComparison.OrdinalIgnoreCase) || IsMarked(type)) &&
        !HasOfBases(type, "NonControllerAttribute");

    private static bool IsMeantAsBase(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public && (type.IsAbstract || type.IsGenericType) && IsMarked(type) && !HasOfBases(type, "NonControllerAttribute");

    // [ApiController] derives from [Controller], with which ControllerBase is marked.
    private static bool IsMarked(INamedTypeSymbol type) => Derives(type, "ControllerBase", "Microsoft.AspNetCore.Mvc") || HasOfBases(type, "ControllerAttribute");

    private static bool HasOfBases(INamedTypeSymbol type, string attribute) => BaseTypes.AndSelf(type).Any(t => Has(t, attribute));

    private static bool Overrides(INamedTypeSymbol controller, IMethodSymbol method)
    {
        for (var t = controller; t is not null && !Same(t, method.ContainingType); t = t.BaseType)
        {
            foreach (var member in t.GetMembers(method.Name))
            {
                for (var m = (member as IMethodSymbol)?.OverriddenMethod; m is not null; m = m.OverriddenMethod)
                {
                    if (Same(m, method))
                        return true;
                }
            }
        }

        return false;
    }

    // Made where a method is met that might be an action: of classes that have a base in this compilation alone.
    private static ImmutableDictionary<ISymbol, ImmutableArray<INamedTypeSymbol>> OfBases(Compilation compilation)
    {
        var found = new Dictionary<ISymbol, ImmutableArray<INamedTypeSymbol>>(SymbolEqualityComparer.Default);
        var spaces = new Stack<INamespaceSymbol>([compilation.Assembly.GlobalNamespace]);
        while (spaces.Count > 0)
        {
            foreach (var member in spaces.Pop().GetMembers())
            {
                if (member is INamespaceSymbol space)
                    spaces.Push(space);
                else if (member is INamedTypeSymbol type && IsOfSource(type.BaseType, compilation) && IsController(type))
                    Add(type);
            }
        }

        return found.ToImmutableDictionary(SymbolEqualityComparer.Default);

        void Add(INamedTypeSymbol controller)
        {
            for (var t = controller.BaseType; IsOfSource(t, compilation); t = t!.BaseType)
                found[t!.OriginalDefinition] = found.TryGetValue(t.OriginalDefinition, out var others) ? others.Add(controller) : ImmutableArray.Create(controller);
        }
    }

    private static bool IsOfSource(INamedTypeSymbol? type, Compilation compilation) => SymbolEqualityComparer.Default.Equals(type?.ContainingAssembly, compilation.Assembly);

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, other.OriginalDefinition);
}
