namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The SQL can't be used in an attribute.</summary>
public class CTR012
{
    [Fact]
    public Task Two_statements() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from notes; {|CTR012:delete from tags|}")]
            public partial Task<int> ClearAsync();
        }
        """,
        "The SQL of 'ClearAsync' can't be used in an attribute: it holds 2 statements, and a generated body runs one; correct it, or give the method a core");

    [Fact]
    public Task Span_that_ends_with_an_escape() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from notes; {|CTR012:delete from \"tags\"|}; ")]
            public partial Task<int> ClearAsync();

            [WriteCommand(@"delete from notes; {|CTR012:delete from ""tags""|} ")]
            public partial Task<int> ClearTagsAsync();
        }
        """,
        "The SQL of 'ClearAsync' can't be used in an attribute: it holds 2 statements, and a generated body runs one; correct it, or give the method a core",
        "The SQL of 'ClearTagsAsync' can't be used in an attribute: it holds 2 statements, and a generated body runs one; correct it, or give the method a core");

    [Fact]
    public Task Empty() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand({|CTR012:""|})]
            public partial Task<int> ClearAsync();

            [ReadQuery({|CTR012:" -- nothing"|})]
            public partial Task<int> CountAsync();
        }
        """,
        "The SQL of 'ClearAsync' can't be used in an attribute: it is empty; correct it, or give the method a core",
        "The SQL of 'CountAsync' can't be used in an attribute: it is empty; correct it, or give the method a core");

    [Fact]
    public Task Two_kinds_of_parameters() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = $1 and author = {|CTR012:@author|}")]
            public partial Task<string?> BodyAsync(long id, string author);
        }
        """,
        "The SQL of 'BodyAsync' can't be used in an attribute: it mixes '$n' with '@name'; correct it, or give the method a core");

    [Fact]
    public Task Number_left_out() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select $1::int, {|CTR012:$3|}::int")]
            public partial Task<(int, int)> PairAsync(int a, int b, int c);
        }
        """,
        "The SQL of 'PairAsync' can't be used in an attribute: it uses '$3' but not every number below; correct it, or give the method a core");

    [Fact]
    public Task Unfinished() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select {|CTR012:'open|}")]
            public partial Task<string> GetAsync();
        }
        """,
        "The SQL of 'GetAsync' can't be used in an attribute: it ends inside a literal that begins with ''open'; correct it, or give the method a core");

    [Fact]
    public Task NoFalsePositive_semicolon_at_the_end() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from notes; -- that's all")]
            public partial Task<int> ClearAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_several_writes_in_one_statement() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("with gone as (delete from notes returning id) delete from tags using gone where tags.note = gone.id")]
            public partial Task<int> ClearAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_semicolons_in_literals() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select ';', $$;$$, E'\\';', \";\" from notes /* ; */")]
            public partial Task<List<(string, string, string, string)>> ListAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_constant_from_elsewhere() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Where = " where id = @id";

            [ReadQuery("select body from notes" + Where)]
            public partial Task<string?> BodyAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_same_number_twice() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where a = $1 or b = $1")]
            public partial Task<List<string>> ListAsync(int number);
        }
        """);

    [Fact]
    public Task NoFalsePositive_quoted_name_at_the_end() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from \"tags\"")]
            public partial Task<int> ClearAsync();
        }
        """);
}
