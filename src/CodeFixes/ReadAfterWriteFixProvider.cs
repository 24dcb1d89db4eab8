using CompileTimeRouting.CodeFixes.Fixes;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a read that may miss what its flow has written.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReadAfterWriteFixProvider))]
public sealed class ReadAfterWriteFixProvider : RoutingCodeFixProvider
{
    public ReadAfterWriteFixProvider()
        : base(new SetConsistency("ReadYourWrites", RuleIds.ReadAfterWrite), new CallFreshForm("ReadYourWrites", 2, "Fresh", RuleIds.ReadAfterWrite))
    {
    }
}
