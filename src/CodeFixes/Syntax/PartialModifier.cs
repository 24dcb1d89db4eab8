using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Syntax;

/// <summary>Adds <c>partial</c>, which stands last among the modifiers, where it is missing.</summary>
internal static class PartialModifier
{
    /// <summary>To a type, or the types that a member stands in, and to those around.</summary>
    public static IEnumerable<DocumentEdit> AddToTypes(MemberDeclarationSyntax member, DocumentId document) =>
        member.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
            .Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword))
            .Select(type => DocumentEdit.Insert(document, type.Keyword.SpanStart, "partial "));

    /// <summary>To a method. One that returns something must say who may call it, too.</summary>
    public static DocumentEdit AddTo(MethodDeclarationSyntax method, DocumentId document)
    {
        var isVoid = method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
        var saysWho = method.Modifiers.Any(static m => m.Kind() is
            SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword);
        return DocumentEdit.Insert(document, method.ReturnType.SpanStart, isVoid || saysWho ? "partial " : "private partial ");
    }
}
