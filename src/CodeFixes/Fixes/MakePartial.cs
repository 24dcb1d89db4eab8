using CompileTimeRouting.CodeFixes.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>Makes a type or method partial, and the types around it.</summary>
internal sealed class MakePartial : Fix
{
    public MakePartial()
        : base("CompileTimeRouting.MakePartial", "Make types and methods partial", Roslyn.RuleIds.NotPartial)
    {
    }

    protected override FixProposal? Propose(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>(static m => m is MethodDeclarationSyntax or TypeDeclarationSyntax) is not { } member)
            return null;
        var id = context.Document.Id;
        var edits = PartialModifier.AddToTypes(member, id).ToList();
        switch (member)
        {
            case MethodDeclarationSyntax method when !method.Modifiers.Any(SyntaxKind.PartialKeyword):
                edits.Add(PartialModifier.AddTo(method, id));
                return new FixProposal($"Make '{method.Identifier.ValueText}' partial", edits);
            case TypeDeclarationSyntax type when !type.Modifiers.Any(SyntaxKind.PartialKeyword):
                return new FixProposal($"Make '{type.Identifier.ValueText}' partial", edits);
            default:
                return null;
        }
    }
}
