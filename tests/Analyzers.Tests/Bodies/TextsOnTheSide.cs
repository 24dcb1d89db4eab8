namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Variables that get their text elsewhere than before the place that uses them.</summary>
public class TextsOnTheSide
{
    [Theory]
    [InlineData("string sql = \"select 1\"; Make(); connection.Query(sql); void Make() { sql = \"{|CTR101:delete|} from notes\"; }")]
    [InlineData("string sql = \"select 1\"; Action make = () => sql = \"{|CTR101:delete|} from notes\"; make(); connection.Query(sql);")]
    [InlineData("string sql = \"select 1\"; Change(ref sql); connection.Query({|CTR101:sql|});", "static void Change(ref string s) { s = \"delete from notes\"; }")]
    [InlineData("string sql = \"select 1\"; var tries = 0; again: connection.Query(sql); sql = \"{|CTR101:delete|} from notes\"; if (tries++ < 1) goto again;")]
    [InlineData("string sql = \"select 1\"; void Run() { connection.Query(sql); } sql = \"delete from notes\"; {|CTR105:Run()|};")]
    [InlineData("string sql = \"select 1\"; runner.Change(ref sql); connection.Query({|CTR108:sql|});", "static void Change(this Library.Runner r, ref string s) => s = Console.ReadLine()!;")]
    public Task Text(string statements, string members = "") => BodyRule.Reports(statements, members);

    [Fact]
    public Task NoFalsePositive_Text() => BodyRule.ReportsNothing(
        """
        string sql = "select 1"; Make(); connection.Query(sql); void Make() { sql = "select 2"; }
        Change(ref sql); connection.Query(sql);
        string text = "delete from notes"; void Say() { text = "update"; } Say(); Console.WriteLine(text);
        connection.Query(sql); Func<string> log = () => { var sql = "delete from notes"; return sql; };
        """,
        "static void Change(ref string s) { s = \"select 3\"; }");
}
