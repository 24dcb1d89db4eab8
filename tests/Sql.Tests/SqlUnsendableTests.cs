namespace CompileTimeRouting.Sql.Tests;

/// <summary>No server takes NUL or half of a surrogate pair, wherever they stand: nothing is known of such a text.</summary>
public class SqlUnsendableTests
{
    [Theory]
    [InlineData("select '{0}'")]
    [InlineData("select \"{0}\" from t")]
    [InlineData("select 1 -- {0}")]
    [InlineData("select 1 /* {0} */")]
    [InlineData("select $${0}$$")]
    [InlineData("select E'{0}', U&'{0}'")]
    [InlineData("select 1; select 2 {0}")]
    [InlineData("/* {0} */ select 1")]
    [InlineData("-- {0}")]
    [InlineData("{0}")]
    public void Such_a_text_is_unknown(string form)
    {
        foreach (var character in new[] { "\0", "\uD83D", "\uDE00", "\uDE00\uD83D", "\U0001F600\uD83D" })
        {
            var sql = form.Replace("{0}", character, StringComparison.Ordinal);
            var effects = SqlEffects.Analyze(sql);
            Assert.Equal(SqlRoute.Unknown, effects.Route);
            Assert.All(effects.Statements, s => Assert.Contains(s.Effects, e => e.Impact == SqlEffectImpact.Unknown && e.Detail!.Contains("can't be sent", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_pair_is_a_character() => Assert.Equal(SqlRoute.Replica, SqlEffects.Analyze("select '\U0001F600\U0001F600' -- \U0001F600").Route);
}
