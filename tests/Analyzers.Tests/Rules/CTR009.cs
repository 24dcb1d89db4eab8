namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A parameter of the SQL has no method parameter.</summary>
public class CTR009
{
    [Fact]
    public Task Another_name() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = {|CTR009:@id|} and author = @author")]
            public partial Task<string?> BodyAsync(string author);
        }
        """,
        "The SQL of 'BodyAsync' uses @id, for which the method has no parameter; add one or rename one of the two");

    [Fact]
    public Task Number_beyond_the_parameters() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id in ($1, {|CTR009:$2|})")]
            public partial Task<string?> BodyAsync(long id, CancellationToken ct);
        }
        """,
        "The SQL of 'BodyAsync' uses $2, for which the method has no parameter; add one or rename one of the two");

    [Fact]
    public Task Cancellation_token_is_no_value() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR009:@ct|}::text")]
            public partial Task<string?> BodyAsync(CancellationToken ct);
        }
        """,
        "The SQL of 'BodyAsync' uses @ct, for which the method has no parameter; add one or rename one of the two");

    [Fact]
    public Task Each_of_several() => Rule.Reports(
        """""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand(""""
                update notes
                   set body = {|CTR009:@body|}
                 where id = {|CTR009:@id|}
                """")]
            public partial Task<int> ChangeAsync();
        }
        """"",
        "The SQL of 'ChangeAsync' uses @body, for which the method has no parameter; add one or rename one of the two",
        "The SQL of 'ChangeAsync' uses @id, for which the method has no parameter; add one or rename one of the two");

    [Fact]
    public Task NoFalsePositive_names_without_regard_to_case() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @NoteId or parent = @noteid")]
            public partial Task<string?> BodyAsync(long noteId);
        }
        """);

    [Fact]
    public Task NoFalsePositive_numbers() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = $1 and author = $2 and editor = $2")]
            public partial Task<string?> BodyAsync(long id, string author, CancellationToken ct = default);
        }
        """);

    [Fact]
    public Task NoFalsePositive_what_only_looks_like_a_parameter() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select '@a', body as \"@b\" /* @c */ from notes where tags @> @tags -- @d")]
            public partial Task<List<(string, string)>> ListAsync(string[] tags);
        }
        """);

    [Fact]
    public Task NoFalsePositive_keyword_as_a_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where kind = @class")]
            public partial Task<List<string>> ListAsync(string @class);
        }
        """);
}
