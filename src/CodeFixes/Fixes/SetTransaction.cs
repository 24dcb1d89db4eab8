using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>Sets Transaction = true behind the argument that needs it.</summary>
internal sealed class SetTransaction() : Fix(
    "CompileTimeRouting.SetTransaction", "Set Transaction = true", RuleIds.NotOneTransaction)
{
    private const string Property = "Transaction";

    protected override FixProposal? Propose(FixContext context)
    {
        // A stream can have none: its consumer runs outside the flow that began it.
        if (context.Node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { Parent: AttributeArgumentListSyntax { Arguments: var arguments } } argument ||
            context.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method ||
            context.Model.GetDeclaredSymbol(method, context.CancellationToken) is not { } symbol ||
            KnownSymbols.Is(symbol.ReturnType.OriginalDefinition, context.Known.AsyncEnumerable))
        {
            return null;
        }

        var edit = arguments.FirstOrDefault(static a => a.NameEquals?.Name.Identifier.ValueText == Property) is { } present
            ? new DocumentEdit(context.Document.Id, present.Expression.Span, "true")
            : DocumentEdit.Insert(context.Document.Id, argument.Span.End, $", {Property} = true");
        return new FixProposal($"Set Transaction = true on '{symbol.Name}'", [edit]);
    }
}
