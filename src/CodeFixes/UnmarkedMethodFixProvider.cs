using CompileTimeRouting.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a data-access method without an attribute.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnmarkedMethodFixProvider))]
public sealed class UnmarkedMethodFixProvider : RoutingCodeFixProvider
{
    public UnmarkedMethodFixProvider()
        : base(new AddAttribute())
    {
    }
}
