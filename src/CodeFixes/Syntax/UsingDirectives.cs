using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Syntax;

/// <summary>Adds a using directive where the file keeps its own: in the namespace if they stand there, in order if they are in order.</summary>
internal static class UsingDirectives
{
    public static DocumentEdit Add(DocumentId document, CompilationUnitSyntax root, SyntaxNode user, string name, SourceText text)
    {
        var newLine = SourceLayout.NewLine(text);
        var inNamespace = user.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().LastOrDefault(static ns => ns.Usings.Count > 0);
        var usings = root.Usings.Any(IsLocal) || inNamespace is null ? root.Usings : inNamespace.Usings;
        if (usings.Count == 0)
            return DocumentEdit.Insert(document, Start(root), $"using {name};{newLine}{newLine}");

        var plain = usings.Where(IsPlain).ToList();
        if (IsInOrder(plain) && plain.Find(other => Compare(name, other.Name!.ToString()) < 0) is { } next)
            return DocumentEdit.Insert(document, next.SpanStart, $"using {name};{SourceLayout.Separator(text, next.SpanStart)}");

        // Behind the last of its kind; global ones must stand before it.
        var last = plain.LastOrDefault() ?? usings.LastOrDefault(IsGlobal);
        return last is null
            ? DocumentEdit.Insert(document, usings[0].SpanStart, $"using {name};{SourceLayout.Separator(text, usings[0].SpanStart)}")
            : DocumentEdit.Insert(document, last.Span.End, $"{SourceLayout.Separator(text, last.SpanStart)}using {name};");
    }

    private static bool IsGlobal(UsingDirectiveSyntax directive) => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword);

    private static bool IsLocal(UsingDirectiveSyntax directive) => !IsGlobal(directive);

    private static bool IsPlain(UsingDirectiveSyntax directive) =>
        !IsGlobal(directive) && directive.Alias is null && directive.Name is not null && !directive.StaticKeyword.IsKind(SyntaxKind.StaticKeyword);

    private static bool IsInOrder(List<UsingDirectiveSyntax> usings)
    {
        for (var i = 1; i < usings.Count; i++)
        {
            if (Compare(usings[i - 1].Name!.ToString(), usings[i].Name!.ToString()) > 0)
                return false;
        }

        return true;
    }

    private static int Compare(string name, string other) => IsSystem(name) == IsSystem(other)
        ? StringComparer.OrdinalIgnoreCase.Compare(name, other)
        : IsSystem(name) ? -1 : 1;

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);

    // Behind the file's header (a comment with an empty line behind it) and the directives at its top.
    private static int Start(CompilationUnitSyntax root)
    {
        if (root.Externs.Count > 0)
            return root.Externs[root.Externs.Count - 1].FullSpan.End;
        var start = 0;
        var isLineEmpty = true;
        foreach (var trivia in root.GetFirstToken().LeadingTrivia)
        {
            if (trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            {
                if (isLineEmpty)
                    start = trivia.FullSpan.End;
                isLineEmpty = true;
            }
            else if (trivia.IsKind(SyntaxKind.IfDirectiveTrivia) || trivia.IsKind(SyntaxKind.RegionDirectiveTrivia) ||
                trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia))
            {
                break;
            }
            else if (trivia.IsDirective)
            {
                start = trivia.FullSpan.End;
                isLineEmpty = true;
            }
            else if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia))
                isLineEmpty = false;
        }

        return start;
    }
}
