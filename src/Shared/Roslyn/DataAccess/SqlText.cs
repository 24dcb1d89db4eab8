using System.Text;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>One text that an expression may have, with where each piece of it is written.</summary>
internal sealed class SqlText
{
    /// <summary>What stands for a hole: a name, because names are what is put in most.</summary>
    public const string Placeholder = "ctr_hole";

    public static readonly SqlText Empty = new([]);

    private string? _rendered;

    private SqlText(IReadOnlyList<SqlPiece> pieces) => Pieces = pieces;

    public IReadOnlyList<SqlPiece> Pieces { get; }

    public static SqlText Of(SqlPiece piece) => new([piece]);

    public static SqlText Of(IReadOnlyList<SqlPiece> pieces) => new(pieces);

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

    public static SqlText operator +(SqlText left, SqlText right)
    {
        if (left.Pieces.Count == 0)
            return right;
        return right.Pieces.Count == 0 ? left : new SqlText([.. left.Pieces, .. right.Pieces]);
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
