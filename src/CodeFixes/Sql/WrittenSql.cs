using System.Text;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Sql;

/// <summary>SQL that stands in the code: a literal, an interpolated string, a concatenation.</summary>
internal sealed class WrittenSql
{
    /// <summary>What stands for a hole: good as a value and as a name.</summary>
    private const char Hole = 'x';

    private readonly StringBuilder _text = new();
    private readonly List<(int Start, int Length, SyntaxNode Literal)> _pieces = new();

    private WrittenSql()
    {
    }

    public string Text => _text.ToString();

    /// <summary>The SQL that a node is, or is a part of.</summary>
    public static WrittenSql? Around(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        var expression = node switch
        {
            AttributeArgumentSyntax attributeArgument => attributeArgument.Expression,
            ArgumentSyntax argument => argument.Expression,
            InterpolatedStringContentSyntax { Parent: ExpressionSyntax interpolated } => interpolated,
            ExpressionSyntax e => e,
            _ => null,
        };
        while (expression?.Parent is ParenthesizedExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression })
            expression = (ExpressionSyntax)expression.Parent;
        if (expression is null)
            return null;
        var sql = new WrittenSql();
        return sql.Read(expression, model, cancellationToken) && sql._pieces.Count > 0 ? sql : null;
    }

    /// <summary>The literal that a piece of the text stands in, and where; null where it doesn't stand in a single one.</summary>
    public (SyntaxNode Literal, TextSpan Span)? Locate(TextSpan piece)
    {
        foreach (var (start, length, literal) in _pieces)
        {
            if (piece.Start >= start && piece.End <= start + length)
                return Locate(literal, piece.Start - start, piece.Length) is { } span ? (literal, span) : null;
        }

        return null;
    }

    /// <summary>The part of a span that stands in the same literal as its end.</summary>
    public TextSpan WithinLiteral(TextSpan span)
    {
        foreach (var (start, length, _) in _pieces)
        {
            if (span.End > start && span.End <= start + length)
                return TextSpan.FromBounds(Math.Max(span.Start, start), span.End);
        }

        return span;
    }

    private bool Read(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellationToken)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax { Expression: var inner }:
                return Read(inner, model, cancellationToken);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                return Read(sum.Left, model, cancellationToken) && Read(sum.Right, model, cancellationToken);
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                Add(literal, literal.Token.ValueText);
                return true;
            case InterpolatedStringExpressionSyntax interpolated:
                foreach (var content in interpolated.Contents)
                {
                    if (content is InterpolatedStringTextSyntax text)
                        Add(text, text.TextToken.ValueText);
                    else
                        _text.Append(Hole);
                }

                return true;
            default:
                // A constant that stands elsewhere is read, but not changed: others may use it.
                _text.Append(model.GetConstantValue(expression, cancellationToken).Value as string ?? Hole.ToString());
                return true;
        }
    }

    private void Add(SyntaxNode literal, string value)
    {
        _pieces.Add((_text.Length, value.Length, literal));
        _text.Append(value);
    }

    private static TextSpan? Locate(SyntaxNode literal, int start, int length)
    {
        if (literal is ExpressionSyntax expression)
        {
            var span = SqlLocation.Find(expression, start, length).SourceSpan;
            return span == expression.Span ? null : span;
        }

        // The text between the holes, as long as it is written as it is read.
        var token = ((InterpolatedStringTextSyntax)literal).TextToken;
        return token.Text == token.ValueText ? new TextSpan(token.SpanStart + start, length) : null;
    }
}
