namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The core of a routed method is missing or differs.</summary>
public class CTR007
{
    [Fact]
    public Task Missing() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<List<string>> {|CTR007:ListAsync|}(string? word, CancellationToken ct = default);
        }
        """,
        "'ListAsync' has no core to call: no method named 'ListAsync' takes the connection first; write 'private Task<List<string>> ListAsync(NpgsqlConnection connection, string? word, CancellationToken ct)'");

    [Fact]
    public Task Another_parameter_type() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> {|CTR007:CountAsync|}(string word);

            private static Task<long> CountAsync(NpgsqlConnection connection, int word) => Task.FromResult(1L);
        }
        """,
        "'CountAsync' has no core to call: 'Notes.CountAsync(NpgsqlConnection, int)' doesn't match; write 'private Task<long> CountAsync(NpgsqlConnection connection, string word)'");

    [Fact]
    public Task Another_result() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> {|CTR007:CountAsync|}();

            private static Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(1);
        }
        """,
        "'CountAsync' has no core to call: 'Notes.CountAsync(NpgsqlConnection)' doesn't match; write 'private Task<long> CountAsync(NpgsqlConnection connection)'");

    [Fact]
    public Task Ambiguous() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> {|CTR007:CountAsync|}();

            private static Task<long> CountAsync(NpgsqlConnection connection) => Task.FromResult(1L);

            private static Task<long> CountAsync(DbConnection connection) => Task.FromResult(1L);
        }
        """,
        "'CountAsync' has no core to call: 2 methods named 'CountAsync' take the connection or context first and have the shim's parameters; keep one");

    [Fact]
    public Task Instance_core_of_a_static_method() => Rule.Reports(
        """
        public sealed partial class Notes
        {
            private static readonly RoutedDataSource Db = null!;

            [ReadQuery]
            public static partial Task<long> {|CTR007:CountAsync|}();

            private Task<long> CountAsync(NpgsqlConnection connection) => Task.FromResult(1L);
        }
        """,
        "'CountAsync' has no core to call: 'Notes.CountAsync(NpgsqlConnection)' is an instance method, and 'CountAsync' is static");

    [Fact]
    public Task Private_in_the_base_class() => Rule.Reports(
        """
        public abstract class Repository
        {
            private static Task<long> CountAsync(NpgsqlConnection connection) => Task.FromResult(1L);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public partial Task<long> {|CTR007:CountAsync|}();
        }
        """,
        "'CountAsync' has no core to call: no method named 'CountAsync' takes the connection first; write 'private Task<long> CountAsync(NpgsqlConnection connection)'");

    [Fact]
    public Task Ref_async_void_and_constraints() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial void {|CTR007:Fill|}(int id);

            private static void Fill(NpgsqlConnection connection, ref int id) { }

            [WriteCommand]
            public partial void {|CTR007:Clear|}();

            private static async void Clear(NpgsqlConnection connection) => await Task.Yield();

            [ReadQuery]
            public partial T {|CTR007:Get|}<T>();

            private static T Get<T>(NpgsqlConnection connection) where T : class => null!;
        }
        """,
        "'Fill' has no core to call: 'Notes.Fill(NpgsqlConnection, ref int)' has a ref, out or in parameter or result",
        "'Clear' has no core to call: 'Notes.Clear(NpgsqlConnection)' is async void: its end can't be awaited",
        "'Get' has no core to call: 'Notes.Get<T>(NpgsqlConnection)' has constraints that 'Get' doesn't have");

    [Fact]
    public Task Body_without_a_connection() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> {|CTR007:CountAsync|}(string word) => Task.FromResult(1L);

            [WriteCommand]
            public static Task {|CTR007:ClearAsync|}(string word, NpgsqlConnection connection) => Task.CompletedTask;

            [ReadQuery]
            public static long {|CTR007:Sum|}() { return 1; }
        }
        """,
        "'CountAsync' has no core to call: it has a body, but its first parameter is not an NpgsqlConnection, DbConnection or DbContext; take the connection or context first, or declare the method partial and leave the body to the generator",
        "'ClearAsync' has no core to call: it has a body, but its first parameter is not an NpgsqlConnection, DbConnection or DbContext; take the connection or context first, or declare the method partial and leave the body to the generator",
        "'Sum' has no core to call: it has a body, but its first parameter is not an NpgsqlConnection, DbConnection or DbContext; take the connection or context first, or declare the method partial and leave the body to the generator");

    [Fact]
    public Task Another_overload_would_be_called() => Rule.Reports(
        """
        public abstract class Repository
        {
            protected Task<long> CountAsync(NpgsqlConnection connection, string word) => Task.FromResult(1L);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public partial Task<long> {|CTR007:CountAsync|}(string word);

            private static Task<long> CountAsync(object connection, object word) => Task.FromResult(2L);
        }
        """,
        "'CountAsync' has no core to call: 'Notes.CountAsync(object, object)' would be called instead of 'Repository.CountAsync(NpgsqlConnection, string)'; rename one of them");

    [Fact]
    public Task NoFalsePositive_cancellation_token_anywhere_or_nowhere() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> First(string word, CancellationToken ct = default);

            private static Task<long> First(NpgsqlConnection connection, CancellationToken ct, string word) => Task.FromResult(1L);

            [ReadQuery]
            public partial Task<long> Second(string word);

            private static Task<long> Second(NpgsqlConnection connection, string word, CancellationToken ct) => Task.FromResult(1L);

            [ReadQuery]
            public partial Task<long> Third(string word, CancellationToken ct = default);

            private static Task<long> Third(NpgsqlConnection connection, string word) => Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_core_in_the_base_class() => Rule.ReportsNothing(
        """
        public abstract class Repository
        {
            protected Task<long> CountAsync(DbConnection connection, string word) => Task.FromResult(1L);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public partial Task<long> CountAsync(string word);
        }
        """);

    [Fact]
    public Task NoFalsePositive_generic_core_with_the_same_constraints() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<List<T>> ListAsync<T, K>(Dictionary<K, T[]> defaults) where T : class, IComparable<T>, new() where K : struct;

            private Task<List<U>> ListAsync<U, V>(NpgsqlConnection connection, Dictionary<V, U[]> defaults) where U : class, new() where V : struct => Task.FromResult(new List<U>());
        }
        """);

    [Fact]
    public Task NoFalsePositive_one_core_among_overloads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> CountAsync(string word);

            private static Task<long> CountAsync(NpgsqlConnection connection, string word) => Task.FromResult(1L);

            private static Task<long> CountAsync(NpgsqlConnection connection, int word) => Task.FromResult(1L);

            private static Task<long> CountAsync(string word, NpgsqlConnection connection) => Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_partial_method_with_both_halves() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static partial Task<long> CountAsync(NpgsqlConnection connection, string word);

            public static partial Task<long> CountAsync(NpgsqlConnection connection, string word) => Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_extension_method() => Rule.ReportsNothing(
        """
        public static partial class Notes
        {
            private static readonly RoutedDataSource Db = null!;

            [ReadQuery]
            public static async Task<long> CountAsync(this NpgsqlConnection connection, string word) => await Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_instance_core() => Rule.ReportsNothing(
        """
        public sealed partial class Tags(RoutedDataSource db)
        {
            private readonly int _limit = 5;

            [WriteCommand(Transaction = true, IsolationLevel = IsolationLevel.Serializable)]
            public partial ValueTask<int> ClearAsync();

            private async ValueTask<int> ClearAsync(NpgsqlConnection connection) { await Task.Yield(); return _limit; }
        }
        """);

    [Fact]
    public Task NoFalsePositive_tuple_names_nullability_and_dynamic() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<(long Id, string? Body)> FindAsync((int A, int B) key, dynamic any);

            private static Task<(long, string?)> FindAsync(NpgsqlConnection connection, (int, int) pair, object any) => Task.FromResult((1L, (string?)null));
        }
        """);

    [Fact]
    public Task NoFalsePositive_core_of_any_db_connection() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial void Warm();

            private void Warm(DbConnection connection) { }
        }
        """);
}
