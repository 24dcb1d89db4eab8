namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A routed method needs a data source.</summary>
public class CTR002
{
    [Fact]
    public Task Nothing_in_the_class() => Rule.Reports(
        """
        public sealed partial class Notes
        {
            [ReadQuery]
            public partial Task<long> {|CTR002:CountAsync|}();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'CountAsync' has no data source to open its connection from; give 'Notes' a field, property or primary-constructor parameter of type 'RoutedDataSource'");

    [Fact]
    public Task Sql_in_the_attribute() => Rule.Reports(
        """
        public sealed partial class Notes(NpgsqlDataSource db)
        {
            public NpgsqlDataSource Db => db;

            [ReadQuery("select count(*) from notes")]
            public partial Task<long> {|CTR002:CountAsync|}();
        }
        """,
        "'CountAsync' has no data source to open its connection from; give 'Notes' a field, property or primary-constructor parameter of type 'RoutedDataSource'");

    [Fact]
    public Task Static_method_beside_an_instance_field() => Rule.Reports(
        """
        public sealed partial class Notes
        {
            private readonly RoutedDataSource _db = null!;

            [ReadQuery]
            public static partial Task<long> {|CTR002:CountAsync|}();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'CountAsync' has no data source to open its connection from; give 'Notes' a static field or property of type 'RoutedDataSource'");

    [Fact]
    public Task Static_class() => Rule.Reports(
        """
        public static partial class Notes
        {
            [ReadQuery]
            public static Task<long> {|CTR002:CountAsync|}(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """,
        "'CountAsync' has no data source to open its connection from; give 'Notes' a static field or property of type 'RoutedDataSource'");

    [Fact]
    public Task Private_field_of_the_base_class() => Rule.Reports(
        """
        public abstract class Repository
        {
            private readonly RoutedDataSource _db = null!;
        }

        public sealed partial class Notes : Repository
        {
            [WriteCommand]
            public static Task {|CTR002:ClearAsync|}(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        "'ClearAsync' has no data source to open its connection from; give 'Notes' a field, property or primary-constructor parameter of type 'RoutedDataSource'");

    [Fact]
    public Task Parameter_of_an_ordinary_constructor() => Rule.Reports(
        """
        public sealed partial class Notes
        {
            public Notes(RoutedDataSource db) { }

            [WriteCommand]
            public static Task {|CTR002:ClearAsync|}(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        "'ClearAsync' has no data source to open its connection from; give 'Notes' a field, property or primary-constructor parameter of type 'RoutedDataSource'");

    [Fact]
    public Task DbContext_without_its_factory() => Rule.Reports(
        """
        namespace Microsoft.EntityFrameworkCore
        {
            public class DbContext;
        }

        public sealed class BookingContext : Microsoft.EntityFrameworkCore.DbContext;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> {|CTR002:CountAsync|}(BookingContext context) => Task.FromResult(0L);

            [ReadQuery]
            public partial Task<long> {|CTR002:SumAsync|}();

            private static Task<long> SumAsync(BookingContext context) => Task.FromResult(0L);
        }
        """,
        "'CountAsync' has no data source to open its connection from; give 'Notes' a field, property or primary-constructor parameter of type 'RoutedDbContextFactory<BookingContext>'",
        "'SumAsync' has no data source to open its connection from; give 'Notes' a field, property or primary-constructor parameter of type 'RoutedDbContextFactory<BookingContext>'");

    [Fact]
    public Task NoFalsePositive_factory_of_the_context() => Rule.ReportsNothing(
        """
        using CompileTimeRouting.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore;

        public sealed class BookingContext(DbContextOptions<BookingContext> options) : DbContext(options);

        public sealed partial class Notes(RoutedDataSource db, RoutedDbContextFactory<BookingContext> contexts)
        {
            [ReadQuery]
            public partial Task<bool> CanConnectAsync();

            private static Task<bool> CanConnectAsync(DbContext context) => context.Database.CanConnectAsync();

            [ReadQuery]
            public static int Port(NpgsqlConnection connection) => connection.Port;

            [ReadQuery]
            public static bool CanConnect(BookingContext context) => context.Database.CanConnect();
        }
        """);

    [Fact]
    public Task NoFalsePositive_primary_constructor() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_private_field() => Rule.ReportsNothing(
        """
        public sealed partial class Notes
        {
            private readonly RoutedDataSource? _db;

            public Notes(RoutedDataSource db) => _db = db;

            [ReadQuery]
            public partial Task<long> CountAsync();

            private static Task<long> CountAsync(DbConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_property() => Rule.ReportsNothing(
        """
        public partial struct Notes
        {
            public RoutedDataSource Db { get; init; }

            [ReadQuery]
            public partial long Count();

            private static long Count(NpgsqlConnection connection) => connection.ExecuteScalar<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_protected_in_the_base_class() => Rule.ReportsNothing(
        """
        public abstract class Repository(RoutedDataSource db)
        {
            protected RoutedDataSource Db { get; } = db;
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository(db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_static_method_and_static_field() => Rule.ReportsNothing(
        """
        public static partial class Notes
        {
            private static readonly RoutedDataSource Db = null!;

            [ReadQuery]
            public static partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_static_core_and_instance_source() => Rule.ReportsNothing(
        """
        public sealed partial record Notes(RoutedDataSource Db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<long>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_field_of_the_containing_generic_base() => Rule.ReportsNothing(
        """
        public abstract class Repository<T>
        {
            protected readonly RoutedDataSource Db = null!;
        }

        public sealed partial class Notes : Repository<int>
        {
            [WriteCommand]
            public partial Task<int> ClearAsync();

            private static Task<int> ClearAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);
}
