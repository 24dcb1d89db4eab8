namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A type that contains a routed method must be partial.</summary>
public class CTR001
{
    [Fact]
    public Task Class() => Rule.Reports(
        """
        public sealed class {|CTR001:Notes|}(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'Notes' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier");

    [Fact]
    public Task Several_routed_methods_are_one_message() => Rule.Reports(
        """
        public sealed class {|CTR001:Notes|}(RoutedDataSource db)
        {
            public static void Unrelated() { }

            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");

            [WriteCommand]
            public static Task ClearAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        "'Notes' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier");

    [Fact]
    public Task Outer_type() => Rule.Reports(
        """
        public static class {|CTR001:Data|}
        {
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery]
                public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
            }

            public sealed partial class Tags(RoutedDataSource db)
            {
                [ReadQuery]
                public static Task<long> TagsAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
            }
        }
        """,
        "'Data' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier");

    [Fact]
    public Task Each_level() => Rule.Reports(
        """
        public class {|CTR001:Data|}
        {
            public partial struct Middle
            {
                public record {|CTR001:Notes|}(RoutedDataSource Db)
                {
                    [ReadQuery]
                    public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
                }
            }
        }
        """,
        "'Data' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier",
        "'Notes' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier");

    [Fact]
    public Task Method_without_a_body() => Rule.Reports(
        ["CS0501"],
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public Task<long> {|CTR001:CountAsync|}();
        }
        """,
        "'CountAsync' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier");

    [Fact]
    public Task Partial_method_in_a_class_that_is_not() => Rule.Reports(
        ["CS0751", "CS8795"],
        """
        public sealed class {|CTR001:Notes|}(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'Notes' must be partial, so that the shim of 'CountAsync' can be generated; add the modifier");

    [Fact]
    public Task NoFalsePositive_partial_class() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_partial_at_each_level() => Rule.ReportsNothing(
        """
        public static partial class Data<T>
        {
            public partial struct Middle
            {
                public sealed partial record Notes(RoutedDataSource Db)
                {
                    [ReadQuery]
                    public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
                }
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_modifier_on_another_part() => Rule.ReportsNothing(
        """
        public partial class Notes
        {
            private readonly RoutedDataSource _db = null!;
        }

        partial class Notes
        {
            [ReadQuery]
            public partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_nothing_routed() => Rule.ReportsNothing(
        """
        public sealed class Notes(RoutedDataSource db)
        {
            public RoutedDataSource Db => db;

            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_attribute_of_the_same_name() => Rule.ReportsNothing(
        """
        namespace Other
        {
            public sealed class ReadQueryAttribute : Attribute;
            public sealed class WriteCommandAttribute : Attribute;
        }

        public sealed class Notes
        {
            [Other.ReadQuery, Other.WriteCommand]
            public static void Count() { }
        }
        """);

    [Fact]
    public Task NoFalsePositive_routed_methods_only_in_a_nested_type() => Rule.ReportsNothing(
        """
        public partial class Outer
        {
            public sealed class Plain { public void M() { } }

            public sealed partial class Notes(RoutedDataSource db)
            {
                [WriteCommand]
                public Task ClearAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
            }
        }
        """);
}
