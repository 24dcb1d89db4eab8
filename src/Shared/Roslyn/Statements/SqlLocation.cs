using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>Finds a piece of SQL in the source file.</summary>
internal static class SqlLocation
{
    /// <summary>Where a piece of the SQL stands; all of the expression where that isn't one literal.</summary>
    /// <param name="source">The expression, or the text in an interpolated string.</param>
    /// <param name="start">The offset in its value.</param>
    /// <param name="length">The length; 0 for all of it.</param>
    public static Location Find(SyntaxNode source, int start, int length)
    {
        var token = source switch
        {
            LiteralExpressionSyntax literal => literal.Token,
            InterpolatedStringTextSyntax text => text.TextToken,
            _ => default,
        };
        if (length == 0 || token == default || Positions(token) is not { } positions || start + length >= positions.Length)
            return source.GetLocation();

        // The last character may be an escape, so that it ends where the next one begins.
        return Location.Create(
            source.SyntaxTree, TextSpan.FromBounds(token.SpanStart + positions[start], token.SpanStart + positions[start + length]));
    }

    // For each character of the value, and for its end, where it stands in the token.
    private static int[]? Positions(SyntaxToken token)
    {
        var (source, value) = (token.Text, token.ValueText);
        var positions = token.Kind() switch
        {
            SyntaxKind.StringLiteralToken when source.StartsWith("@", StringComparison.Ordinal) => Verbatim(source, value.Length),
            SyntaxKind.StringLiteralToken => Regular(source, value.Length),
            SyntaxKind.SingleLineRawStringLiteralToken => Raw(source, value.Length),
            SyntaxKind.MultiLineRawStringLiteralToken => RawLines(source, value),
            // Its value still has the braces doubled.
            SyntaxKind.InterpolatedStringTextToken => Interpolated(source, value.Replace("{{", "{").Replace("}}", "}")),
            _ => null,
        };
        return positions;
    }

    private static int[]? Verbatim(string source, int length)
    {
        var positions = new int[length + 1];
        var at = 2;
        for (var i = 0; i < length; i++)
        {
            if (at >= source.Length)
                return null;
            positions[i] = at;
            at += source[at] == '"' ? 2 : 1;
        }

        positions[length] = at;
        return positions;
    }

    private static int[]? Regular(string source, int length)
    {
        var positions = new int[length + 1];
        var at = 1;
        for (var i = 0; i < length; i++)
        {
            if (at >= source.Length)
                return null;
            positions[i] = at;
            var (width, isPair) = source[at] == '\\' ? Escape(source, at) : (1, false);
            if (isPair && i + 1 < length)
                positions[++i] = at;
            at += width;
        }

        positions[length] = at;
        return positions;
    }

    private static (int Width, bool IsPair) Escape(string source, int at)
    {
        switch (at + 1 < source.Length ? source[at + 1] : '\0')
        {
            case 'u':
                return (6, false);
            case 'U':
                return (10, at + 10 <= source.Length &&
                    uint.TryParse(source.Substring(at + 2, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) && point > 0xFFFF);
            case 'x':
                var width = 2;
                while (width < 6 && at + width < source.Length && Uri.IsHexDigit(source[at + width]))
                    width++;
                return (width, false);
            default:
                return (2, false);
        }
    }

    private static int[] Raw(string source, int length)
    {
        var quotes = (source.Length - length) / 2;
        var positions = new int[length + 1];
        for (var i = 0; i <= length; i++)
            positions[i] = quotes + i;
        return positions;
    }

    // Each line has lost the white space that stands before the closing quotes.
    private static int[]? RawLines(string source, string value)
    {
        var indentation = 0;
        for (var i = source.Length - 1; i >= 0 && source[i] is not ('\n' or '\r'); i--)
            indentation += source[i] is '"' ? 0 : 1;

        var positions = new int[value.Length + 1];
        var at = NextLine(source, 0);
        var isLineStart = true;
        for (var i = 0; i <= value.Length; i++)
        {
            if (isLineStart)
            {
                for (var skipped = 0; skipped < indentation && at < source.Length && source[at] is not ('\n' or '\r'); skipped++)
                    at++;
            }

            if (i < value.Length && (at >= source.Length || source[at] != value[i]))
                return null;
            positions[i] = at++;
            isLineStart = i < value.Length && value[i] == '\n';
        }

        return positions;
    }

    // Text between holes may have lost doubled braces and quotes, and white space at the start of its lines. Escapes are left out.
    private static int[]? Interpolated(string source, string value)
    {
        var positions = new int[value.Length + 1];
        var at = 0;
        for (var i = 0; i < value.Length; i++)
        {
            while (at < source.Length && source[at] != value[i] && source[at] is ' ' or '\t')
                at++;
            if (at >= source.Length || source[at] != value[i])
                return null;
            positions[i] = at++;
            if (value[i] is '{' or '}' or '"' && at < source.Length && source[at] == value[i] && (i + 1 == value.Length || value[i + 1] != value[i]))
                at++;
        }

        positions[value.Length] = source.Length;
        return positions;
    }

    private static int NextLine(string source, int at)
    {
        while (at < source.Length && source[at] != '\n')
            at++;
        return at + 1;
    }
}
