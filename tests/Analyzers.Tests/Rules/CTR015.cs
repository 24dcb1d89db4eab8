namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>SQL in the attribute of a method with a body.</summary>
public class CTR015
{
    [Fact]
    public Task Core() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [{|CTR015:ReadQuery("select count(*) from notes")|}]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select count(*) from notes");
        }
        """,
        "'CountAsync' has SQL in its attribute and a body of its own; remove the body and declare the method partial, or take the SQL out of the attribute");

    [Fact]
    public Task Method_without_a_connection() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [Obsolete, {|CTR015:WriteCommand(sql: "delete from notes", Transaction = true)|}]
            public int Clear() { return 1; }
        }
        """,
        "'Clear' has SQL in its attribute and a body of its own; remove the body and declare the method partial, or take the SQL out of the attribute");

    [Fact]
    public Task Partial_method_with_both_halves() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public partial Task<long> CountAsync();

            [{|CTR015:ReadQuery("select count(*) from notes")|}]
            public partial Task<long> CountAsync() => Task.FromResult(1L);
        }
        """,
        "'CountAsync' has SQL in its attribute and a body of its own; remove the body and declare the method partial, or take the SQL out of the attribute");

    [Fact]
    public Task NoFalsePositive_body_without_sql() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery()]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select count(*) from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_sql_and_a_core_of_the_same_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery(Consistency = ReadConsistency.Strong)]
            public partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select count(*) from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_both_halves_without_sql() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand(Transaction = true)]
            public static partial int Clear(NpgsqlConnection connection);

            public static partial int Clear(NpgsqlConnection connection) { return 1; }
        }
        """);
}
