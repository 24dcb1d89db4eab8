using CompileTimeRouting.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a write that is to be tried again and isn't one transaction.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NotOneTransactionFixProvider))]
public sealed class NotOneTransactionFixProvider : RoutingCodeFixProvider
{
    public NotOneTransactionFixProvider()
        : base(new SetTransaction())
    {
    }
}
