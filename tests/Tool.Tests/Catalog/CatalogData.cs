using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>Data/catalog-schema.sql and Data/catalog-calls.txt.</summary>
internal static class CatalogData
{
    public static string Schema { get; } = Text("catalog-schema.sql");

    public static IEnumerable<(bool Served, SqlRoute Route, string Sql)> Calls()
    {
        foreach (var line in Text("catalog-calls.txt").Split('\n'))
        {
            if (line.Length == 0 || line[0] == ';')
                continue;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var verdict = line[..space].Split(':');
            var served = verdict[0] == "served";
            var route = verdict.Length > 1 ? Enum.Parse<SqlRoute>(verdict[1], ignoreCase: true) : served ? SqlRoute.Replica : SqlRoute.Primary;
            yield return (served, route, line[(space + 1)..]);
        }
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(CatalogData).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
