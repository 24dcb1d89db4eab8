namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The generated shim collides with a member.</summary>
public class CTR006
{
    [Fact]
    public Task Method_of_the_same_signature() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> {|CTR006:CountAsync|}(NpgsqlConnection connection) => Task.FromResult(1L);

            public Task<long> CountAsync() => Task.FromResult(2L);
        }
        """,
        "The shim of 'CountAsync' would have the signature of 'Notes.CountAsync()'; remove or rename one of the two");

    [Fact]
    public Task Two_cores_that_differ_in_their_connection_only() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> {|CTR006:CountAsync|}(NpgsqlConnection connection, string word) => Task.FromResult(1L);

            [WriteCommand]
            public static Task<long> {|CTR006:CountAsync|}(DbConnection connection, string word) => Task.FromResult(2L);
        }
        """,
        "The shim of 'CountAsync' would have the signature of 'Notes.CountAsync(DbConnection, string)'; remove or rename one of the two",
        "The shim of 'CountAsync' would have the signature of 'Notes.CountAsync(NpgsqlConnection, string)'; remove or rename one of the two");

    [Fact]
    public Task Names_of_tuples_and_type_parameters_make_no_difference() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void {|CTR006:Get|}<T>(NpgsqlConnection connection, (T Id, object Body) note, List<string?> tags) { }

            private int Get<U>((U, dynamic) note, List<string> tags) => 1;
        }
        """,
        "The shim of 'Get' would have the signature of 'Notes.Get<U>((U, dynamic), List<string>)'; remove or rename one of the two");

    [Fact]
    public Task Type_parameter_of_the_containing_class() => Rule.Reports(
        """
        public sealed partial class Outer<T>(RoutedDataSource db)
        {
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery]
                public static void {|CTR006:Get|}(NpgsqlConnection connection, T id) { }

                public static void Get(T other) { }
            }
        }
        """,
        "The shim of 'Get' would have the signature of 'Outer<T>.Notes.Get(T)'; remove or rename one of the two");

    [Fact]
    public Task Core_of_a_declared_shim_that_is_routed_itself() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> CountAsync(string word);

            [ReadQuery]
            private static Task<long> {|CTR006:CountAsync|}(NpgsqlConnection connection, string word) => Task.FromResult(1L);
        }
        """,
        "The shim of 'CountAsync' would have the signature of 'Notes.CountAsync(string)'; remove or rename one of the two");

    [Fact]
    public Task NoFalsePositive_other_overloads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection, string word) => Task.FromResult(1L);

            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection, int author) => Task.FromResult(1L);

            public Task<long> CountAsync() => Task.FromResult(2L);

            public Task<long> CountAsync<T>(string word) => Task.FromResult(2L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_same_signature_in_the_base_class() => Rule.ReportsNothing(
        """
        public abstract class Repository
        {
            public long Sum() => 1;
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public static long Sum(NpgsqlConnection connection) => 1;
        }
        """);

    [Fact]
    public Task NoFalsePositive_declared_shim_and_its_core() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> CountAsync(string word);

            private static Task<long> CountAsync(NpgsqlConnection connection, string word) => Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_same_name_in_another_class() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static long Sum(NpgsqlConnection connection) => 1;
        }

        public sealed partial class Tags(RoutedDataSource db)
        {
            [ReadQuery]
            public static long Sum(NpgsqlConnection connection) => 1;
        }
        """);

    [Fact]
    public Task NoFalsePositive_shims_beside_each_other() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static long Sum(NpgsqlConnection connection) => 1;

            [ReadQuery]
            public static long Sum(NpgsqlConnection connection, params long[] numbers) => 1;

            [WriteCommand]
            public static long Sum<T>(NpgsqlConnection connection) => 1;
        }
        """);
}
