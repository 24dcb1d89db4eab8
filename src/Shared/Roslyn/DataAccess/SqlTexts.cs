using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>The texts that an expression may have. None at all: it has no value there, as <c>null</c> and <c>throw</c> don't.</summary>
internal sealed class SqlTexts
{
    /// <summary>More are combined so that each alternative still stands in some text, but not with each other one.</summary>
    private const int MostCombinations = 16;

    /// <summary>The arms of the largest switch that is looked at.</summary>
    private const int MostAlternatives = 256;

    public static readonly SqlTexts None = new([]);

    public static readonly SqlTexts EmptyString = new([SqlText.Empty]);

    private SqlTexts(IReadOnlyList<SqlText> alternatives) => Alternatives = alternatives;

    public IReadOnlyList<SqlText> Alternatives { get; }

    public bool IsOpen => Alternatives.Any(static text => text.IsOpen);

    public static SqlTexts Of(SqlPiece piece) => new([SqlText.Of(piece)]);

    public static SqlTexts Of(IReadOnlyList<SqlText> alternatives) => new(alternatives);

    public static SqlTexts Hole(string reason, SyntaxNode source) => Of(SqlPiece.Hole(reason, source));

    public SqlTexts Or(SqlTexts other)
    {
        if (Alternatives.Count == 0)
            return other;
        return other.Alternatives.Count == 0 || Alternatives.Count >= MostAlternatives
            ? this
            : new SqlTexts([.. Alternatives, .. other.Alternatives]);
    }

    public SqlTexts Then(SqlTexts next)
    {
        // What has no value in a text leaves nothing there.
        if (Alternatives.Count == 0)
            return next;
        if (next.Alternatives.Count == 0)
            return this;
        var (left, right) = (Alternatives, next.Alternatives);
        var texts = new List<SqlText>();
        if (left.Count * right.Count <= MostCombinations)
        {
            foreach (var first in left)
            {
                foreach (var second in right)
                    texts.Add(first + second);
            }
        }
        else
        {
            for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
                texts.Add(left[i % left.Count] + right[i % right.Count]);
        }

        return new SqlTexts(texts);
    }

    /// <summary>Fills the holes of parameters and virtual members.</summary>
    /// <param name="fill">What a symbol puts in; null where it isn't known.</param>
    public SqlTexts Bind(Func<ISymbol, SqlTexts?> fill)
    {
        if (!IsOpen)
            return this;
        var bound = None;
        foreach (var text in Alternatives)
        {
            var texts = EmptyString;
            foreach (var piece in text.Pieces)
                texts = texts.Then((piece.Symbol is { } symbol ? fill(symbol) : null) ?? Of(piece));
            bound = bound.Or(texts);
        }

        return bound;
    }
}
