namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Members that code outside of their type gives a text.</summary>
public class TextsFromElsewhere
{
    private const string Types =
        """
        sealed class Q { public string Sql { get; set; } = "select 1"; }
        sealed class I { public string Sql { get; init; } = "select 1"; }
        sealed record R(string Text);
        static class Cfg { public static string Sql = "select 1"; }
        """;

    [Theory]
    [InlineData("var q = new Q { Sql = \"{|CTR101:delete|} from notes\" }; connection.Query(q.Sql);")]
    [InlineData("connection.Query(new Q { Sql = \"{|CTR101:delete|} from notes\" }.Sql);")]
    [InlineData("var q = new Q(); q.Sql = \"{|CTR101:delete|} from notes\"; connection.Query(q.Sql);")]
    [InlineData("var q = new Q(); if (flag) q.Sql = \"{|CTR101:delete|} from notes\"; connection.Query(q.Sql);")]
    [InlineData("var r = new R(\"select 1\") with { Text = \"{|CTR101:delete|} from notes\" }; connection.Query(r.Text);")]
    [InlineData("var i = new I { Sql = \"{|CTR101:delete|} from notes\" }; connection.Query(i.Sql);")]
    [InlineData("connection.Query({|CTR108:Cfg.Sql|});", "static void Set() => Cfg.Sql = \"delete from notes\";")]
    [InlineData("connection.Query({|CTR101:Own.Sql|});", "static class Own { public static string Sql = null!; } static void Set() => Own.Sql = \"delete from notes\";")]
    [InlineData("var q = Make(); connection.Query({|CTR108:q.Sql|});", "static Q Make() => new Q { Sql = \"delete from notes\" };")]
    [InlineData("{|CTR108:Ask(connection, new Q { Sql = \"delete from notes\" })|};", "static void Ask(NpgsqlConnection c, Q q) => c.Query(q.Sql);")]
    [InlineData("var q = new Q(); Change(q); connection.Query({|CTR108:q.Sql|});", "static void Change(Q q) => q.Sql = \"delete from notes\";")]
    [InlineData("{|CTR105:new Clean().Do(connection)|};", "abstract class Job { protected string Sql = \"\"; public void Do(NpgsqlConnection c) => c.Query(Sql); } sealed class Clean : Job { public Clean() => Sql = \"delete from notes\"; } sealed class Read : Job { public Read() => Sql = \"select 1\"; }")]
    [InlineData("{|CTR108:Get().Do(connection)|};", "abstract class Job { protected string Sql = \"\"; public void Do(NpgsqlConnection c) => c.Query(Sql); } sealed class Clean : Job { public Clean() => Sql = \"delete from notes\"; } sealed class Read : Job { public Read() => Sql = \"select 1\"; } static Job Get() => new Clean();")]
    public Task Text(string statements, string members = "") => BodyRule.Reports(statements, members + Types);

    [Fact]
    public Task NoFalsePositive_Text() => BodyRule.IsKnown(
        """
        var q = new Q { Sql = "select 2" }; connection.Query(q.Sql); connection.Query(Cfg.Sql); connection.Query(new K().Sql); _ = new Other { Sql = "delete from notes" };
        var made = Make(); connection.Query(made.Sql); new Read().Do(connection); q.Sql = "select 4"; connection.Query(q.Sql);
        """,
        Types +
        """
        sealed class K { public string Sql { get; private set; } = "select 1"; }
        sealed class Other { public string Sql { get; set; } = ""; }
        static void Set() => Cfg.Sql = "select 2";
        static Q Make() => new Q { Sql = "select 3" };
        abstract class Job { protected string Sql = ""; public void Do(NpgsqlConnection c) => c.Query(Sql); }
        sealed class Clean : Job { public Clean() => Sql = "delete from notes"; }
        sealed class Read : Job { public Read() => Sql = "select 1"; }
        """);
}
