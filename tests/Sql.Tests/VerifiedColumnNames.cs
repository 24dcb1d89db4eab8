namespace CompileTimeRouting.Sql.Tests;

/// <summary>The statements of Data/column-names.txt with the names that a server gave to their columns.</summary>
internal static class VerifiedColumnNames
{
    public static IEnumerable<(string Sql, string Names)> Read()
    {
        using var stream = typeof(VerifiedColumnNames).Assembly.GetManifestResourceStream("column-names.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var arrow = line.LastIndexOf(" => ", StringComparison.Ordinal);
            yield return (line[..arrow], line[(arrow + 4)..]);
        }
    }
}
