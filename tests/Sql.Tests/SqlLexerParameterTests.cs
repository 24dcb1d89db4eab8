namespace CompileTimeRouting.Sql.Tests;

/// <summary>Where <c>@name</c> and <c>:name</c> are parameters, by the rules of Npgsql's own parser.</summary>
public class SqlLexerParameterTests
{
    [Theory]
    [InlineData("a = @id", "@id")]
    [InlineData("a=@id", "@id")]
    [InlineData("a=:id", ":id")]
    [InlineData("a<>@id and b>=@x", "@id", "@x")]
    [InlineData("a=-@id", "@id")]
    [InlineData("a+@b", "@b")]
    [InlineData("@a||@b", "@a", "@b")]
    [InlineData("@id::int", "@id")]
    [InlineData(":id::int", ":id")]
    [InlineData("f(a=>@x, b:=@y, c := :z)", "@x", "@y", ":z")]
    [InlineData("array[:a, :b]", ":a", ":b")]
    [InlineData("array[[:a],[:b]]", ":a", ":b")]
    [InlineData("a[@lo:@hi]", "@lo", "@hi")]
    [InlineData("a[f(:x)]", ":x")]
    [InlineData("a@b", "@b")]
    [InlineData("@größe, @名", "@größe", "@名")]
    [InlineData("(@a)", "@a")]
    [InlineData("in(:a,:b)", ":a", ":b")]
    [InlineData("@>@a", "@a")]
    [InlineData("limit@n", "@n")]
    [InlineData("@_", "@_")]
    public void Parameters(string sql, params string[] expected)
    {
        var tokens = TokenText.Significant(sql).FindAll(t => t.Kind == SqlTokenKind.NamedParameter);
        Assert.Equal(expected, tokens.ConvertAll(t => t.Text(sql)));
        Assert.All(tokens, t => Assert.False(t.IsAmbiguous));
    }

    [Theory]
    [InlineData("a::b")]
    [InlineData("a :: b")]
    [InlineData("a := b")]
    [InlineData("a[1:2]")]
    [InlineData("a[:2]")]
    [InlineData("a[: x]")]
    [InlineData("a @> b")]
    [InlineData("a@>b")]
    [InlineData("a <@ b")]
    [InlineData("a @@ b")]
    [InlineData("a @@b")]
    [InlineData("@@version")]
    [InlineData("a @-@ b")]
    [InlineData("@ -1")]
    [InlineData("a @? '$'")]
    [InlineData("a:::b")]
    [InlineData("'@a' \"@b\" $$@c$$ E'\\'@d' /*@e*/ -- :f")]
    [InlineData("'a'\n'@b'")]
    [InlineData("@")]
    [InlineData(":")]
    [InlineData("@😀")]
    public void No_parameters(string sql)
        => Assert.DoesNotContain(TokenText.All(sql), t => t.Kind == SqlTokenKind.NamedParameter);

    [Theory]
    [InlineData("a[1:n]", ":n")]
    [InlineData("a[:n]", ":n")]
    [InlineData("(a)[x:y]", ":y")]
    [InlineData("a <@b", "@b")]
    [InlineData("a<@b", "@b")]
    [InlineData("a ^@b", "@b")]
    [InlineData("a @-@b", "@b")]
    [InlineData("@1", "@1")]
    [InlineData(":1", ":1")]
    [InlineData("@f.x", "@f.x")]
    public void Ambiguous(string sql, string expected)
    {
        var token = Assert.Single(TokenText.All(sql), t => t.Kind == SqlTokenKind.NamedParameter);
        Assert.Equal(expected, token.Text(sql));
        Assert.True(token.IsAmbiguous);
    }

    [Theory]
    [InlineData("a=-@b", "a·=·-·@b")]
    [InlineData("a~-@b", "a·~-·@b")]
    [InlineData("a<@b", "a·<·@b")]
    [InlineData("@>@a", "@>·@a")]
    [InlineData("@@@a", "@@@·a")]
    public void Operators_end_before_a_parameter(string sql, string expected) => Assert.Equal(expected, TokenText.Cut(sql));
}
