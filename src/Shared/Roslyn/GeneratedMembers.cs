using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Tells what this generator has added to a compilation: the analyzer sees shims beside the methods they were generated for,
/// and must judge those as if it didn't.
/// </summary>
internal static class GeneratedMembers
{
    /// <summary>The tool name in the <c>[GeneratedCode]</c> of every generated member.</summary>
    public const string Tool = "CompileTimeRouting";

    /// <summary>Whether the generator has written the method, or this half of it.</summary>
    public static bool IsGenerated(IMethodSymbol method) => !method.IsPartialDefinition && HasMark(method);

    /// <summary>Whether the method has the mark, which the two halves of a partial method share.</summary>
    public static bool HasMark(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "GeneratedCodeAttribute" } && attribute.ConstructorArguments.FirstOrDefault().Value is Tool)
                return true;
        }

        return false;
    }
}
