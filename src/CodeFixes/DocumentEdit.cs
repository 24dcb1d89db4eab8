using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes;

/// <summary>A change of the text of one file. Text, not syntax: what isn't meant stays byte for byte.</summary>
internal readonly record struct DocumentEdit(DocumentId Document, TextSpan Span, string Text)
{
    public static DocumentEdit Insert(DocumentId document, int position, string text) => new(document, new TextSpan(position, 0), text);

    public static DocumentEdit Remove(DocumentId document, int start, int end) => new(document, TextSpan.FromBounds(start, end), "");

    public bool IsInsertion => Span.IsEmpty;

    /// <summary>Whether the two can't both be made. Two insertions at one place can, one after the other.</summary>
    public bool Conflicts(in DocumentEdit other) =>
        Document == other.Document && Span.Start < other.Span.End && other.Span.Start < Span.End;
}
