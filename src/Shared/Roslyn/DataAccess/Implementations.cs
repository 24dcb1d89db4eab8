using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Which members of the source a call of an interface's, abstract or virtual member may run.</summary>
internal sealed class Implementations
{
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _classes;
    private readonly Lazy<ILookup<ISymbol, INamedTypeSymbol>> _derived;
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<ISymbol>> _found = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _withBody = new(SymbolEqualityComparer.Default);

    public Implementations(SourceModel source)
    {
        _classes = new(() => Classes(source));
        _derived = new(() => Derived(_classes.Value));
        Handlers = new MessageHandlers(() => _classes.Value);
    }

    /// <summary>What runs when a mediator is given a message.</summary>
    public MessageHandlers Handlers { get; }

    /// <summary>All that implement or override an abstract property, in the order of the source.</summary>
    public IEnumerable<IPropertySymbol> Of(IPropertySymbol property) => All(property).OfType<IPropertySymbol>();

    /// <summary>All that implement or override an abstract method.</summary>
    public IEnumerable<IMethodSymbol> Of(IMethodSymbol method) => All(method).OfType<IMethodSymbol>();

    /// <summary>What an object of a type, or of one derived from it, runs: the type's own where it has one, else each derived type's.</summary>
    public IEnumerable<ISymbol> Of(ISymbol member, INamedTypeSymbol type)
    {
        if (Own(member.OriginalDefinition, type) is { IsAbstract: false } own)
            return [own];
        return All(member).Where(found => IsOrDerives(found.ContainingType, type.OriginalDefinition));
    }

    /// <summary>The same for a call of an interface's member whose type arguments are known: those of other arguments are left out.</summary>
    public IEnumerable<IMethodSymbol> OfCall(IMethodSymbol called) => Of(called.OriginalDefinition).Where(found => MayRun(found, called));

    /// <summary>Whether one of those that a call may run has a body. Looks only as far as the first: most properties have none.</summary>
    public bool HasBody(IMethodSymbol called, CancellationToken cancellationToken) => _withBody.TryGetValue(called, out var known)
        ? known
        : _withBody.GetOrAdd(called, Candidates(called.OriginalDefinition).OfType<IMethodSymbol>().Any(m => MayRun(m, called) && SourceModel.HasBody(m, cancellationToken)));

    /// <summary>The classes of the source that can be created and derive from a type or implement it.</summary>
    public IEnumerable<INamedTypeSymbol> Below(INamedTypeSymbol type) => _derived.Value[type.OriginalDefinition].Where(static t => !t.IsAbstract);

    /// <summary>What classes below a type, which has a member of its own, run instead of it.</summary>
    public IEnumerable<ISymbol> Overriding(ISymbol member, INamedTypeSymbol type) =>
        All(member).Where(found => IsOrDerives(found.ContainingType.BaseType, type.OriginalDefinition));

    /// <summary>What an object of exactly that type runs; null where the type doesn't have the member.</summary>
    private static ISymbol? Own(ISymbol member, INamedTypeSymbol type)
    {
        for (var level = type.OriginalDefinition; level is not null; level = level.BaseType?.OriginalDefinition)
        {
            foreach (var candidate in level.GetMembers(member.Name))
            {
                if (SymbolEqualityComparer.Default.Equals(candidate, member) || Overrides(candidate, member))
                    return candidate;
            }
        }

        return null;
    }

