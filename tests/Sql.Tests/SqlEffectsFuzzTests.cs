using System.Text;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>Random and hostile texts: always an answer, soon.</summary>
public class SqlEffectsFuzzTests
{
    private static readonly string[] Fragments =
    [
        "select", "from", "t", "u", "with", "recursive", "as", "(", ")", "(", ")", ",", "insert", "into", "update", "set", "delete", "merge",
        "using", "when", "matched", "then", "do", "nothing", "for", "share", "no", "key", "of", "values", "table", "union", "all", "order", "by",
        "limit", "explain", "analyze", "copy", "to", "stdout", "declare", "cursor", "prepare", "lock", "in", "mode", "create", "temp", "begin",
        "case", "end", "on", "join", "left", "lateral", "only", "nextval", "f", ".", "::", "'a'", "E'\\''", "$$select 1$$", "query_to_xml",
        "lo_open", "xpath_table", "ts_rewrite", "crosstab", "1", "x'2'", "[", "]", "*", "=", "\"q\"", "U&\"\\0061\"", "uescape", "'!'", ";", "@p", "$1", "returning", "conflict",
        "search", "depth", "first", "cycle", "tablesample", "repeatable", "ordinality", "rows", "where", "{", "'", "/*", "\0", "\uD800",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_texts(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(1, 30); n > 0; n--)
                text.Append(Fragments[random.Next(Fragments.Length)]).Append(' ');
            AssertAnswer(text.ToString());
        }
    }

    /// <summary>The short form; benchmarks/Sql.Benchmarks has the long one.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Generated_texts(int seed)
    {
        var generator = new SqlTextGenerator(seed);
        var random = new Random(seed);
        for (var i = 0; i < 10_000; i++)
        {
            var sql = generator.Next();
            if (SqlInvariants.Violation(sql, random) is { } violation)
                Assert.Fail(sql + "\n" + violation);
        }
    }

    /// <summary>Statements cut short, as they are while they are typed.</summary>
    [Fact]
    public void Every_prefix()
    {
        foreach (var (_, _, _, sql) in VerifiedRoutes.Read())
        {
            for (var length = 0; length < sql.Length; length++)
                AssertAnswer(sql[..length]);
        }
    }

    /// <summary>Texts that are quadratic work, or a stack overflow, for a reader that looks back or ahead without bounds.</summary>
    [Theory]
    [InlineData("", "(", "")]
    [InlineData("select ", "(", "")]
    [InlineData("select ", "(", ")")]
    [InlineData("", "(", ")")]
    [InlineData("select * from ", "(", ")")]
    [InlineData("", "(select ", ")")]
    [InlineData("", "select (", ")")]
    [InlineData("", "select * from (", ") x")]
    [InlineData("", "with a as (", ") select 1")]
    [InlineData("with recursive a as (select 1)", ", a as (select 1)", " select 1")]
    [InlineData("with a as (select 1)", ", a as (select * from a for update)", " select 1")]
    [InlineData("select 1", " union select 1", "")]
    [InlineData("select 1", "; select 1", "")]
    [InlineData("select * from t", " join t on true", "")]
    [InlineData("select * from t", ", t", " for update of t")]
    [InlineData("select * from t", " for update", "")]
    [InlineData("select * from t", " for update of x", "")]
    [InlineData("select * from t for update of x", ", x", "")]
    [InlineData("select ", "a.", "b(1)")]
    [InlineData("select ", "a.b(1),", "1")]
    [InlineData("select ", "f(", ")")]
    [InlineData("select ", "query_to_xml(", ")")]
    [InlineData("select ", "lo_open(1,", ")")]
    [InlineData("select ", "case when ", "")]
    [InlineData("select ", "[", "]")]
    [InlineData("explain ", "explain ", "select 1")]
    [InlineData("explain (", "analyze,", "analyze) delete from t")]
    [InlineData("merge into t using u on true ", "when matched then do nothing ", "")]
    [InlineData("create table t as ", "as ", "select 1")]
    [InlineData("begin ", "read write ", "")]
    [InlineData("with a as (select 1) ", "cycle a ", "select 1")]
    public void Hostile_texts(string start, string piece, string end)
    {
        const int Pieces = 50_000;
        AssertAnswer(Text(Pieces));
        LinearTime.Assert(Pieces, pieces =>
        {
            var text = Text(pieces);
            return () => SqlEffects.Analyze(text);
        });

        string Text(int pieces)
        {
            var text = new StringBuilder(start).Insert(start.Length, piece, pieces);
            return text.Insert(text.Length, end, end.StartsWith(')') ? pieces : 1).ToString();
        }
    }

    /// <summary>Ten million characters in one token, and a million tokens.</summary>
    [Theory]
    [InlineData("select '", "x", "'", 10_000_000, nameof(SqlRoute.Replica))]
    [InlineData("select E'", "\\'", "'", 5_000_000, nameof(SqlRoute.Replica))]
    [InlineData("select $a$", "$", "$a$", 10_000_000, nameof(SqlRoute.Replica))]
    [InlineData("select 1 /*", "/**/", "*/", 2_500_000, nameof(SqlRoute.Replica))]
    [InlineData("select 1 --", "-", "\n for update", 10_000_000, nameof(SqlRoute.Replica))]
    [InlineData("delete from t where a in (1", ", 1", ")", 500_000, nameof(SqlRoute.Primary))]
    [InlineData("select '", "x", "", 10_000_000, nameof(SqlRoute.Unknown))]
    public void Large_texts(string start, string piece, string end, int pieces, string route)
    {
        // First what would take seconds if it were quadratic: the whole would take hours.
        LinearTime.Assert(pieces / 100, few =>
        {
            var sql = Text(few);
            return () => SqlEffects.Analyze(sql);
        });
        Assert.Equal(route, SqlEffects.Analyze(Text(pieces)).Route.ToString());

        string Text(int count) => new StringBuilder(start).Insert(start.Length, piece, count).Append(end).ToString();
    }

    [Fact]
    public void Deep_nesting_is_unknown_not_a_read()
    {
        var sql = new StringBuilder().Insert(0, "select (", 1_000).Append("select nextval('s')").Append(')', 1_000).ToString();
        Assert.Equal(SqlRoute.Unknown, SqlEffects.Analyze(sql).Route);
    }

    /// <summary>Beside the answer's own objects nothing is allocated: neither tokens nor names that came before.</summary>
    [Fact]
    public void Reading_allocates_the_answer_alone()
    {
        const string Sql = "select u.id, lower(u.email), count(*) from users u left join orders o on o.user_id = u.id where u.id = @id and o.note <> 'x' group by 1, 2";
        var answer = SqlEffects.Analyze(Sql);
        var before = GC.GetAllocatedBytesForCurrentThread();
        SqlEffects.Analyze(Sql);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var statement = Assert.Single(answer.Statements);
        Assert.Equal((2, 0, 2), (statement.Reads.Count, statement.Writes.Count, statement.Functions.Count));
        // Four objects, the array of the list and two arrays of names, of which one takes 24 bytes.
        Assert.InRange(allocated, 1, 400);
    }

    private static void AssertAnswer(string sql)
    {
        foreach (var statement in SqlEffects.Analyze(sql).Statements)
        {
            if (!statement.Statement.IsWellFormed)
                Assert.NotEqual(SqlRoute.Replica, statement.Route);
            foreach (var effect in statement.Effects)
            {
                if (effect.Length <= 0 || effect.Start < statement.Statement.Start || effect.End > statement.Statement.End)
                    Assert.Fail(sql);
            }
        }
    }
}
