namespace CompileTimeRouting.Generator.Tests;

/// <summary>Cores that take a context of EF Core.</summary>
public class ContextTests
{
    [Fact]
    public Task Declared_shims() => Verify("""
        public sealed partial class Repository(RoutedDbContextFactory<Shop> contexts)
        {
            [ReadQuery]
            public partial Task<List<int>> IdsAsync(int from, CancellationToken ct = default);
            private static Task<List<int>> IdsAsync(Shop db, int from, CancellationToken ct) => db.Notes.Where(n => n.Id >= from).Select(n => n.Id).ToListAsync(ct);

            [ReadQuery(Retry = false)]
            public partial Task<int> CountAsync();
            private static Task<int> CountAsync(Shop db) => db.Notes.CountAsync();

            [WriteCommand]
            public partial Task RenameAsync(int id);
            private static Task RenameAsync(Shop db, int id) => db.SaveChangesAsync();

            [WriteCommand(Transaction = true)]
            public partial Task<int> SaveAsync(CancellationToken ct = default);
            private static Task<int> SaveAsync(Shop db, CancellationToken ct) => db.SaveChangesAsync(ct);

            [WriteCommand(Transaction = true)]
            public partial int Save();
            private int Save(Shop db) => db.SaveChanges();

            [ReadQuery]
            public partial int Count(int from);
            private static int Count(Shop db, int from) => db.Notes.Count(n => n.Id >= from);

            [ReadQuery]
            public partial IAsyncEnumerable<Note> StreamAsync(CancellationToken ct = default);
            private static IAsyncEnumerable<Note> StreamAsync(Shop db, CancellationToken ct) => db.Notes.AsAsyncEnumerable();
        }
        """);

    [Fact]
    public Task Overloads() => Verify("""
        public static partial class Notes
        {
            private static RoutedDbContextFactory<Shop> Contexts { get; } = null!;

            /// <summary>Counts.</summary>
            [ReadQuery]
            public static Task<int> CountAsync(this Shop db, CancellationToken ct = default) => db.Notes.CountAsync(ct);
        }
        """);

    [Fact]
    public Task Each_core_has_what_opens_its_parameter() => Verify("""
        public sealed partial class Repository(RoutedDataSource db, RoutedDbContextFactory<Shop> contexts, RoutedDbContextFactory<Archive>? archives)
        {
            [ReadQuery] public partial Task<int> OneAsync();
            private static Task<int> OneAsync(NpgsqlConnection connection) => Task.FromResult(1);

            [ReadQuery] public partial Task<int> TwoAsync();
            private static Task<int> TwoAsync(Shop shop) => shop.Notes.CountAsync();

            [ReadQuery] public partial Task<int> ThreeAsync();
            private static Task<int> ThreeAsync(Archive archive) => archive.Notes.CountAsync();

            [ReadQuery("select 4")] public partial Task<int> FourAsync();
        }
        """);

    [Fact]
    public Task Factory_of_a_derived_context_opens_its_bases() => Verify("""
        public abstract class Base(RoutedDbContextFactory<Archive> contexts) { protected RoutedDbContextFactory<Archive> Contexts { get; } = contexts; }
        public sealed partial class Repository(RoutedDbContextFactory<Archive> contexts) : Base(contexts)
        {
            [ReadQuery] public static Task<int> CountAsync(Shop shop) => shop.Notes.CountAsync();

            [ReadQuery] public partial Task<int> AnyAsync();
            private static Task<int> AnyAsync(DbContext? context) => Task.FromResult(0);
            private static Task<int> AnyAsync(Archive archive, int other) => Task.FromResult(other);
        }
        """);

    [Fact]
    public Task Context_of_a_generic_repository() => Verify("""
        public partial class Repository<TContext>(RoutedDbContextFactory<TContext> contexts) where TContext : Shop
        {
            [ReadQuery] public partial Task<int> CountAsync();
            private static Task<int> CountAsync(Shop shop) => shop.Notes.CountAsync();

            [ReadQuery] public Task<int> TotalAsync(TContext context) => context.Notes.CountAsync();
        }
        """);

    [Fact]
    public Task Refused_beside_a_data_source() => Verify("""
        public sealed partial class Repository(RoutedDataSource db, RoutedDbContextFactory<Shop> contexts)
        {
            [ReadQuery] public partial Task<int> NoCoreAsync();
        }
        public sealed partial class Contexts(RoutedDbContextFactory<Shop> contexts)
        {
            [ReadQuery] public partial Task<int> NoCoreAsync();
        }
        public sealed partial class Several(RoutedDbContextFactory<Shop> first, RoutedDbContextFactory<Shop> second)
        {
            [ReadQuery] public partial Task<int> CountAsync();
            private static Task<int> CountAsync(Shop db) => db.Notes.CountAsync();
        }
        """);

    private static Task Verify(string source) => GeneratorTest.Verify($$"""
        namespace App;
        using CompileTimeRouting.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore;
        public sealed record Note(int Id);
        public class Shop(DbContextOptions options) : DbContext(options) { public DbSet<Note> Notes => Set<Note>(); }
        public sealed class Archive(DbContextOptions<Archive> options) : Shop(options);
        {{source}}
        """);
}
