using CompileTimeRouting.CodeFixes.Fixes;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a read whose answer goes into a write.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DecidesWriteFixProvider))]
public sealed class DecidesWriteFixProvider : RoutingCodeFixProvider
{
    public DecidesWriteFixProvider()
        : base(new SetConsistency("Strong", RuleIds.DecidesWrite), new CallFreshForm("Strong", 3, "Strong", RuleIds.DecidesWrite))
    {
    }
}
