namespace CompileTimeRouting.Sql.Tests;

public class SqlParametersTests
{
    [Theory]
    [InlineData("select 1", "select 1")]
    [InlineData("select @a", "select $1", "a")]
    [InlineData("select :a, @b, @a", "select $1, $2, $1", "a", "b")]
    [InlineData("select @Name, @name, :NAME", "select $1, $1, $1", "Name")]
    [InlineData("where a=@x and b<@@y", "where a=$1 and b<@@y", "x")]
    [InlineData("select '@a', @b, \"@c\", $$@d$$ -- @e", "select '@a', $1, \"@c\", $$@d$$ -- @e", "b")]
    [InlineData("limit@n", "limit $1", "n")]
    [InlineData("limit 1@n", "limit 1 $1", "n")]
    [InlineData("select @a😀", "select $1 😀", "a")]
    [InlineData("@a::int", "$1::int", "a")]
    [InlineData("x=-@a", "x=-$1", "a")]
    [InlineData("array[:a,:b]", "array[$1,$2]", "a", "b")]
    [InlineData("a[1:n] <@b and @1", "a[1:n] <@b and @1")]
    [InlineData("a[1:n] + @n", "a[1:n] + $1", "n")]
    [InlineData("@a@a", "$1 $1", "a")]
    [InlineData("@a1, @a, @a11", "$1, $2, $3", "a1", "a", "a11")]
    public void Rewrites(string sql, string expected, params string[] names)
    {
        var parameters = SqlParameters.Find(sql);
        Assert.Equal(SqlParameterError.None, parameters.Error);
        Assert.Equal(names, parameters.Names);
        Assert.Equal(names.Length, parameters.Count);
        Assert.Equal(expected, parameters.Rewrite());
    }

    [Theory]
    [InlineData("a[1:n]", "a[1$1]")]
    [InlineData("a[:n]", "a[$1]")]
    [InlineData("a <@n", "a <$1")]
    [InlineData("a[1:m] <@m", "a[1:m] <@m")]
    public void An_ambiguous_name_is_a_parameter_if_there_is_one(string sql, string expected)
        => Assert.Equal(expected.Replace("1$1", "1 $1", StringComparison.Ordinal), SqlParameters.Find(sql, n => n == "n").Rewrite());

    [Fact]
    public void A_certain_name_is_a_parameter_even_if_there_is_none()
        => Assert.Equal(["a"], SqlParameters.Find("select @a", _ => false).Names);

    [Fact]
    public void Occurrences_have_spans()
    {
        const string Sql = "select @a, :b, @A";
        Assert.Equal(["@a", ":b", "@A"], SqlParameters.Find(Sql).All.Select(p => Sql[p.Start..p.End]));
        Assert.Equal(["a", "b", "A"], SqlParameters.Find(Sql).All.Select(p => p.Name));
    }

    [Theory]
    [InlineData("select $1", nameof(SqlParameterError.None), 1)]
    [InlineData("select $2, $1, $2", nameof(SqlParameterError.None), 2)]
    [InlineData("select $2", nameof(SqlParameterError.OrdinalGap), 2)]
    [InlineData("select $1, $3", nameof(SqlParameterError.OrdinalGap), 3)]
    [InlineData("select $0", nameof(SqlParameterError.OrdinalOutOfRange), 0)]
    [InlineData("select $1, $65536", nameof(SqlParameterError.OrdinalOutOfRange), 1)]
    [InlineData("select $99999999999999999999", nameof(SqlParameterError.OrdinalOutOfRange), 0)]
    [InlineData("select $1, @a", nameof(SqlParameterError.Mixed), 2)]
    [InlineData("select @a, $1", nameof(SqlParameterError.Mixed), 2)]
    [InlineData("select $1, '@a'", nameof(SqlParameterError.None), 1)]
    public void Ordinals(string sql, string error, int count)
    {
        var parameters = SqlParameters.Find(sql);
        Assert.Equal(error, parameters.Error.ToString());
        Assert.Equal(count, parameters.Count);
        Assert.Equal(sql, parameters.Rewrite());
    }
}
