using System.Text;
using CompileTimeRouting.Roslyn.Statements;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>One text that an expression may have, with where each piece of it is written.</summary>
internal sealed partial class SqlText
{
    /// <summary>What stands for a hole.</summary>
    public const string Placeholder = SqlEffects.UnknownPart;

    public static readonly SqlText Empty = new([], []);

    private string? _rendered;

    private SqlText(IReadOnlyList<SqlPiece> pieces, IReadOnlyList<ValueGuard> guards)
    {
        Pieces = pieces;
        Guards = guards;
    }

    public IReadOnlyList<SqlPiece> Pieces { get; }

    /// <summary>What holds of the method's parameters wherever the expression has this text.</summary>
    public IReadOnlyList<ValueGuard> Guards { get; }

    public static SqlText Of(SqlPiece piece) => new([piece], []);

    /// <summary>The first piece whose text isn't known; null where all is.</summary>
    public SqlPiece? FirstHole
    {
        get
        {
            foreach (var piece in Pieces)
            {
                if (piece.Kind is not (SqlPieceKind.Text or SqlPieceKind.Value))
                    return piece;
            }

            return null;
        }
    }

    /// <summary>Whether a parameter or a virtual member puts something in.</summary>
    public bool IsOpen
    {
        get
        {
            foreach (var piece in Pieces)
            {
                if (piece.Kind is SqlPieceKind.Parameter or SqlPieceKind.Virtual)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The SQL, with <see cref="Placeholder"/> for what isn't known and <c>$1</c> for values.</summary>
    public string Rendered => _rendered ??= Render();

    /// <summary>The same text under further conditions.</summary>
    public SqlText Under(IReadOnlyList<ValueGuard> guards) => guards.Count == 0 ? this : new(Pieces, Guards.Count == 0 ? guards : [.. Guards, .. guards.Except(Guards)]);

    public SqlText WithoutGuards() => Guards.Count == 0 ? this : new(Pieces, []);

    /// <summary>The same text where a builder that the caller gives is empty; null where no builder begins it, or it is nothing else.</summary>
    public SqlText? WithoutBuilder() => Pieces.Count > 1 && Pieces[0] is { Kind: SqlPieceKind.Parameter, Symbol: IParameterSymbol { Type: var type } } && SqlTextReader.IsTextBuilder(type)
        ? new SqlText([.. Pieces.Skip(1)], Guards)
        : null;

    /// <summary>The text followed by another; null where no call has both.</summary>
    public SqlText? Then(SqlText next)
    {
        if (next.Pieces.Count == 0 && next.Guards.Count == 0)
            return this;
        if (Pieces.Count == 0 && Guards.Count == 0)
            return next;
        if (Guards.Any(g => next.Guards.Any(n => g.Contradicts(n))))
            return null;
        return new SqlText(next.Pieces.Count == 0 ? Pieces : Pieces.Count == 0 ? next.Pieces : [.. Pieces, .. next.Pieces], next.Guards.Count == 0 ? Guards : [.. Guards, .. next.Guards.Except(Guards)]);
    }

    /// <summary>Where the words stand that begin at an offset of <see cref="Rendered"/>; as exact as the source allows.</summary>
    public Location? Locate(int start, int length)
    {
        var at = 0;
        foreach (var piece in Pieces)
        {
            var width = Width(piece);
            if (start < at + width)
            {
                var isExact = piece.Kind == SqlPieceKind.Text && piece.Offset >= 0;
                return isExact
                    ? SqlLocation.Find(piece.Source, piece.Offset + start - at, Math.Min(length, at + width - start))
                    : piece.Source.GetLocation();
            }

            at += width;
        }

        return Pieces.Count > 0 ? Pieces[Pieces.Count - 1].Source.GetLocation() : null;
    }

    /// <summary>Words of <see cref="Rendered"/> as they are written: a placeholder as the expression that it stands for.</summary>
    public string Describe(string words, int start)
    {
        if (words.IndexOf(Placeholder, StringComparison.OrdinalIgnoreCase) < 0)
            return words;
        var at = 0;
        foreach (var piece in Pieces)
        {
            if (at >= start && piece.Kind is not (SqlPieceKind.Text or SqlPieceKind.Value) && words.IndexOf(Placeholder, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
                words = words.Substring(0, found) + "{" + piece.Source.ToString().Split('\n')[0].Trim() + "}" + words.Substring(found + Placeholder.Length);
            at += Width(piece);
        }

        return words;
    }

    private static int Width(SqlPiece piece) => piece.Kind switch
    {
        SqlPieceKind.Text => piece.Text.Length,
        SqlPieceKind.Value => 2,
        _ => Placeholder.Length,
    };

    private string Render()
    {
        if (Pieces.Count == 1 && Pieces[0].Kind == SqlPieceKind.Text)
            return Pieces[0].Text;
        var text = new StringBuilder();
        foreach (var piece in Pieces)
        {
            text.Append(piece.Kind switch
            {
                SqlPieceKind.Text => piece.Text,
                SqlPieceKind.Value => "$1",
                _ => Placeholder,
            });
        }

        return text.ToString();
    }
}
