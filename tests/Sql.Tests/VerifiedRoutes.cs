namespace CompileTimeRouting.Sql.Tests;

/// <summary>Data/routes.txt, which tells its format itself.</summary>
internal static class VerifiedRoutes
{
    /// <summary>What the statements need, to be created on the primary.</summary>
    public static string Schema { get; } = Resource("routes-schema.sql");

    public static IEnumerable<VerifiedRoute> Read()
    {
        var rule = "";
        foreach (var line in Resource("routes.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(';'))
                continue;
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                rule = line[2..];
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var verdict = line[..space].Split('@');
            var since = verdict.Length > 1 ? int.Parse(verdict[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
            yield return new(rule, verdict[0], since, line[(space + 1)..].Replace('␊', '\n').Replace('␍', '\r'));
        }
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(VerifiedRoutes).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <param name="Rule">The heading that it stands under.</param>
/// <param name="Verdict">refused, advised, replica or unknown.</param>
/// <param name="Since">The first version whose standby says so; 0 for all.</param>
/// <param name="Sql">One statement or several.</param>
internal sealed record VerifiedRoute(string Rule, string Verdict, int Since, string Sql)
{
    public SqlRoute Route => RouteOf(Verdict);

    public static SqlRoute RouteOf(string verdict) => verdict switch
    {
        "replica" => SqlRoute.Replica,
        "unknown" => SqlRoute.Unknown,
        "refused" or "advised" => SqlRoute.Primary,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "That is no verdict."),
    };
}
