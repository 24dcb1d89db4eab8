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

            // Two cores that differ in their connection only would both get the same overload.
            if (SignatureComparer.SameTypes(other.Parameters, 0, core.Parameters, 1) ||
                (RoutingAttributes.IsOverloadForm(other, known) && SignatureComparer.SameTypes(other.Parameters, 1, core.Parameters, 1)))
            {
                return other;
            }
        }

        return null;
    }
}
