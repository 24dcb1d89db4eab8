using CompileTimeRouting.CodeFixes.Syntax;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>Removes one of the two attributes of a method.</summary>
internal sealed class RemoveAttribute(bool isRead) : Fix(
    isRead ? "CompileTimeRouting.RemoveReadQuery" : "CompileTimeRouting.RemoveWriteCommand",
    isRead ? "Remove [ReadQuery] and keep [WriteCommand]" : "Remove [WriteCommand] and keep [ReadQuery]",
    Roslyn.RuleIds.BothAttributes)
{
    protected override FixProposal? Propose(FixContext context)
    {
        var symbol = context.Node.AncestorsAndSelf()
            .Where(static node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(node => context.Model.GetDeclaredSymbol(node, context.CancellationToken) as IMethodSymbol)
            .FirstOrDefault();
        if (symbol is null || RoutingAttributes.Find(symbol.PartialDefinitionPart ?? symbol, context.Known) is not ({ } read, { } write))
            return null;
        return (isRead ? read : write).ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is AttributeSyntax attribute &&
            context.DocumentOf(attribute.SyntaxTree) is { } document
            ? new FixProposal(
                isRead ? $"Remove [ReadQuery] from '{symbol.Name}'" : $"Remove [WriteCommand] from '{symbol.Name}'",
                [new DocumentEdit(document.Id, AttributeRemoval.Of(attribute), "")])
            : null;
    }
}
