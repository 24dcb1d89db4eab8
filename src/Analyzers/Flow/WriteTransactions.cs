using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Tells whether a method is the core of a <c>[WriteCommand(Transaction = true)]</c>, which runs in a unit of work.</summary>
internal static class WriteTransactions
{
    public static bool IsIn(IMethodSymbol method, KnownSymbols known)
    {
        if (method.Parameters.IsEmpty || !(known.IsConnection(method.Parameters[0].Type) || known.IsDbContext(method.Parameters[0].Type)))
            return false;
        if (RoutingAttributes.Find(method, known).Write is { } own)
            return HasTransaction(own);
        foreach (var member in method.ContainingType.GetMembers(method.Name))
        {
            if (member is IMethodSymbol { PartialDefinitionPart: null } shim && RoutingAttributes.Find(shim, known).Write is { } write && HasTransaction(write) &&
                SymbolEqualityComparer.Default.Equals(CoreFinder.Find(shim, known).Core, method))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasTransaction(AttributeData write) => write.NamedArguments.Any(static a => a.Key == "Transaction" && a.Value.Value is true);
}
