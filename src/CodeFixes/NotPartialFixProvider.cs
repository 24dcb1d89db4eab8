using CompileTimeRouting.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a type or method that must be partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NotPartialFixProvider))]
public sealed class NotPartialFixProvider : RoutingCodeFixProvider
{
    public NotPartialFixProvider()
        : base(new MakePartial())
    {
    }
}
