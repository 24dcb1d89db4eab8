using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Finds the routing attributes of a method.</summary>
internal static class RoutingAttributes
{
    /// <summary>Whether it is worth a look: names are compared before symbols, because nearly all methods have other attributes, or none.</summary>
    public static bool MayHave(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "ReadQueryAttribute" or "WriteCommandAttribute" })
                return true;
        }

        return false;
    }

    /// <summary>The attributes on the method itself.</summary>
    public static (AttributeData? Read, AttributeData? Write) Find(IMethodSymbol method, KnownSymbols known)
    {
        AttributeData? read = null, write = null;
        foreach (var attribute in method.GetAttributes())
        {
            if (KnownSymbols.Is(attribute.AttributeClass, known.ReadQuery))
                read = attribute;
            else if (KnownSymbols.Is(attribute.AttributeClass, known.WriteCommand))
                write = attribute;
        }

        return (read, write);
    }

    /// <summary>
    /// The attributes that say how a call of the method is routed: a generated overload has those of the method it was
    /// generated for. Works for methods of other assemblies, too.
    /// </summary>
    public static (AttributeData? Read, AttributeData? Write) FindForCall(IMethodSymbol method, KnownSymbols known) =>
        Marked(method, known) is { } marked ? Find(marked, known) : (null, null);

    /// <summary>The method whose attributes say how a call of the method is routed: itself, or the one it was generated for; null without any.</summary>
    public static IMethodSymbol? Marked(IMethodSymbol method, KnownSymbols known)
    {
        var called = method.OriginalDefinition;
        if (Find(called, known) is not (null, null))
            return called.PartialDefinitionPart ?? called;
        if (!GeneratedMembers.IsGenerated(called))
            return null;
        foreach (var member in called.ContainingType.GetMembers(called.Name))
        {
            if (member is IMethodSymbol core && core.Arity == called.Arity && IsOverloadForm(core, known) &&
                SignatureComparer.SameTypes(core.Parameters, 1, called.Parameters, 0))
            {
                return core;
            }
        }

        return null;
    }

    /// <summary>Whether the overload without the connection is generated for the method, as far as its signature says.</summary>
    public static bool IsOverloadForm(IMethodSymbol method, KnownSymbols known) =>
        !method.Parameters.IsEmpty && known.IsOpened(method.Parameters[0].Type) &&
        (!method.IsPartialDefinition || method.PartialImplementationPart is { } part && !GeneratedMembers.IsGenerated(part)) &&
        Find(method, known) is not (null, null);
}