    private static bool Overrides(ISymbol candidate, ISymbol member)
    {
        for (var overridden = Overridden(candidate); overridden is not null; overridden = Overridden(overridden))
        {
            if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, member))
                return true;
        }

        return false;
    }

    private static ISymbol? Overridden(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    /// <summary>Whether a type is a class, with whatever type arguments, or one below it.</summary>
    /// <param name="type">The type; null is none.</param>
    /// <param name="ancestor">The class, unconstructed.</param>
    public static bool IsOrDerives(INamedTypeSymbol? type, INamedTypeSymbol ancestor)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, ancestor))
                return true;
        }

        return false;
    }

    private static bool MayRun(IMethodSymbol found, IMethodSymbol called)
    {
        if (called.ContainingType is not { TypeKind: TypeKind.Interface, TypeArguments.IsEmpty: false } contract)
            return true;
        return found.ContainingType.AllInterfaces
            .Where(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, contract.OriginalDefinition))
            .DefaultIfEmpty(contract)
            .Any(i => Fits(i, contract));
    }

    // IRepository<Order> isn't implemented by what implements IRepository<Customer>, nor IHandler<Deleted<Order>> by IHandler<Sold<T>>.
    private static bool Fits(INamedTypeSymbol implemented, INamedTypeSymbol called)
    {
        for (var i = 0; i < called.TypeArguments.Length && i < implemented.TypeArguments.Length; i++)
        {
            if (implemented.TypeArguments[i] is INamedTypeSymbol concrete && called.TypeArguments[i] is INamedTypeSymbol wanted &&
                !FitsAs(concrete, wanted, called.OriginalDefinition.TypeParameters[i].Variance))
            {
                return false;
            }
        }

        return true;
    }

    private static bool FitsAs(INamedTypeSymbol concrete, INamedTypeSymbol wanted, VarianceKind variance)
    {
        if (SymbolEqualityComparer.Default.Equals(concrete.OriginalDefinition, wanted.OriginalDefinition))
            return Fits(concrete, wanted);
        return variance switch
        {
            VarianceKind.In => IsA(wanted, concrete.OriginalDefinition),
            VarianceKind.Out => IsA(concrete, wanted.OriginalDefinition),
            _ => false,
        };
    }

    private static bool IsA(INamedTypeSymbol type, INamedTypeSymbol ancestor) =>
        ancestor.SpecialType == SpecialType.System_Object || IsOrDerives(type, ancestor) ||
        type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, ancestor));

    private ImmutableArray<ISymbol> All(ISymbol member) => _found.GetOrAdd(member.OriginalDefinition, Find);

    private ImmutableArray<ISymbol> Find(ISymbol member)
    {
        var found = new List<ISymbol>();
        foreach (var candidate in Candidates(member))
        {
            if (!found.Contains(candidate, SymbolEqualityComparer.Default))
                found.Add(candidate);
        }

        return found.ToImmutableArray();
    }

    // Each may come more than once, for several classes have it from one base class.
    private IEnumerable<ISymbol> Candidates(ISymbol member)
    {
        foreach (var type in _derived.Value[member.ContainingType.OriginalDefinition])
        {
            if (member.ContainingType.TypeKind == TypeKind.Interface)
            {
                foreach (var contract in type.AllInterfaces)
                {
                    if (!SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, member.ContainingType))
                        continue;
                    var constructed = contract.GetMembers(member.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, member));
                    if (constructed is not null && type.FindImplementationForInterfaceMember(constructed) is { OriginalDefinition: { IsAbstract: false } implementation })
                        yield return implementation;
                }
            }
            else
            {
                foreach (var candidate in type.GetMembers(member.Name))
                {
                    if (Overrides(candidate, member) && candidate.OriginalDefinition is { IsAbstract: false } overriding)
                        yield return overriding;
                }
            }
        }
    }

    // Each interface and base class with the classes of the source below it.
    private static ILookup<ISymbol, INamedTypeSymbol> Derived(ImmutableArray<INamedTypeSymbol> classes)
    {
        var pairs = new List<(ISymbol Ancestor, INamedTypeSymbol Type)>();
        foreach (var type in classes)
        {
            var ancestors = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
            for (var level = type.BaseType; level is { SpecialType: SpecialType.None }; level = level.BaseType)
                ancestors.Add(level.OriginalDefinition);
            foreach (var contract in type.AllInterfaces)
                ancestors.Add(contract.OriginalDefinition);
            foreach (var ancestor in ancestors)
                pairs.Add((ancestor, type));
        }

        return pairs.ToLookup(static p => p.Ancestor, static p => p.Type, (IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default);
    }

    private static ImmutableArray<INamedTypeSymbol> Classes(SourceModel source)
    {
        var classes = ImmutableArray.CreateBuilder<INamedTypeSymbol>();
        foreach (var assembly in source.Assemblies)
            AddNamespace(assembly.GlobalNamespace);
        return classes.ToImmutable();

        void AddNamespace(INamespaceSymbol space)
        {
            foreach (var member in space.GetMembers())
            {
                if (member is INamespaceSymbol inner)
                    AddNamespace(inner);
                else if (member is INamedTypeSymbol type)
                    AddType(type);
            }
        }

        void AddType(INamedTypeSymbol type)
        {
            if (type.TypeKind is TypeKind.Class or TypeKind.Struct)
                classes.Add(type);
            foreach (var nested in type.GetTypeMembers())
                AddType(nested);
        }
    }
}
