using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// The attributes of a method that its generated overload has, too: those that warn a caller. Without them a deprecated
/// method would be called in silence, and what the trimmer must know of a method would be reported in its overload.
/// </summary>
internal static class SharedAttributes
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "System.ObsoleteAttribute",
        "System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute",
        "System.Diagnostics.CodeAnalysis.ExperimentalAttribute",
        "System.Diagnostics.CodeAnalysis.RequiresAssemblyFilesAttribute",
        "System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute",
        "System.Diagnostics.CodeAnalysis.RequiresUnreferencedCodeAttribute",
        "System.Runtime.Versioning.RequiresPreviewFeaturesAttribute",
        "System.Runtime.Versioning.SupportedOSPlatformAttribute",
        "System.Runtime.Versioning.UnsupportedOSPlatformAttribute",
    };

    /// <summary>Those of a method, a parameter or a type parameter, each as source text in brackets.</summary>
    public static string[] Render(ISymbol symbol, KnownSymbols known)
    {
        var attributes = symbol.GetAttributes();
        if (attributes.IsEmpty)
            return [];
        return attributes
            .Where(static a => a.AttributeClass is { } type && Names.Contains(type.ToDisplayString()))
            .Select(a => $"[{known.Facts(a.AttributeClass!).Name}{Arguments(a, known)}]")
            .ToArray();
    }

    /// <summary>A method's type parameters with brackets and with what <see cref="Render"/> says of each.</summary>
    public static string TypeParameters(IMethodSymbol method, KnownSymbols known) => method.IsGenericMethod
        ? $"<{string.Join(", ", method.TypeParameters.Select(p => string.Concat(Render(p, known).Select(static a => a + " ")) + Identifiers.Escape(p.Name)))}>"
        : "";

    private static string Arguments(AttributeData attribute, KnownSymbols known)
    {
        var arguments = attribute.ConstructorArguments.Select(a => Value(a, known))
            .Concat(attribute.NamedArguments.Select(a => $"{a.Key} = {Value(a.Value, known)}"))
            .ToArray();
        return arguments.Length == 0 ? "" : $"({string.Join(", ", arguments)})";
    }

    // They take texts, truths and enums.
    private static string Value(TypedConstant constant, KnownSymbols known) => constant.Kind == TypedConstantKind.Enum
        ? $"({known.Facts(constant.Type!).Name})({constant.Value})"
        : SymbolDisplay.FormatPrimitive(constant.Value!, quoteStrings: true, useHexadecimalNumbers: false) ?? "null";
}
