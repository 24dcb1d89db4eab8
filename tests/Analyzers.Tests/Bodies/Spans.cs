namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>The squiggle stands under the very words.</summary>
public class Spans
{
    [Fact]
    public Task Regular_string_with_escapes() => BodyRule.Reports(
        """
        connection.Query<long>("select \t\"x\" from t;\r\n{|CTR101:delete|} from notes where body = '\u0041'");
        """);

    [Fact]
    public Task Verbatim_string() => BodyRule.Reports(
        """"
        connection.Query<long>(@"select ""x"" from t;
            {|CTR101:delete|} from ""notes""");
        """");

    [Fact]
    public Task Raw_string() => BodyRule.Reports(
        """"
        connection.Query<long>("""select "x" from t; {|CTR101:delete|} from notes""");
        """");

    [Fact]
    public Task Raw_string_of_lines() => BodyRule.Reports(
        """"
        connection.Query<long>("""
            select "x" from t;
              {|CTR101:delete|} from notes
            """);
        """");

    [Fact]
    public Task Interpolated_string_after_a_hole() => BodyRule.Reports(
        """
        connection.Query<long>($"select id from {name}; {|CTR101:delete|} from {name}");
        """);

    [Fact]
    public Task Interpolated_verbatim_string() => BodyRule.Reports(
        """
        connection.Query<long>($@"select ""x"" from {name};
            {|CTR101:delete|} from {name}");
        """);

    [Fact]
    public Task Interpolated_string_with_escaped_braces() => BodyRule.Reports(
        """
        connection.Query<long>($"select '{{}}'; {|CTR101:delete|} from {name}");
        """);

    [Fact]
    public Task Second_operand() => BodyRule.Reports(
        """
        connection.Query<long>("select 1;\n" +
            "{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Two_effects_in_one_string() => BodyRule.Reports(
        """
        connection.Query<long>("{|CTR101:delete|} from notes; {|CTR101:insert|} into notes values (1)");
        """);

    [Fact]
    public Task Words_over_two_lines() => BodyRule.Reports(
        """"
        connection.Query<long>("""
            select id from notes
            {|CTR102:for
            update|}
            """);
        """");

    [Fact]
    public Task Utf16_pairs_before() => BodyRule.Reports(
        """
        connection.Query<long>("select '😀😀'; {|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task NoFalsePositive_Text_elsewhere_read() => BodyRule.ReportsNothing(
        """
        connection.Query<long>(Sql);
        """,
        """
        private const string Sql = "select 1";
        """);

    [Fact]
    public async Task Text_elsewhere_stands_under_the_argument_with_its_words_as_additional_location()
    {
        var code = BodyRule.Source("connection.Query<long>({|CTR101:Sql|});", """private static readonly string Sql = "select 1; delete from notes";""");
        var diagnostic = Assert.Single(await BodyRule.Analyze(code));
        Assert.Equal(Assert.Single(code.Marks).Span, diagnostic.Location.SourceSpan);
        var words = Assert.Single(diagnostic.AdditionalLocations).SourceSpan;
        Assert.Equal("delete", code.Text.Substring(words.Start, words.Length));
        Assert.Equal(code.Text.IndexOf("delete from", StringComparison.Ordinal), words.Start);
    }

    [Fact]
    public async Task Text_of_another_method_is_an_additional_location()
    {
        var code = BodyRule.Source("connection.Query<long>({|CTR101:Sql(\"notes\")|});", """private static string Sql(string table) { return $"delete from {table}"; }""");
        var diagnostic = Assert.Single(await BodyRule.Analyze(code));
        Assert.Equal(Assert.Single(code.Marks).Span, diagnostic.Location.SourceSpan);
        Assert.Equal(code.Text.IndexOf("delete from", StringComparison.Ordinal), Assert.Single(diagnostic.AdditionalLocations).SourceSpan.Start);
    }
}
