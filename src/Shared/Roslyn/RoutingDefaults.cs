using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>What an assembly says for its routed methods that say nothing themselves. Each assembly is asked once.</summary>
internal static class RoutingDefaults
{
    private const string Attribute = "RoutingDefaultsAttribute";

    private static readonly ConditionalWeakTable<IAssemblySymbol, StrongBox<int?>> PerAssembly = new();

    /// <summary>The number of the consistency of its reads; null where it says nothing.</summary>
    public static int? Consistency(IAssemblySymbol assembly) => PerAssembly.GetValue(assembly, static a => new StrongBox<int?>(Read(a))).Value;

    private static int? Read(IAssemblySymbol assembly)
    {
        foreach (var attribute in assembly.GetAttributes())
        {
            // Names are compared part by part: an assembly may have an attribute for each of its methods.
            if (attribute.AttributeClass is not { Name: Attribute, ContainingType: null, ContainingNamespace: { Name: "CompileTimeRouting", ContainingNamespace.IsGlobalNamespace: true } })
                continue;
            foreach (var argument in attribute.NamedArguments)
            {
                if (argument.Key == "Consistency" && argument.Value.Value is int consistency)
                    return consistency;
            }
        }

        return null;
    }
}
