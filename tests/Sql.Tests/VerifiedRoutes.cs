namespace CompileTimeRouting.Sql.Tests;

/// <summary>Data/routes.txt.</summary>
internal static class VerifiedRoutes
{
    public static IEnumerable<(string Rule, string Verdict, string Sql)> Read()
    {
        using var reader = new StreamReader(typeof(VerifiedRoutes).Assembly.GetManifestResourceStream("routes.txt")!);
        var rule = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(';'))
                continue;
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                rule = line[2..];
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return (rule, line[..space].Split('@')[0], line[(space + 1)..]);
        }
    }
}
