using System.Text;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>Random and hostile texts. Seeded: a failure names its text and comes again.</summary>
public class SqlFuzzTests
{
    private static readonly string[] Fragments =
    [
        "select", "from", "a", "B", "e", "E", "u", "U&", "n", "x", "b", "é", "\uD83D", "\uDE00", "\0", "_", "$", "$$", "$a$", "$b$", "$1",
        "'", "''", "\"", "\"\"", "\\", "\\'", "E'", "U&'", "U&\"", "B'", "--", "/*", "*/", "/", "*", "+", "-", "@", "@@", "@a", ":", "::",
        ":a", ":=", "=>", "=", "<", ">", "<@", "@>", "!", "~", "|", "?", "#", "^", "%", "&", "`", "(", ")", "[", "]", ",", ".", "..", ";",
        "1", "1.5", "1e", "1e5", "0x", "0x1f", "1_0", " ", "\t", "\n", "\r", "\v", "\f", "\u00A0", "{", " as ", " case ", " when ",
        " then ", " end ", " begin atomic ", "create function ", " returning ", " with ", " union ", " values ", " is ", " not ",
        " between ", " and ", " in ", "uescape", "cast(", "interval", " at time zone ", "array[", " over ", "insert into t ",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_texts(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 8_000; i++)
        {
            var sql = RandomText(random);
            AssertTiles(sql);
            AssertCommentsChangeNothing(sql, random);
            AssertStatements(sql);
            SqlParameters.Find(sql, _ => true).Rewrite();
        }
    }

    [Fact]
    public void Every_prefix_of_good_statements()
    {
        foreach (var (sql, _) in VerifiedColumnNames.Read())
        {
            for (var length = 0; length <= sql.Length; length++)
            {
                AssertTiles(sql[..length]);
                AssertStatements(sql[..length]);
            }
        }
    }

    [Fact]
    public void Good_statements_with_comments_between_all_tokens()
    {
        var random = new Random(5);
        foreach (var (sql, _) in VerifiedColumnNames.Read())
            AssertCommentsChangeNothing(sql, random);
    }

    /// <summary>Texts that are quadratic work for a lexer that looks back or ahead without bounds: one that does takes minutes.</summary>
    [Theory]
    [InlineData("+", 1)]
    [InlineData("=+", 0)]
    [InlineData("@", 0)]
    [InlineData("-/**/", 2)]
    [InlineData("'a'\n", 0)]
    [InlineData("'a'\n/**/", 3)]
    [InlineData("'a' ", 2)]
    [InlineData("'a'--\n--\n;", 6)]
    [InlineData("$a", 0)]
    [InlineData("$a ", 3)]
    [InlineData("$$ $$", 1)]
    [InlineData("$a$b", 0)]
    [InlineData("/*", 0)]
    [InlineData("/**/", 1)]
    [InlineData("1_", 0)]
    [InlineData("1$", 1)]
    [InlineData("1..", 2)]
    [InlineData("(", 1)]
    [InlineData("[", 1)]
    [InlineData("a[:b ", 4)]
    [InlineData("@a", 1)]
    [InlineData("\0", 1)]
    [InlineData("\uD800", 0)]
    [InlineData("\"\"", 0)]
    [InlineData(";", 1)]
    [InlineData("select 1;", 4)]
    public void Hostile_texts(string piece, int tokensPerPiece)
    {
        const int Pieces = 300_000;
        var sql = new StringBuilder(piece.Length * Pieces).Insert(0, piece, Pieces).ToString();
        var tokens = 0;
        var end = 0;
        foreach (var token in new SqlLexer(sql))
        {
            end += token.Length;
            tokens++;
        }

        Assert.Equal(sql.Length, end);
        Assert.InRange(tokens, tokensPerPiece * Pieces, Math.Max((tokensPerPiece * Pieces) + 1, 2));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("select (")]
    [InlineData("select case when ")]
    [InlineData("with a as (")]
    [InlineData("select a,")]
    [InlineData("select a+")]
    [InlineData("((select 1)union")]
    [InlineData("a[")]
    public void Hostile_statements(string piece)
    {
        var sql = "select " + new StringBuilder().Insert(0, piece, 100_000);
        Assert.NotNull(SelectList.Read(sql));
        AssertStatements(sql);
    }

    [Fact]
    public void Lexing_allocates_nothing()
    {
        var sql = new StringBuilder().Insert(0, "select a, 'b', $$c$$, @d, \"e\" /* f */ from t where x >= 1.5e3 -- g\n;", 1_000).ToString();
        Count(sql);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(sql);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static int Count(string sql)
        {
            var count = 0;
            foreach (var token in new SqlLexer(sql))
                count += token.Length;
            return count;
        }
    }

    internal static void AssertTiles(string sql)
    {
        var end = 0;
        foreach (var token in new SqlLexer(sql))
        {
            Assert.True(token.Start == end && token.Length > 0 && token.End <= sql.Length, sql);
            Assert.True(!token.IsUnterminated || token.End == sql.Length, sql);
            end = token.End;
        }

        Assert.True(end == sql.Length, sql);
    }

    internal static void AssertCommentsChangeNothing(string sql, Random random)
    {
        var tokens = TokenText.All(sql);
        var changed = new StringBuilder();
        foreach (var token in tokens)
        {
            // Npgsql's rule for doubled marks looks at the character before, whatever token it is in: ::: and a name.
            var doubled = token.Start > 0 && sql[token.Start - 1] == sql[token.Start] && sql[token.Start] is ':' or '@';
            if (!doubled)
                changed.Append(random.Next(3) switch { 0 => "/*'*/", 1 => "/*/**/;*/", _ => "" });
            changed.Append(sql, token.Start, token.Length);
            // Where a comment runs to the end of the text, what comes next would be in it.
            if (token.Kind == SqlTokenKind.LineComment && token.End == sql.Length)
                break;
        }

        Assert.True(TokenText.Describe(sql).SequenceEqual(TokenText.Describe(changed.ToString())), sql + "\n" + changed);
    }

    internal static void AssertStatements(string sql)
    {
        var end = 0;
        foreach (var statement in SqlStatements.Split(sql))
        {
            Assert.True(statement.Start >= end && statement.Length > 0 && statement.End <= sql.Length, sql);
            end = statement.End;
            foreach (var item in SelectList.Read(sql, statement).Items)
                Assert.True(item.Start >= statement.Start && item.Start + item.Length <= statement.End, sql);
        }
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 25); i > 0; i--)
        {
            text.Append(Fragments[random.Next(Fragments.Length)]);
            if (random.Next(3) == 0)
                text.Append(' ');
        }

        return text.ToString();
    }
}
