using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Roslyn;

/// <summary>Names as source text.</summary>
internal static class Identifiers
{
    /// <summary>The name with an <c>@</c> where it would read as a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
