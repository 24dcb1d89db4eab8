namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A routed method must find exactly one data source.</summary>
public class CTR003
{
    [Fact]
    public Task Two_primary_constructor_parameters() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource orders, RoutedDataSource archive)
        {
            [ReadQuery]
            public static Task<long> {|CTR003:CountAsync|}(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'Notes' has several data sources, and 'CountAsync' can't tell which one to open its connection from: orders, archive; keep one");

    [Fact]
    public Task Field_and_property() => Rule.Reports(
        """
        public sealed partial class Notes
        {
            private readonly RoutedDataSource _orders = null!;

            public RoutedDataSource Archive { get; } = null!;

            [ReadQuery]
            public partial Task<long> {|CTR003:CountAsync|}();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'Notes' has several data sources, and 'CountAsync' can't tell which one to open its connection from: _orders, Archive; keep one");

    [Fact]
    public Task Two_static_fields() => Rule.Reports(
        """
        public static partial class Notes
        {
            private static readonly RoutedDataSource Orders = null!, Archive = null!;

            [WriteCommand]
            public static partial Task<int> {|CTR003:ClearAsync|}();

            private static Task<int> ClearAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        "'Notes' has several data sources, and 'ClearAsync' can't tell which one to open its connection from: Orders, Archive; keep one");

    [Fact]
    public Task Two_in_the_base_class() => Rule.Reports(
        """
        public abstract class Repository
        {
            protected readonly RoutedDataSource Orders = null!;
            protected readonly RoutedDataSource Archive = null!;
        }

        public sealed partial class Notes : Repository
        {
            [WriteCommand]
            public static Task<int> {|CTR003:ClearAsync|}(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        "'Notes' has several data sources, and 'ClearAsync' can't tell which one to open its connection from: Orders, Archive; keep one");

    [Fact]
    public Task NoFalsePositive_parameter_that_initialises_a_field() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private readonly RoutedDataSource _db = db;

            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_one_in_the_class_and_one_in_its_base() => Rule.ReportsNothing(
        """
        public abstract class Repository
        {
            protected readonly RoutedDataSource Archive = null!;
        }

        public sealed partial class Notes : Repository
        {
            private readonly RoutedDataSource _db = null!;

            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_static_method_sees_only_the_static_one() => Rule.ReportsNothing(
        """
        public sealed partial class Notes
        {
            private static readonly RoutedDataSource Shared = null!;
            private readonly RoutedDataSource _own = null!;

            [ReadQuery]
            public static partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_another_one_in_a_nested_type() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private sealed class Archive { public RoutedDataSource Db = null!; }

            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_methods_parameters_and_indexers_are_no_sources() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public RoutedDataSource this[int shard] => throw new NotSupportedException();

            public static RoutedDataSource Open(RoutedDataSource other) => other;

            public RoutedDataSource Replaced { set { } }

            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);
}
