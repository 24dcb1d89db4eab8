namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Parts of a text, as far as the characters are known.</content>
internal sealed partial class SqlText
{
    /// <summary>How many characters it has; null where some aren't known.</summary>
    public int? Length
    {
        get
        {
            var length = 0;
            foreach (var piece in Pieces)
            {
                if (piece.Kind != SqlPieceKind.Text)
                    return null;
                length += piece.Text.Length;
            }

            return length;
        }
    }

    /// <summary>Without its first characters; null where those aren't known.</summary>
    public SqlText? Without(int count)
    {
        var index = 0;
        while (index < Pieces.Count && count > 0)
        {
            if (Pieces[index] is not { Kind: SqlPieceKind.Text } piece)
                return null;
            if (piece.Text.Length > count)
                return new SqlText([piece.Slice(count, piece.Text.Length - count), .. Pieces.Skip(index + 1)], Guards);
            count -= piece.Text.Length;
            index++;
        }

        return count == 0 ? new SqlText([.. Pieces.Skip(index)], Guards) : null;
    }

    /// <summary>Without its last characters; null where those aren't known.</summary>
    public SqlText? WithoutLast(int count)
    {
        var end = Pieces.Count;
        while (end > 0 && count > 0)
        {
            if (Pieces[end - 1] is not { Kind: SqlPieceKind.Text } piece)
                return null;
            if (piece.Text.Length > count)
                return new SqlText([.. Pieces.Take(end - 1), piece.Slice(0, piece.Text.Length - count)], Guards);
            count -= piece.Text.Length;
            end--;
        }

        return count == 0 ? new SqlText([.. Pieces.Take(end)], Guards) : null;
    }

    /// <summary>Its first characters; null where those aren't known.</summary>
    public SqlText? First(int count)
    {
        var pieces = new List<SqlPiece>();
        foreach (var piece in Pieces)
        {
            if (count == 0)
                break;
            if (piece.Kind != SqlPieceKind.Text)
                return null;
            var taken = Math.Min(count, piece.Text.Length);
            pieces.Add(piece.Slice(0, taken));
            count -= taken;
        }

        return count == 0 ? new SqlText(pieces, Guards) : null;
    }

    /// <summary>Without those of the characters that it begins with; null where it isn't known with which it begins.</summary>
    public SqlText? TrimmedStart(char[] characters)
    {
        var count = 0;
        foreach (var piece in Pieces)
        {
            if (piece.Kind != SqlPieceKind.Text)
                return null;
            var rest = piece.Text.TrimStart(characters).Length;
            count += piece.Text.Length - rest;
            if (rest > 0)
                break;
        }

        return Without(count);
    }

    /// <summary>Without those of the characters that it ends with, as far as that is known.</summary>
    public SqlText TrimmedEnd(char[] characters)
    {
        var count = 0;
        for (var i = Pieces.Count - 1; i >= 0 && Pieces[i].Kind == SqlPieceKind.Text; i--)
        {
            var rest = Pieces[i].Text.TrimEnd(characters).Length;
            count += Pieces[i].Text.Length - rest;
            if (rest > 0)
                break;
        }

        return WithoutLast(count) ?? this;
    }

    /// <summary>What stands between separators.</summary>
    public IReadOnlyList<SqlText> Split(IReadOnlyList<string> separators)
    {
        var parts = new List<SqlText>();
        var part = new List<SqlPiece>();
        foreach (var piece in Pieces)
        {
            var from = 0;
            for (var at = 0; piece.Kind == SqlPieceKind.Text && at < piece.Text.Length; at++)
            {
                if (separators.FirstOrDefault(s => string.CompareOrdinal(piece.Text, at, s, 0, s.Length) == 0) is not { } separator)
                    continue;
                if (at > from)
                    part.Add(piece.Slice(from, at - from));
                parts.Add(new SqlText([.. part], Guards));
                part.Clear();
                from = at + separator.Length;
                at = from - 1;
            }

            if (piece.Kind != SqlPieceKind.Text)
                part.Add(piece);
            else if (from < piece.Text.Length)
                part.Add(piece.Slice(from, piece.Text.Length - from));
        }

        parts.Add(new SqlText([.. part], Guards));
        return parts;
    }
}
