namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A type has no PostgreSQL mapping.</summary>
public class CTR013
{
    [Fact]
    public Task Parameter() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("insert into notes (body) values (@body)")]
            public partial Task AddAsync(System.Text.StringBuilder {|CTR013:body|});
        }
        """,
        "'StringBuilder' in the signature of 'AddAsync' has no PostgreSQL mapping; use a type that has one, or give the method a core that maps it by hand");

    [Fact]
    public Task Result() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select link from notes")]
            public partial {|CTR013:Task<List<Uri>>|} LinksAsync();
        }
        """,
        "'Uri' in the signature of 'LinksAsync' has no PostgreSQL mapping; use a type that has one, or give the method a core that maps it by hand");

    [Fact]
    public Task Element_of_a_tuple_and_type_parameter() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 1, 2")]
            public partial {|CTR013:Task<(int, object)>|} PairAsync();

            [WriteCommand("insert into notes (body) values (@body)")]
            public partial Task AddAsync<T>(T {|CTR013:body|});
        }
        """,
        "'object' in the signature of 'PairAsync' has no PostgreSQL mapping; use a type that has one, or give the method a core that maps it by hand",
        "'T' in the signature of 'AddAsync' has no PostgreSQL mapping; use a type that has one, or give the method a core that maps it by hand");

    [Fact]
    public Task NoFalsePositive_values() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("insert into t values (@a, @b, @c, @d, @e, @f, @g, @h, @i, @j)")]
            public partial Task AddAsync(short a, int? b, long c, decimal d, string? e, Guid f, byte[] g, DateTimeOffset h, DateOnly i, TimeSpan j);
        }
        """);

    [Fact]
    public Task NoFalsePositive_arrays_and_lists() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("insert into t values (@a, @b)")]
            public partial Task AddAsync(int[] a, List<string> b);
        }
        """);

    [Fact]
    public Task NoFalsePositive_results() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select a, b, c, d from t")]
            public partial Task<List<(double, bool, DateTime, DayOfWeek?)>> ListAsync();
        }
        """);
}
