using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Tells what this generator has added to a compilation: the analyzer sees shims beside the methods they were generated for,
/// and must judge those as if it didn't.
/// </summary>
internal static class GeneratedMembers
{
    /// <summary>The tool name in the <c>[GeneratedCode]</c> of every generated member that isn't the half of a user's.</summary>
    public const string Tool = "CompileTimeRouting";

    /// <summary>How the names of all generated files end.</summary>
    public const string FileSuffix = ".Routing.g.cs";

    /// <summary>
    /// Whether the generator has written the method, or this half of it. The two halves of a partial method share their
    /// attributes: a mark on the generated one would hide the user's declaration from analyzers. It is known by its file.
    /// </summary>
    public static bool IsGenerated(IMethodSymbol method) => method.PartialDefinitionPart is null
        ? HasMark(method)
        : method.DeclaringSyntaxReferences.All(static r => r.SyntaxTree.FilePath.EndsWith(FileSuffix, StringComparison.Ordinal));

    private static bool HasMark(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "GeneratedCodeAttribute" } && attribute.ConstructorArguments.FirstOrDefault().Value is Tool)
                return true;
        }

        return false;
    }
}
