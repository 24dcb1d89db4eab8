using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Syntax;

/// <summary>How a file is laid out.</summary>
internal static class SourceLayout
{
    /// <summary>The line break that the file uses first.</summary>
    public static string NewLine(SourceText text)
    {
        var first = text.Lines[0];
        var lineBreak = text.ToString(TextSpan.FromBounds(first.End, first.EndIncludingLineBreak));
        return lineBreak.Length == 0 ? "\n" : lineBreak;
    }

    /// <summary>The white space before a position; null where something else stands before it on its line.</summary>
    public static string? Indentation(SourceText text, int position)
    {
        var start = text.Lines.GetLineFromPosition(position).Start;
        var before = text.ToString(TextSpan.FromBounds(start, position));
        return string.IsNullOrWhiteSpace(before) ? before : null;
    }

    /// <summary>What stands between code and the next code, to be put at a position: a new line, or a space within a line.</summary>
    public static string Separator(SourceText text, int position) =>
        Indentation(text, position) is { } indentation ? NewLine(text) + indentation : " ";
}
