using System.IO.Compression;
using System.Text.Json;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>Statements with what a real standby said to each, where they lie beside the repository: shared/oracle in a folder above.</summary>
internal static class Oracle
{
    public const string Missing = "No shared/oracle/statements.jsonl.gz beside the repository.";

    public static string? File { get; } = Find();

    public static IEnumerable<OracleStatement> Read()
    {
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(File!), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            yield return new(
                root.GetProperty("id").GetString()!,
                root.GetProperty("sql").GetString()!,
                root.GetProperty("label").GetString()!,
                root.GetProperty("kind").GetString()!,
                [.. root.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!)]);
        }
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "oracle", "statements.jsonl.gz");
            if (System.IO.File.Exists(file))
                return file;
        }

        return null;
    }
}

/// <param name="Id">File and line.</param>
/// <param name="Sql">One statement or several.</param>
/// <param name="Label">accepted, refused or unservable.</param>
/// <param name="Kind">query, explain, ddl…</param>
/// <param name="Tags">What a reader of the text can't be blamed for, among others.</param>
internal sealed record OracleStatement(string Id, string Sql, string Label, string Kind, IReadOnlyList<string> Tags);
