using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Syntax;

/// <summary>What is to be removed with an attribute or an argument of it, so that the rest stands as if it had never been there.</summary>
internal static class AttributeRemoval
{
    public static TextSpan Of(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        return list.Attributes.Count > 1 ? InList(list.Attributes, list.Attributes.IndexOf(attribute)) : OfList(list);
    }

    /// <summary>An element with the separator that it no longer needs.</summary>
    public static TextSpan InList<T>(SeparatedSyntaxList<T> list, int index)
        where T : SyntaxNode => index + 1 < list.Count
        ? TextSpan.FromBounds(list[index].SpanStart, list[index + 1].SpanStart)
        : TextSpan.FromBounds(list[index - 1].Span.End, list[index].Span.End);

    // Comments around it stay, and so does the line break behind it where another list stands before it on the line.
    private static TextSpan OfList(AttributeListSyntax list)
    {
        var (first, last) = (list.GetFirstToken(), list.GetLastToken());
        var (previous, next) = (first.GetPreviousToken(), last.GetNextToken());
        if (previous.TrailingTrivia.Concat(first.LeadingTrivia).All(IsSpace) && Behind(last, next).Any(IsLineBreak))
            return TextSpan.FromBounds(previous.Span.End, last.Span.End);
        if (Behind(last, next).All(static trivia => IsSpace(trivia) || IsLineBreak(trivia)))
            return TextSpan.FromBounds(list.SpanStart, next.SpanStart);
        return TextSpan.FromBounds(list.SpanStart, last.TrailingTrivia.TakeWhile(IsSpace).LastOrDefault().Span.End is > 0 and var end ? end : list.Span.End);
    }

    private static IEnumerable<SyntaxTrivia> Behind(SyntaxToken last, SyntaxToken next) => last.TrailingTrivia.Concat(next.LeadingTrivia);

    private static bool IsSpace(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.WhitespaceTrivia);

    private static bool IsLineBreak(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.EndOfLineTrivia);
}
