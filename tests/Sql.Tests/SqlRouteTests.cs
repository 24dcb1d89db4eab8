using System.Text;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>The route that the text tells is what a standby said.</summary>
public class SqlRouteTests
{
    public static TheoryData<string, string, string> Verified()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var route in VerifiedRoutes.Read())
            data.Add(route.Rule, route.Verdict, route.Sql);
        return data;
    }

    [Theory]
    [MemberData(nameof(Verified))]
    public void Routes_are_the_servers(string rule, string verdict, string sql)
    {
        Assert.NotEmpty(rule);
        var effects = SqlEffects.Analyze(sql);
        Assert.Equal(VerifiedRoute.RouteOf(verdict), effects.Route);
        if (verdict == "refused")
            Assert.Contains(effects.Effects, e => e.Impact == SqlEffectImpact.Refused);
    }

    /// <summary>White space and comments between any two tokens, tokens put close, words in capitals: never another answer.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Trivia_and_case_change_nothing(int seed)
    {
        var random = new Random(seed);
        foreach (var (_, _, _, sql) in VerifiedRoutes.Read())
            AssertTriviaChangesNothing(sql, random);
    }

    [Fact]
    public void Trivia_changes_nothing_in_the_oracle()
    {
        Assert.SkipWhen(Oracle.File is null, Oracle.Missing);
        var random = new Random(4);
        foreach (var statement in Oracle.Read())
            AssertTriviaChangesNothing(statement.Sql, random);
    }

    [Fact]
    public void Backslashes_are_read_as_the_server_is_set()
    {
        const string Sql = @"select 'a\'; delete from t; --'";
        Assert.Equal(SqlRoute.Primary, SqlEffects.Analyze(Sql).Route);
        Assert.Equal(SqlRoute.Replica, SqlEffects.Analyze(Sql, new SqlEffectOptions { StandardConformingStrings = false }).Route);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ; ; ")]
    [InlineData("-- delete from t")]
    [InlineData("/* delete from t */")]
    public void A_text_without_a_statement_does_nothing(string sql)
    {
        var effects = SqlEffects.Analyze(sql);
        Assert.Equal(SqlRoute.Replica, effects.Route);
        Assert.Empty(effects.Statements);
    }

    [Fact]
    public void A_lone_carriage_return_ends_a_comment()
        => Assert.Equal(SqlRoute.Primary, SqlEffects.Analyze("select 1 -- x\r; delete from t").Route);

    [Theory]
    [InlineData("select f(1)", "f")]
    [InlineData("select app.f(1) from t", "app.f")]
    [InlineData("select * from f()", "f")]
    [InlineData("select * from \"F\"(1) as x(a int)", "\"F\"")]
    [InlineData("select app.lower('A')", "app.lower")]
    [InlineData("select query_to_xml('select f()', true, true, '')", "'select f()'")]
    public void Unknown_functions_are_listed_and_decided_by_policy(string sql, string name)
    {
        Assert.Equal(SqlRoute.Replica, SqlEffects.Analyze(sql).Route);
        var strict = SqlEffects.Analyze(sql, new SqlEffectOptions { UnknownFunctions = SqlRoute.Unknown });
        Assert.Equal(SqlRoute.Unknown, strict.Route);
        var effect = Assert.Single(strict.Effects);
        Assert.Equal(SqlEffectKind.UnknownFunction, effect.Kind);
        Assert.Equal(name, effect.Text(sql));
    }

    [Theory]
    [InlineData(nameof(SqlFunctionRole.Harmless), nameof(SqlRoute.Replica))]
    [InlineData(nameof(SqlFunctionRole.Refused), nameof(SqlRoute.Primary))]
    [InlineData(nameof(SqlFunctionRole.Primary), nameof(SqlRoute.Primary))]
    public void A_catalog_knows_functions(string role, string expected)
    {
        var options = new SqlEffectOptions
        {
            UnknownFunctions = SqlRoute.Unknown,
            Functions = (schema, name) => (schema, name) == ("app", "f") ? Enum.Parse<SqlFunctionRole>(role) : null,
        };
        Assert.Equal(expected, SqlEffects.Analyze("select app.f(1)", options).Route.ToString());
        Assert.Equal(SqlRoute.Unknown, SqlEffects.Analyze("select app.g(1)", options).Route);
    }

    private static void AssertTriviaChangesNothing(string sql, Random random)
    {
        var changed = new StringBuilder();
        foreach (var token in TokenText.All(sql))
        {
            // Npgsql's rule for doubled marks looks at the character before, whatever token it is in.
            var doubled = token.Start > 0 && sql[token.Start - 1] == sql[token.Start] && sql[token.Start] is ':' or '@';
            if (!doubled)
                changed.Append(random.Next(4) switch { 0 => "/* delete from t; */", 1 => "/*/**/'*/", 2 => token.Start > 0 && token.IsTrivia ? "\n" : "", _ => "" });
            var text = token.Text(sql);
            changed.Append(token.Kind == SqlTokenKind.Identifier && random.Next(3) == 0 ? Upper(text) : text);
            if (token.Kind == SqlTokenKind.LineComment && token.End == sql.Length)
                break;
        }

        Assert.True(Describe(sql) == Describe(changed.ToString()), sql + "\n" + changed + "\n" + Describe(sql) + "\n" + Describe(changed.ToString()));
    }

    /// <summary>ASCII only, as the server folds.</summary>
    private static string Upper(string text) => string.Concat(text.Select(c => c is >= 'a' and <= 'z' ? (char)(c - 32) : c));

    private static string Describe(string sql)
    {
        var effects = SqlEffects.Analyze(sql);
        return $"{effects.Route}: {string.Join(", ", effects.Effects.Select(e => (e.Kind, e.Impact)))}; reads {string.Join(", ", effects.Reads)}; "
            + $"writes {string.Join(", ", effects.Writes)}; calls {string.Join(", ", effects.Functions)}";
    }
}
