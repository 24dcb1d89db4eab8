using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

public class Author
{
    public long Id { get; set; }

    public string Name { get; set; } = "";

    public virtual ICollection<Book> Books { get; } = [];
}

public class Book
{
    public long Id { get; set; }

    public string Title { get; set; } = "";

    public virtual Author Author { get; set; } = null!;
}

/// <summary>The context of these tests; its tables are the cluster's.</summary>
public class LibraryContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Author> Authors => Set<Author>();

    public DbSet<Book> Books => Set<Book>();

    /// <summary>A function of the server, for LINQ.</summary>
    public static long NextValue(string sequence) => throw new NotSupportedException(sequence);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Author>(author =>
        {
            author.ToTable("authors");
            author.Property(a => a.Id).HasColumnName("id");
            author.Property(a => a.Name).HasColumnName("name");
        });
        modelBuilder.Entity<Book>(book =>
        {
            book.ToTable("books");
            book.Property(b => b.Id).HasColumnName("id");
            book.Property(b => b.Title).HasColumnName("title");
            book.HasOne(b => b.Author).WithMany(a => a.Books).HasForeignKey("author_id");
        });
        modelBuilder.HasDbFunction(() => NextValue("")).HasName("nextval").IsBuiltIn();
    }
}

/// <summary>A data source and a factory over it, of one test.</summary>
internal sealed class Library : IAsyncDisposable
{
    private Library(RoutedDataSource source, Action<DbContextOptionsBuilder<LibraryContext>>? configure)
    {
        Source = source;
        Contexts = new RoutedDbContextFactory<LibraryContext>(source, options =>
        {
            options.ConfigureWarnings(static w => w.Throw(CoreEventId.ManyServiceProvidersCreatedWarning));
            configure?.Invoke(options);
        });
    }

    public RoutedDataSource Source { get; }

    public RoutedDbContextFactory<LibraryContext> Contexts { get; }

    public static Library Open(
        RoutedCluster cluster, int replicas = 2, ILoggerFactory? logs = null, Action<DbContextOptionsBuilder<LibraryContext>>? configure = null) =>
        new(RoutedDataSource.Create(cluster.Options(replicas), logs), configure);

    /// <returns>The id of an author of that name, and as many books, which every replica has.</returns>
    public static async Task<long> AddAuthorAsync(RoutedCluster cluster, string name, int books = 0)
    {
        await cluster.ExecuteAsync($"""
            with author as (insert into authors (name) values ('{name}') returning id)
            insert into books (title, author_id) select '{name} ' || n, id from author, generate_series(1, {books}) as n
            """);
        await using var primary = new Npgsql.NpgsqlConnection(cluster.Nodes.Primary.ConnectionString);
        await primary.OpenAsync();
        var id = (long)(await primary.ScalarAsync($"select id from authors where name = '{name}'"))!;
        await cluster.Nodes.WaitUntilCaughtUpAsync();
        return id;
    }

    public async ValueTask DisposeAsync() => await Source.DisposeAsync();
}

internal static class Server
{
    /// <summary>Whether the server that the context is connected with is a replica.</summary>
    public static Task<bool> IsReplicaAsync(this DbContext context, CancellationToken ct) =>
        context.Database.SqlQueryRaw<bool>("select pg_is_in_recovery() as \"Value\"").SingleAsync(ct);
}
