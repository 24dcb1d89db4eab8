using CompileTimeRouting.CodeFixes.Sql;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>Takes FOR UPDATE and its likes out of SQL that stands in a literal.</summary>
internal sealed class RemoveRowLock : Fix
{
    public RemoveRowLock()
        : base("CompileTimeRouting.RemoveRowLock", "Remove row locks from the SQL of reads", Roslyn.RuleIds.SqlLocks)
    {
    }

    protected override FixProposal? Propose(FixContext context)
    {
        if (WrittenSql.Around(context.Node, context.Model, context.CancellationToken) is not { } sql)
            return null;
        var text = sql.Text;
        var reported = context.Diagnostic.Location.SourceSpan;
        var edits = new List<DocumentEdit>();
        string? words = null;
        foreach (var statement in SqlEffects.Analyze(text).Statements)
        {
            foreach (var effect in statement.Effects)
            {
                if (effect.Kind != SqlEffectKind.RowLock ||
                    sql.Locate(new TextSpan(effect.Start, effect.Length)) is not { } place || !place.Span.IntersectsWith(reported) ||
                    Clause(sql, RowLockClause.Find(text, statement.Statement, effect)) is not { } span)
                {
                    continue;
                }

                edits.Add(new DocumentEdit(context.Document.Id, span, ""));
                words ??= Words(effect.Text(text));
            }
        }

        return words is null ? null : new FixProposal($"Remove {words} from the SQL", edits);
    }

    private static TextSpan? Clause(WrittenSql sql, TextSpan clause)
    {
        if (sql.Locate(sql.WithinLiteral(clause)) is not { } found)
            return null;
        return found.Literal is LiteralExpressionSyntax literal && literal.Token.ValueText.Length == clause.Length && WithOperator(literal) is { } operand
            ? operand
            : found.Span;
    }

    // A literal of which nothing remains is no longer added to the rest.
    private static TextSpan? WithOperator(LiteralExpressionSyntax literal)
    {
        if (literal.Parent is not BinaryExpressionSyntax sum)
            return null;
        var span = literal == sum.Right
            ? TextSpan.FromBounds(sum.Left.Span.End, literal.Span.End)
            : TextSpan.FromBounds(literal.SpanStart, sum.Right.SpanStart);
        var isCommented = sum.DescendantTrivia(span).Any(static trivia =>
            trivia.Kind() is not (SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia));
        return isCommented ? null : span;
    }

    private static string Words(string text)
    {
        var words = new List<string>();
        foreach (var token in new SqlLexer(text))
        {
            if (!token.IsTrivia)
                words.Add(token.Text(text).ToUpperInvariant());
        }

        return string.Join(" ", words);
    }
}
