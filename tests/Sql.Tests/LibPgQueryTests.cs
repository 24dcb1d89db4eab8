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

    /// <summary>Reads with a token left out, doubled or moved: of those that PostgreSQL's parser refuses, few are still called reads.</summary>
    [Fact]
    public async Task What_does_not_parse_is_no_read()
    {
        var texts = new List<string>();
        foreach (var sql in VerifiedRoutes.Read().Where(static r => r.Verdict == "replica" && IsQuery(r.Sql)).Select(static r => r.Sql))
        {
            var words = sql.Split(' ');
            for (var i = 0; i < words.Length; i++)
            {
                texts.Add(string.Join(' ', words.Where((_, at) => at != i)));
                texts.Add(string.Join(' ', [.. words[..i], words[i], .. words[i..]]));
                texts.Add(string.Join(' ', [.. words[..i], "a b", .. words[i..]]));
                texts.Add(string.Join(' ', [.. words[..i], "delete from u", .. words[i..]]));
            }
        }

        await AssertGrammarAsync(texts, atLeast: 8_000, atMost: 0.002);
    }

    [Fact]
    public Task The_grammar_is_PostgreSqls() => AssertGrammarAsync(Lines("grammar.txt"), atLeast: 200, atMost: 0);

    /// <summary>Which words may stand where. Left are the fields of EXTRACT, which the server asks for later, and slices whose end looks like a parameter.</summary>
    [Fact]
    public Task Each_keyword_stands_where_it_may()
    {
        var keywords = Lines("keywords.txt").SelectMany(static l => l.Split(' ')).ToList();
        var texts = Lines("keyword-places.txt").SelectMany(p => keywords.Select(k => string.Join(k, p.Split('K'))));
        return AssertGrammarAsync([.. texts.Where(static t => t != "select trim(delete from a)")], atLeast: 70_000, atMost: 0.01);
    }

    [Fact]
    public async Task What_parses_is_not_refused()
    {
        Assert.SkipWhen(Oracle.File is null, Oracle.Missing);

        var texts = Oracle.Read().Select(static s => s.Sql).Where(IsRefused).ToList();
        var parses = await ParsesAsync(texts);
        Assert.Empty(texts.Where((_, i) => parses[i]));
    }

    /// <summary>What PostgreSQL's parser takes is never unknown to the grammar, and what it refuses is a read in a part of the texts at most.</summary>
    private static async Task AssertGrammarAsync(List<string> texts, int atLeast, double atMost)
    {
        var parses = await ParsesAsync(texts);
        Assert.Empty(texts.Where((sql, i) => parses[i] && IsRefused(sql)));
        var refused = texts.Where((_, i) => !parses[i]).ToList();
        var reads = refused.Where(static sql => SqlEffects.Analyze(sql).Route == SqlRoute.Replica).ToList();
        var summary = string.Create(CultureInfo.InvariantCulture, $"{reads.Count} of {refused.Count} texts that aren't parsed, of {texts.Count}\n{string.Join('\n', reads)}");
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(texts.Count > atLeast, summary);
        Assert.True(reads.Count <= refused.Count * atMost, summary);
    }

    private static List<string> Lines(string resource)
    {
        using var reader = new StreamReader(typeof(LibPgQueryTests).Assembly.GetManifestResourceStream(resource)!);
        return [.. reader.ReadToEnd().Split('\n').Where(static l => l.Length > 0 && l[0] != '#')];
    }

    private static bool IsRefused(string sql) => SqlEffects.Analyze(sql).Effects.Any(static e => e.Detail == "no query goes on like that");

    // Other statements have no tables to compare, whether they parse or not.
    private static bool IsQuery(string sql) => sql.Split(' ')[0].ToUpperInvariant() is "SELECT" or "WITH" or "VALUES" or "TABLE";

    private static async Task<IReadOnlyList<bool>> ParsesAsync(IReadOnlyList<string> texts) =>
        [.. (await AskAsync(texts)).Select(static a => a.Parses)];

    // Without node there is no second opinion.
    private static async Task<IReadOnlyList<LibPgQueryAnswer>> AskAsync(IReadOnlyList<string> texts)
    {
        try
        {
            return await LibPgQuery.AskAsync(texts, TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    private static async Task AssertAgreementAsync(string[] texts, int atLeast)
    {
        var parsed = await AskAsync(texts);
        Assert.Equal(texts.Length, parsed.Count);
        var compared = 0;
        var differences = new List<string>();
        for (var i = 0; i < texts.Length; i++)
        {
            if (parsed[i] is not { Reads: { } parsedReads, Writes: { } parsedWrites })
                continue;
            var answer = SqlEffects.Analyze(texts[i]);
            // The tables of SQL in a string aren't in the parse tree.
            if (answer.Functions.Any(f => SqlFunctionCatalog.Role(f.Schema, f.Name) == SqlFunctionRole.RunsText))
                continue;
            compared++;
            var (reads, writes) = (Names(answer.Reads), Names(answer.Writes));
            if (!reads.SetEquals(parsedReads) || !writes.SetEquals(parsedWrites))
                differences.Add($"{texts[i]}\n    reads {string.Join(' ', reads)}, parsed {string.Join(' ', parsedReads)}; writes {string.Join(' ', writes)}, parsed {string.Join(' ', parsedWrites)}");
        }

        var summary = string.Create(CultureInfo.InvariantCulture, $"{compared - differences.Count} of {compared} agree\n{string.Join('\n', differences)}");
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(compared >= atLeast, summary);
        Assert.True(differences.Count <= compared * 0.005, summary);
    }

    private static HashSet<string> Names(IReadOnlyList<SqlObjectName> names)
        => new(names.Select(n => n.Schema is null ? n.Name : n.Schema + "." + n.Name), StringComparer.Ordinal);
}
