namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A read calls an API that writes.</summary>
public class CTR104
{
    private static readonly Surroundings Shop = new()
    {
        Files =
        [
            """
            using Microsoft.EntityFrameworkCore;

            public class Note
            {
                public long Id { get; set; }

                public string? Body { get; set; }
            }

            public interface IShop
            {
                Task<int> SaveChangesAsync(CancellationToken ct = default);
            }

            public class Shop : DbContext, IShop
            {
                public DbSet<Note> Notes => Set<Note>();
            }

            public class AuditedShop : Shop
            {
                public override int SaveChanges(bool acceptAllChangesOnSuccess) => base.SaveChanges(acceptAllChangesOnSuccess);

                public override int SaveChanges() => 0;
            }
            """,
        ],
    };

    [Fact]
    public Task Save() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection, Shop shop) => {|CTR104:shop.SaveChanges()|};
        }
        """,
        Writes("SaveChanges"));

    [Fact]
    public Task Save_asynchronously() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop) => {|CTR104:shop.SaveChangesAsync()|};
        }
        """,
        Writes("SaveChangesAsync"));

    [Fact]
    public Task Save_by_an_override() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection, AuditedShop shop) => {|CTR104:shop.SaveChanges()|};
        }
        """,
        Writes("SaveChanges"));

    [Fact]
    public Task Save_by_the_base_class() => Rule.Reports(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, DbContext context) => {|CTR104:context.SaveChangesAsync()|};
        }
        """,
        Writes("SaveChangesAsync"));

    [Fact]
    public Task Save_by_an_interface_that_a_context_implements() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IShop shop) => {|CTR104:shop.SaveChangesAsync()|};
        }
        """,
        Writes("SaveChangesAsync"));

    [Fact]
    public Task Update_in_the_database() => Rule.Reports(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop, long id) => {|CTR104:shop.Notes.Where(n => n.Id == id).ExecuteUpdateAsync(s => s.SetProperty(n => n.Body, "x"))|};
        }
        """,
        Writes("ExecuteUpdateAsync"));

    [Fact]
    public Task Delete_in_the_database() => Rule.Reports(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection, Shop shop) => {|CTR104:shop.Notes.ExecuteDelete()|};
        }
        """,
        Writes("ExecuteDelete"));

    [Fact]
    public Task Migration() => Rule.Reports(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task RunAsync(NpgsqlConnection connection, Shop shop) => {|CTR104:shop.Database.MigrateAsync()|};
        }
        """,
        Writes("MigrateAsync"));

    [Fact]
    public Task Creation_of_the_database() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static bool RunAsync(NpgsqlConnection connection, Shop shop) => {|CTR104:shop.Database.EnsureCreated()|};
        }
        """,
        Writes("EnsureCreated"));

    [Fact]
    public Task Deletion_of_the_database() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<bool> RunAsync(NpgsqlConnection connection, Shop shop) => {|CTR104:shop.Database.EnsureDeletedAsync()|};
        }
        """,
        Writes("EnsureDeletedAsync"));

    [Fact]
    public Task Binary_import() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static ulong RunAsync(NpgsqlConnection connection)
            {
                using var importer = {|CTR104:connection.BeginBinaryImport("{|CTR101:copy|} notes from stdin (format binary)")|};
                return importer.Complete();
            }
        }
        """,
        Writes("BeginBinaryImport"),
        "The SQL of 'RunAsync' writes with COPY, which a replica refuses; mark the method [WriteCommand], or take COPY out of the SQL");

    [Fact]
    public Task Text_import_with_text_from_elsewhere() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static async Task RunAsync(NpgsqlConnection connection, string copy)
            {
                await using var importer = await {|CTR104:connection.BeginTextImportAsync(copy)|};
                await importer.WriteAsync("1\n");
            }
        }
        """,
        Writes("BeginTextImportAsync"));

    [Fact]
    public Task Command_without_text() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection)
            {
                var command = new NpgsqlCommand { Connection = connection };
                return {|CTR104:command.ExecuteNonQueryAsync()|};
            }
        }
        """,
        RunsUnknown("ExecuteNonQueryAsync"));

    [Fact]
    public Task Command_that_the_caller_made() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection, DbCommand command) => {|CTR104:command.ExecuteNonQuery()|};
        }
        """,
        RunsUnknown("ExecuteNonQuery"));

    [Fact]
    public Task Dapper_with_text_from_elsewhere() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, string sql) => connection.ExecuteAsync({|CTR104:sql|});
        }
        """,
        RunsUnknown("ExecuteAsync"));

    [Fact]
    public Task Verb_from_elsewhere() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, string verb) => connection.ExecuteAsync({|CTR104:verb + " notes"|});
        }
        """,
        RunsUnknown("ExecuteAsync"));

    [Fact]
    public Task Raw_sql_of_the_context_from_elsewhere() => Rule.Reports(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop, string sql) => shop.Database.ExecuteSqlRawAsync({|CTR104:sql|});
        }
        """,
        RunsUnknown("ExecuteSqlRawAsync"));

    [Fact]
    public Task In_a_lambda() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop) => Task.Run(() => {|CTR104:shop.SaveChanges()|});
        }
        """,
        Writes("SaveChanges"));

    [Fact]
    public Task NoFalsePositive_non_query_of_a_known_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static async Task<int> RunAsync(NpgsqlConnection connection)
            {
                await using var command = new NpgsqlCommand("select body from notes", connection);
                return await command.ExecuteNonQueryAsync();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_text_set_before() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection)
            {
                using var command = connection.CreateCommand();
                command.CommandText = "select body from notes";
                return command.ExecuteNonQuery();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_text_in_the_initializer() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection)
            {
                using var command = new NpgsqlCommand { Connection = connection, CommandText = "set local statement_timeout = 100" };
                return command.ExecuteNonQuery();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_batch_of_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection)
            {
                using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1"));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("select 2"));
                return batch.ExecuteNonQuery();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_known_read_by_dapper() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const string Sql = "select body from notes";

            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync(Sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_interpolated_value_of_a_read() => Rule.ReportsNothing(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop, long id) =>
                shop.Database.ExecuteSqlAsync($"select body from notes where id = {id}");
        }
        """);

    [Fact]
    public Task NoFalsePositive_tracking_query() => Rule.ReportsNothing(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<List<Note>> RunAsync(NpgsqlConnection connection, Shop shop) => shop.Notes.ToListAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_migrations_that_are_listed() => Rule.ReportsNothing(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection, Shop shop) => shop.Database.GetPendingMigrations().Count();
        }
        """);

    [Fact]
    public Task NoFalsePositive_database_that_is_looked_for() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static bool Run(NpgsqlConnection connection, Shop shop) => shop.Database.CanConnect();
        }
        """);

    [Fact]
    public Task NoFalsePositive_collections() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection)
            {
                var cache = new Dictionary<long, string>();
                cache.Add(1, "a");
                cache.Remove(1);
                var set = new HashSet<long>();
                set.Add(1);
                return cache.Count + set.Count;
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_save_of_something_else() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, Settings settings) => settings.SaveChanges();
        }

        public sealed class Settings
        {
            public int Saved { get; private set; }

            public void SaveChanges() => Saved++;
        }
        """);

    [Fact]
    public Task NoFalsePositive_methods_of_such_names() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection, Machine machine) => machine.ExecuteNonQuery() + machine.ExecuteUpdate() + machine.ExecuteDelete();
        }

        public sealed class Machine
        {
            public int ExecuteNonQuery() => 1;

            public int ExecuteUpdate() => 2;

            public int ExecuteDelete() => 3;
        }
        """);

    [Fact]
    public Task NoFalsePositive_export() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static async Task<string> RunAsync(NpgsqlConnection connection)
            {
                using var reader = await connection.BeginTextExportAsync("copy notes to stdout");
                return await reader.ReadToEndAsync();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_transaction() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static async Task RunAsync(NpgsqlConnection connection)
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
                await transaction.CommitAsync();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_name_of_a_save() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection, Shop shop) => nameof(shop.SaveChanges);
        }
        """);

    [Fact]
    public Task NoFalsePositive_save_in_an_expression_tree() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection)
            {
                System.Linq.Expressions.Expression<Func<Shop, int>> save = shop => shop.SaveChanges();
                return save.ToString();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_uncalled_local_function() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection, Shop shop)
            {
                return 1;
            #pragma warning disable CS8321
                int Save() => shop.SaveChanges();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_command() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop) => shop.SaveChangesAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_method_without_an_attribute() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public static Task<int> RunAsync(Shop shop) => shop.SaveChangesAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_reader_and_scalar() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static async Task<long> RunAsync(NpgsqlConnection connection)
            {
                await using var command = new NpgsqlCommand("select count(*) from notes", connection);
                return (long)(await command.ExecuteScalarAsync())!;
            }
        }
        """);

    private static string Writes(string api) => $"'RunAsync' calls '{api}', which writes; mark the method [WriteCommand], or take the call out";

    private static string RunsUnknown(string api) =>
        $"'RunAsync' calls '{api}', which runs SQL that isn't known here and returns no rows; mark the method [WriteCommand], or take the call out";

    private static readonly Surroundings Specifications = new()
    {
        Library =
            """
            namespace Specifications
            {
                public interface IReadRepositoryBase<T>
                {
                    System.Threading.Tasks.Task<T> GetByIdAsync(int id);
                }

                public interface IRepositoryBase<T> : IReadRepositoryBase<T>
                {
                    System.Threading.Tasks.Task<T> AddAsync(T entity);
                }

                public class RepositoryBase<T> : IRepositoryBase<T>
                {
                    public System.Threading.Tasks.Task<T> AddAsync(T entity) => throw null;

                    public System.Threading.Tasks.Task<T> GetByIdAsync(int id) => throw null;
                }

                public class Repository
                {
                    public void AddFile(string path) { }
                }
            }
            """,
        Files =
        [
            """
            using Specifications;

            public class Basket;

            public interface IRepository<T> : IRepositoryBase<T>;

            public class EfRepository<T> : RepositoryBase<T>, IRepository<T>;
            """,
        ],
    };

    [Fact]
    public Task A_packages_repository() => Rule.Reports(
        Specifications,
        """
        public sealed partial class Baskets(IRepository<Basket> baskets, RoutedDataSource db)
        {
            [ReadQuery]
            public Task RunAsync(NpgsqlConnection connection) => {|CTR104:baskets.AddAsync(new Basket())|};
        }
        """,
        Writes("AddAsync"));

    [Fact]
    public Task NoFalsePositive_A_packages_repository_that_reads_and_one_of_something_else() => Rule.ReportsNothing(
        Specifications,
        """
        public sealed partial class Baskets(IRepository<Basket> baskets, RoutedDataSource db)
        {
            [ReadQuery]
            public Task RunAsync(NpgsqlConnection connection)
            {
                new Specifications.Repository().AddFile("a");
                return baskets.GetByIdAsync(1);
            }
        }
        """);
}
