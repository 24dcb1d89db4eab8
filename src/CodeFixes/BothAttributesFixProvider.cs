using CompileTimeRouting.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a method with both attributes. The primary can do whatever the method does, so [WriteCommand] is kept first.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BothAttributesFixProvider))]
public sealed class BothAttributesFixProvider : RoutingCodeFixProvider
{
    public BothAttributesFixProvider()
        : base(new RemoveAttribute(isRead: true), new RemoveAttribute(isRead: false))
    {
    }
}
