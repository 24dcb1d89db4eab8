namespace CompileTimeRouting.Sql;

/// <summary>
/// The names that came last, so that the same one isn't allocated again for every statement: an application's SQL has a
/// few hundred. A name that comes to the place of another takes it.
/// </summary>
internal static class SqlNames
{
    /// <summary>Longer names aren't kept: what stays in memory is bounded.</summary>
    public const int MaxLength = 32;

    private const int SlotCount = 1024;

    // Threads may write over each other's entries: each is a whole string, and whoever reads one compares it.
    private static readonly string?[] Slots = new string?[SlotCount];

    /// <summary>A part of a text, folded to lower case as the server does.</summary>
    public static string Fold(string text, int start, int length)
    {
        var hash = (uint)length;
        for (var i = start; i < start + length; i++)
            hash = (hash * 31) + SqlCharacters.ToLower(text[i]);
        ref var slot = ref Slots[(hash ^ (hash >> 15)) & (SlotCount - 1)];
        var known = slot;
        return known is not null && IsFold(known, text, start, length) ? known : slot = NewFold(text, start, length);
    }

    private static bool IsFold(string name, string text, int start, int length)
    {
        if (name.Length != length)
            return false;
        for (var i = 0; i < length; i++)
        {
            if (SqlCharacters.ToLower(text[start + i]) != name[i])
                return false;
        }

        return true;
    }

    private static string NewFold(string text, int start, int length)
    {
        var folded = text.ToCharArray(start, length);
        for (var i = 0; i < folded.Length; i++)
            folded[i] = SqlCharacters.ToLower(folded[i]);
        return new string(folded);
    }
}
