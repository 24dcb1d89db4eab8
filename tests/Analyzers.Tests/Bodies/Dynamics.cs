namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Calls that are bound at run time.</summary>
public class Dynamics
{
    [Theory]
    [InlineData("dynamic d = connection; d.Execute(\"{|CTR101:delete|} from notes\");")]
    [InlineData("dynamic d = id; SqlMapper.Execute(connection, \"{|CTR101:delete|} from notes\", d);")]
    [InlineData("dynamic d = Make(); d.ExecuteAsync(\"{|CTR101:delete|} from notes\");")]
    [InlineData("dynamic d = Make(); d.CommandText = \"{|CTR101:delete|} from notes\";")]
    [InlineData("dynamic d = context; {|CTR104:d.SaveChanges()|};")]
    [InlineData("dynamic d = connection; {|CTR108:d.Touch()|};")]
    [InlineData("dynamic d = Make(); {|CTR108:d.Touch(connection)|};")]
    [InlineData("dynamic d = Make(); {|CTR108:d(connection)|};")]
    [InlineData("dynamic d = id; {|CTR105:Store.Save(connection, d)|};")]
    [InlineData("dynamic d = id; var s = new Store(); {|CTR105:s.Keep(connection, d)|};")]
    [InlineData("dynamic d = new Repo(connection); {|CTR105:d.Clear()|};")]
    [InlineData("var r = new Repo(connection); {|CTR105:((dynamic)r).Clear()|};")]
    public Task Call(string statements) => BodyRule.Reports(statements, Members);

    [Fact]
    public Task NoFalsePositive_Call() => BodyRule.IsKnown(
        """
        dynamic d = connection; d.Query("select 1");
        dynamic other = Make(); other.Log("delete from notes"); other.Touch(id); other.Text = "delete from notes";
        dynamic repo = new Repo(connection); _ = repo.Count();
        dynamic number = id; SqlMapper.Query<int>(connection, "select 1", number); Store.Load(connection, number);
        """,
        Members);

    private const string Members =
        """
        static object Make() => new object();
        sealed class Repo(NpgsqlConnection c)
        {
            public int Clear() => c.Execute("delete from notes");
            public int Count() => c.QuerySingle<int>("select 1");
        }
        sealed class Store
        {
            public static int Save(NpgsqlConnection c, long id) => c.Execute("delete from notes");
            public static int Load(NpgsqlConnection c, long id) => c.QuerySingle<int>("select 1");
            public int Keep(NpgsqlConnection c, long id) => c.Execute("delete from notes");
        }
        """;
}
