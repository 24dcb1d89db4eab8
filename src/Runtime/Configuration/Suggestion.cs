namespace CompileTimeRouting;

/// <summary>"Did you mean": the known word that an unknown one is a slip of.</summary>
internal static class Suggestion
{
    public static string DidYouMean(string word, IEnumerable<string> known) =>
        Closest(word, known) is { } closest ? $" Did you mean '{closest}'?" : "";

    /// <summary>The nearest known word, or null where even that is more than a slip away.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        var plain = Plain(word);
        string? closest = null;
        var best = Math.Min(3, (plain.Length / 3) + 1);
        foreach (var candidate in known)
        {
            var distance = Distance(plain, Plain(candidate));
            if (distance < best)
            {
                best = distance;
                closest = candidate;
            }
        }

        return closest;
    }

    private static string Plain(string word) =>
        string.Concat(word.Where(static c => c is not (' ' or '_' or '-'))).ToUpperInvariant();

    // Insertions, deletions, replacements and swaps of neighbours, each for one.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
