using CompileTimeRouting.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CompileTimeRouting.Integration.EntityFrameworkCore.Shelves;

public enum ShelfKind
{
    Open,
    Closed,
}

public class Shelf
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    public ShelfKind Kind { get; set; }

    public List<string> Rooms { get; set; } = [];
}

/// <summary>
/// A context whose schema comes from migrations and whose model is compiled: <c>Migrations</c> and <c>Model</c> are what
/// <c>dotnet ef migrations add</c> and <c>dotnet ef dbcontext optimize</c> wrote.
/// </summary>
public sealed class ShelfContext(DbContextOptions<ShelfContext> options) : DbContext(options)
{
    public const string Schema = "shelving";

    public DbSet<Shelf> Shelves => Set<Shelf>();

    /// <summary>What the application and the tool share.</summary>
    public static void Configure(DbContextOptionsBuilder options) => options.UseNpgsql(static npgsql => npgsql.MigrationsHistoryTable("history", Schema));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Shelf>().Property(s => s.Kind).HasConversion<string>();
    }
}

internal sealed class ShelfContextDesign : IDesignTimeDbContextFactory<ShelfContext>
{
    public ShelfContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ShelfContext>();
        ShelfContext.Configure(options);
        return new ShelfContext(options.Options);
    }
}

internal sealed partial class ShelfRepository(RoutedDbContextFactory<ShelfContext> contexts)
{
    [WriteCommand]
    public partial Task MigrateAsync(CancellationToken ct = default);

    private static Task MigrateAsync(ShelfContext db, CancellationToken ct) => db.Database.MigrateAsync(ct);

    [WriteCommand]
    public partial Task<long> AddAsync(string label, string room, CancellationToken ct = default);

    private static async Task<long> AddAsync(ShelfContext db, string label, string room, CancellationToken ct)
    {
        var shelf = new Shelf { Label = label, Kind = ShelfKind.Closed, Rooms = { room } };
        db.Shelves.Add(shelf);
        await db.SaveChangesAsync(ct);
        return shelf.Id;
    }

    [WriteCommand(Transaction = true)]
    public partial Task MoveAsync(long id, string room, CancellationToken ct = default);

    private static async Task MoveAsync(ShelfContext db, long id, string room, CancellationToken ct)
    {
        var shelf = await db.Shelves.SingleAsync(s => s.Id == id, ct);
        shelf.Rooms.Add(room);
        await db.SaveChangesAsync(ct);
    }

    [ReadQuery]
    public partial Task<Shelf?> FindAsync(long id, CancellationToken ct = default);

    private static Task<Shelf?> FindAsync(ShelfContext db, long id, CancellationToken ct) =>
        db.Shelves.SingleOrDefaultAsync(s => s.Id == id, ct);
}
