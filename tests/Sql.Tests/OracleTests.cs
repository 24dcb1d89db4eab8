using System.IO.Compression;
using System.Text.Json;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>Every statement of the oracle, where it lies beside the repository: shared/oracle in the folder above.</summary>
public class OracleTests
{
    [Fact]
    public void Every_statement_is_read()
    {
        var file = Find();
        Assert.SkipWhen(file is null, "No shared/oracle/statements.jsonl.gz beside the repository.");

        var random = new Random(1);
        var total = 0;
        var undecided = 0;
        foreach (var sql in Read(file!))
        {
            total++;
            SqlFuzzTests.AssertTiles(sql);
            SqlFuzzTests.AssertCommentsChangeNothing(sql, random);
            SqlFuzzTests.AssertStatements(sql);
            SqlParameters.Find(sql).Rewrite();
            var list = SelectList.Read(sql);
            if (list.State == SelectListState.Unknown && list.Kind is not (SqlStatementKind.Other or SqlStatementKind.Call))
                undecided++;
        }

        Assert.True(total > 10_000);
        // The one there is was written for standard_conforming_strings = off.
        Assert.InRange(undecided, 0, 1);
    }

    private static IEnumerable<string> Read(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return json.RootElement.GetProperty("sql").GetString()!;
        }
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "oracle", "statements.jsonl.gz");
            if (File.Exists(file))
                return file;
        }

        return null;
    }
}
