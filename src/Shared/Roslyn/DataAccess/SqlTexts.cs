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

    public bool IsSame(SqlTexts other) =>
        ReferenceEquals(this, other) || Alternatives.Select(static t => t.Rendered).SequenceEqual(other.Alternatives.Select(static t => t.Rendered), StringComparer.Ordinal);

    public static SqlTexts Of(SqlPiece piece) => new([SqlText.Of(piece)]);

    public static SqlTexts Of(IReadOnlyList<SqlText> alternatives) => new(alternatives);

    public static SqlTexts Hole(string reason, SyntaxNode source) => Of(SqlPiece.Hole(reason, source));

    public SqlTexts Or(SqlTexts other)
    {
        if (Alternatives.Count == 0)
            return other;
        if (other.Alternatives.Count == 0)
            return this;
        if (Alternatives.Count < MostAlternatives)
            return new SqlTexts([.. Alternatives, .. other.Alternatives]);
        // That some aren't looked at is said once.
        return Alternatives[Alternatives.Count - 1].FirstHole is not null || other.Alternatives[0].Pieces.Count == 0
            ? this
            : new SqlTexts([.. Alternatives, SqlText.Of(SqlPiece.Hole("one of more texts than are looked at", other.Alternatives[0].Pieces[0].Source))]);
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
                {
                    if (first.Then(second) is { } text)
                        texts.Add(text);
                }
            }
        }
        else
        {
            // Not every pair is tried: what one of them requires says nothing about the others.
            for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
                texts.Add(left[i % left.Count].WithoutGuards().Then(right[i % right.Count].WithoutGuards())!);
        }

        return new SqlTexts(texts);
    }

    /// <summary>The conditions under which there are some of them.</summary>
    public IEnumerable<ValueGuard> Guards => Alternatives.SelectMany(static text => text.Guards);

    /// <summary>The type parameters and parameters whose members put something in.</summary>
    public IEnumerable<ISymbol> Holders => Alternatives.SelectMany(static text => text.Pieces).Select(static piece => piece.Holder).OfType<ISymbol>();

    /// <summary>The same texts under further conditions.</summary>
    public SqlTexts Under(IReadOnlyList<ValueGuard> guards) =>
        guards.Count == 0 || Alternatives.Count == 0 ? this : new SqlTexts([.. Alternatives.Select(text => text.Under(guards))]);

    /// <summary>The texts of which every condition may hold.</summary>
    public SqlTexts Where(Func<ValueGuard, bool> mayHold) =>
        Alternatives.Any(text => text.Guards.Any(g => !mayHold(g))) ? new SqlTexts([.. Alternatives.Where(text => text.Guards.All(mayHold))]) : this;

    /// <summary>The same texts with another condition, or none, in the place of one.</summary>
    public SqlTexts Replace(ValueGuard guard, ValueGuard? by) => !Guards.Contains(guard)
        ? this
        : new SqlTexts([.. Alternatives.Select(text => text.Guards.Contains(guard) ? text.WithoutGuards().Under([.. text.Guards.Where(g => !Equals(g, guard)), .. by is null ? [] : new[] { by }]) : text)]);

    public SqlTexts WithoutGuards() =>
        Alternatives.Any(static text => text.Guards.Count > 0) ? new SqlTexts([.. Alternatives.Select(static text => text.WithoutGuards())]) : this;

    /// <summary>Fills the holes of parameters and virtual members.</summary>
    /// <param name="fill">What a parameter or virtual member puts in; null where it isn't known.</param>
    public SqlTexts Bind(Func<SqlPiece, SqlTexts?> fill)
    {
        if (!IsOpen)
            return this;
        var bound = None;
        foreach (var text in Alternatives)
        {
            var texts = EmptyString.Under(text.Guards);
            foreach (var piece in text.Pieces)
                texts = texts.Then((piece.Symbol is null ? null : fill(piece)) ?? Of(piece));
            bound = bound.Or(texts);
        }

        return bound;
    }
}
