using CompileTimeRouting.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>For a method that is routed to a replica and does what belongs on the primary.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteInReadFixProvider))]
public sealed class WriteInReadFixProvider : RoutingCodeFixProvider
{
    public WriteInReadFixProvider()
        : base(new MarkWriteCommand(), new RemoveRowLock(), new ExtractWrite())
    {
    }
}
