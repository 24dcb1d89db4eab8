namespace CompileTimeRouting.Generator.Tests;

/// <summary>A partial method with a core of the same name.</summary>
public class DeclaredTests
{
    [Fact]
    public Task Write_with_static_core() => GeneratorTest.Verify("""
        namespace App;
        public sealed record NewAppointment(int BarberId, DateTimeOffset StartsAt);
        public sealed partial class AppointmentRepository(RoutedDataSource db)
        {
            /// <summary>Books.</summary>
            [WriteCommand]
            public partial Task<long> BookAsync(NewAppointment request, CancellationToken ct = default);

            private static async Task<long> BookAsync(NpgsqlConnection connection, NewAppointment request, CancellationToken ct) =>
                await connection.ExecuteScalarAsync<long>(new CommandDefinition("insert ...", request, cancellationToken: ct));
        }
        """);

    [Fact]
    public Task Read_with_instance_core() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            internal partial Task<List<int>> IdsAsync(CancellationToken ct);

            private Task<List<int>> IdsAsync(NpgsqlConnection connection, CancellationToken ct) => Task.FromResult(new List<int>());
        }
        """);

    [Fact]
    public Task Command_with_transaction() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [WriteCommand(Transaction = true, IsolationLevel = IsolationLevel.Serializable)]
            public partial Task<long> BookAsync(int id, CancellationToken ct = default);
            private static Task<long> BookAsync(NpgsqlConnection connection, int id, CancellationToken ct) => Task.FromResult(1L);

            [WriteCommand(Transaction = true)]
            public partial ValueTask CancelAsync(int id);
            private static ValueTask CancelAsync(NpgsqlConnection connection, int id) => default;

            [WriteCommand(Transaction = true)]
            public partial int Count();
            private static int Count(NpgsqlConnection connection) => 0;

            [WriteCommand(Transaction = true)]
            public partial void Clear();
            private static void Clear(NpgsqlConnection connection) { }
        }
        """);

    [Fact]
    public Task Core_takes_DbConnection_beside_one_that_takes_NpgsqlConnection() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> CountAsync(string name);
            private static Task<int> CountAsync(DbConnection connection, string name) => Task.FromResult(0);
            private static Task<int> CountAsync(NpgsqlConnection connection, object name) => Task.FromResult(1);
        }
        """);

    [Fact]
    public Task Core_without_token_and_shim_without_token() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> FirstAsync(int a, CancellationToken ct);
            private static Task<int> FirstAsync(NpgsqlConnection connection, int a) => Task.FromResult(a);

            [ReadQuery]
            public partial Task<int> SecondAsync(int a);
            private static Task<int> SecondAsync(NpgsqlConnection connection, int a, CancellationToken ct) => Task.FromResult(a);
        }
        """);

    [Fact]
    public Task Core_with_a_token_beside_one_with_another_value() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int> CountAsync();
            [ReadQuery] public partial Task<int> CountAsync(int a);
            private static Task<int> CountAsync(NpgsqlConnection connection, CancellationToken ct) => Task.FromResult(0);
            private static Task<int> CountAsync(NpgsqlConnection connection, int a) => Task.FromResult(a);
        }
        """);

    [Fact]
    public Task Token_stands_anywhere() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> FirstAsync(CancellationToken ct, int a, params string[] names);
            private static Task<int> FirstAsync(NpgsqlConnection connection, int a, string[] names, CancellationToken ct) => Task.FromResult(a);

            [ReadQuery]
            public partial Task<int> SecondAsync(int a, CancellationToken ct, int b);
            private static Task<int> SecondAsync(NpgsqlConnection connection, CancellationToken ct, int a, int b) => Task.FromResult(a);
        }
        """);

    [Fact]
    public Task Exact_core_is_taken_before_one_without_token() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> CountAsync(int a, CancellationToken ct);
            private static Task<int> CountAsync(NpgsqlConnection connection, int a, CancellationToken ct) => Task.FromResult(a);
            private static Task<int> CountAsync(NpgsqlConnection connection, int a) => Task.FromResult(a);
        }
        """);

    [Fact]
    public Task Core_in_base_class() => GeneratorTest.Verify("""
        namespace App;
        public abstract class Base<T>
        {
            protected Task<T?> FindAsync(NpgsqlConnection connection, int id) => Task.FromResult<T?>(default);
            protected static Task<List<T>> AllAsync(NpgsqlConnection connection) => Task.FromResult(new List<T>());
        }
        public partial class Repository(RoutedDataSource db) : Base<string>
        {
            [ReadQuery]
            public partial Task<string?> FindAsync(int id);

            [ReadQuery]
            public partial Task<List<string>> AllAsync();
        }
        """);

    [Fact]
    public Task Implements_an_interface_and_overrides() => GeneratorTest.Verify("""
        namespace App;
        public interface ICustomers
        {
            Task<string?> FindAsync(int id, CancellationToken ct = default);
        }
        public abstract class Base
        {
            public abstract Task<T> GetAsync<T>(T value) where T : class;
            protected internal virtual Task<int> CountAsync() => Task.FromResult(0);
        }
        public partial class Repository(RoutedDataSource db) : Base, ICustomers
        {
            [ReadQuery]
            public partial Task<string?> FindAsync(int id, CancellationToken ct = default);
            private static Task<string?> FindAsync(NpgsqlConnection connection, int id, CancellationToken ct) => Task.FromResult<string?>(null);

            [ReadQuery]
            public override partial Task<T> GetAsync<T>(T value) where T : class;
            private static Task<T> GetAsync<T>(NpgsqlConnection connection, T value) => Task.FromResult(value);

            [ReadQuery]
            protected internal sealed override partial Task<int> CountAsync();
            private static Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(1);
        }
        """);

    [Fact]
    public Task Overloads_of_one_name() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int> CountAsync(string name);
            private static Task<int> CountAsync(NpgsqlConnection connection, string name) => Task.FromResult(0);
            [ReadQuery] public partial Task<int> CountAsync(int id);
            private static Task<int> CountAsync(NpgsqlConnection connection, int id) => Task.FromResult(0);
            [ReadQuery] public partial Task<int> CountAsync<T>(T id);
            private static Task<int> CountAsync<T>(NpgsqlConnection connection, T id) => Task.FromResult(0);
            [WriteCommand] public partial Task CountAsync_2();
            private static Task CountAsync_2(NpgsqlConnection connection) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Extension_method_shim() => GeneratorTest.Verify("""
        namespace App;
        public sealed record Customer(int Id);
        public static partial class CustomerQueries
        {
            private static readonly RoutedDataSource Source = null!;

            [ReadQuery]
            public static partial Task<int> OrdersAsync(this Customer customer, CancellationToken ct = default);
            private static Task<int> OrdersAsync(NpgsqlConnection connection, Customer customer, CancellationToken ct) => Task.FromResult(customer.Id);
        }
        """);

    [Fact]
    public Task Old_style_partial_without_accessibility() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [WriteCommand]
            partial void Clear(int id);
            private static void Clear(NpgsqlConnection connection, int id) { }
        }
        """);

    [Fact]
    public Task Modifiers_are_repeated() => GeneratorTest.Verify("""
        namespace App;
        public class Base
        {
            public int Hidden() => 0;
        }
        public partial class Repository(RoutedDataSource db) : Base
        {
            [ReadQuery] public new partial int Hidden();
            private int Hidden(NpgsqlConnection connection) => 0;
            [ReadQuery] protected internal virtual partial int Open();
            private int Open(NpgsqlConnection connection) => 0;
            [ReadQuery] private protected partial int Closed();
            private int Closed(NpgsqlConnection connection) => 0;
        }
        public partial struct Value(RoutedDataSource db)
        {
            [ReadQuery] public readonly partial Task<int> GetAsync();
            private readonly Task<int> GetAsync(NpgsqlConnection connection) => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Nullability_of_core_differs() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<string> NameAsync(string? key);
            private static Task<string?> NameAsync(NpgsqlConnection connection, string key) => Task.FromResult<string?>(key);
        }
        """);

    [Fact]
    public Task Two_files_of_one_type() => GeneratorTest.Verify(
        """
        namespace App;
        public partial class Repository
        {
            private readonly RoutedDataSource _db;
            public Repository(RoutedDataSource db) => _db = db;

            [ReadQuery] public partial Task<int> SecondAsync(int a);
            private static Task<int> FirstAsync(NpgsqlConnection connection, int a) => Task.FromResult(a);
        }
        """,
        """
        namespace App;
        public partial class Repository
        {
            [ReadQuery] public partial Task<int> FirstAsync(int a);
            private static Task<int> SecondAsync(NpgsqlConnection connection, int a) => Task.FromResult(a);
        }
        """);
}
