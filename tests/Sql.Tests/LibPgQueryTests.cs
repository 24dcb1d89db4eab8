using System.Globalization;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>The tables that the scanner finds are those of PostgreSQL's own parse tree.</summary>
public class LibPgQueryTests
{
    [Fact]
    public async Task Our_own_statements_have_the_same_tables()
        => await AssertAgreementAsync([.. VerifiedRoutes.Read().Select(r => r.Sql)], 500);

    [Fact]
    public async Task The_oracles_statements_have_the_same_tables()
    {
        Assert.SkipWhen(Oracle.File is null, Oracle.Missing);
        await AssertAgreementAsync([.. Oracle.Read().Select(s => s.Sql)], 5_000);
    }

    private static async Task AssertAgreementAsync(string[] texts, int atLeast)
    {
        IReadOnlyList<LibPgQueryTables?> parsed = [];
        try
        {
            parsed = await LibPgQuery.TablesAsync(texts, TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException e)
        {
            Assert.Skip(e.Message);
        }

        Assert.Equal(texts.Length, parsed.Count);
        var compared = 0;
        var differences = new List<string>();
        for (var i = 0; i < texts.Length; i++)
        {
            if (parsed[i] is not { } tables)
                continue;
            var answer = SqlEffects.Analyze(texts[i]);
            // The tables of SQL in a string aren't in the parse tree.
            if (answer.Functions.Any(f => SqlFunctionCatalog.Role(f.Schema, f.Name) == SqlFunctionRole.RunsText))
                continue;
            compared++;
            var (reads, writes) = (Names(answer.Reads), Names(answer.Writes));
            if (!reads.SetEquals(tables.Reads) || !writes.SetEquals(tables.Writes))
                differences.Add($"{texts[i]}\n    reads {string.Join(' ', reads)}, parsed {string.Join(' ', tables.Reads)}; writes {string.Join(' ', writes)}, parsed {string.Join(' ', tables.Writes)}");
        }

        var summary = string.Create(CultureInfo.InvariantCulture, $"{compared - differences.Count} of {compared} agree\n{string.Join('\n', differences)}");
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(compared >= atLeast, summary);
        Assert.True(differences.Count <= compared * 0.005, summary);
    }

    private static HashSet<string> Names(IReadOnlyList<SqlObjectName> names)
        => new(names.Select(n => n.Schema is null ? n.Name : n.Schema + "." + n.Name), StringComparer.Ordinal);
}
