namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A method is either a read or a write.</summary>
public class CTR008
{
    private const string Message = "'CountAsync' is marked both [ReadQuery] and [WriteCommand]; keep [WriteCommand] if any path of it writes, otherwise [ReadQuery]";

    [Fact]
    public Task Both_on_a_partial_method() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery, WriteCommand]
            public partial Task<long> {|CTR008:CountAsync|}();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        Message);

    [Fact]
    public Task Both_on_a_method_with_a_body() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand(Transaction = true)]
            [ReadQuery(Consistency = ReadConsistency.Strong)]
            public static Task<long> {|CTR008:CountAsync|}(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        Message);

    [Fact]
    public Task One_on_each_half_of_a_partial_method() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static partial Task<long> {|CTR008:CountAsync|}(NpgsqlConnection connection);

            [WriteCommand]
            public static partial Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        Message);

    [Fact]
    public Task NoFalsePositive_one_of_each_in_a_class() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");

            [WriteCommand]
            public static Task<int> ClearAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_overloads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> GetAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");

            [WriteCommand]
            public static Task<long> GetAsync(NpgsqlConnection connection, long start) => connection.ExecuteScalarAsync<long>("select nextval('s')");
        }
        """);

    [Fact]
    public Task NoFalsePositive_overridden_with_the_other_one() => Rule.ReportsNothing(
        """
        public abstract partial class Repository
        {
            protected readonly RoutedDataSource Db = null!;

            [ReadQuery]
            public virtual partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }

        public sealed partial class Notes : Repository
        {
            [WriteCommand]
            public override partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);
}
