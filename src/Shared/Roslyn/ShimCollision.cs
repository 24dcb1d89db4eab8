using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Looks for a member that has the signature of the overload to be generated.</summary>
internal static class ShimCollision
{
    /// <param name="core">The method with the connection as its first parameter.</param>
    /// <param name="known">The known symbols.</param>
    /// <returns>The member; null where there is none.</returns>
    public static IMethodSymbol? Find(IMethodSymbol core, KnownSymbols known)
    {
        foreach (var member in core.ContainingType.GetMembers(core.Name))
        {
            if (member is not IMethodSymbol other || SymbolEqualityComparer.Default.Equals(other, core) ||
                other.Arity != core.Arity || GeneratedMembers.IsGenerated(other))
            {
                continue;
            }

            if (SameTypes(other.Parameters, core.Parameters, 0) ||
                (IsOverloadForm(other, known) && SameTypes(other.Parameters, core.Parameters, 1)))
            {
                return other;
            }
        }

        return null;
    }

    // Two cores that differ in their connection only would both get the same overload.
    private static bool IsOverloadForm(IMethodSymbol method, KnownSymbols known) =>
        !method.IsPartialDefinition && !method.Parameters.IsEmpty && known.IsConnection(method.Parameters[0].Type) &&
        method.GetAttributes().Any(a => KnownSymbols.Is(a.AttributeClass, known.ReadQuery) || KnownSymbols.Is(a.AttributeClass, known.WriteCommand));

    private static bool SameTypes(ImmutableArray<IParameterSymbol> others, ImmutableArray<IParameterSymbol> parameters, int othersFrom)
    {
        if (others.Length - othersFrom != parameters.Length - 1)
            return false;
        for (var i = 1; i < parameters.Length; i++)
        {
            if (!SignatureComparer.SameType(others[i - 1 + othersFrom].Type, parameters[i].Type))
                return false;
        }

        return true;
    }
}
