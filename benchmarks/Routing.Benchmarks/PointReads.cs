using CompileTimeRouting.EntityFrameworkCore;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace CompileTimeRouting.Routing.Benchmarks;

public sealed record Customer(long Id, string Name, string City);

/// <summary>The same read of one row by its key, written in each way.</summary>
public sealed partial class RoutedReads(RoutedDataSource db)
{
    [ReadQuery("select id, name, city from customers where id = @id")]
    public partial Task<Customer?> FindAsync(long id);

    /// <summary>A core of the user's own: its lease is reset.</summary>
    [ReadQuery]
    public static async Task<Customer?> FindByCoreAsync(NpgsqlConnection connection, long id) => await HandWritten.ReadAsync(connection, id);
}

internal static class HandWritten
{
    public const string Sql = "select id, name, city from customers where id = $1";

    public static async Task<Customer?> FindAsync(NpgsqlDataSource source, long id)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await ReadAsync(connection, id);
    }

    public static async Task<Customer?> ReadAsync(NpgsqlConnection connection, long id)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } };
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? new Customer(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)) : null;
    }
}

[DapperAot(false)]
internal static class ByDapper
{
    public static async Task<Customer?> FindAsync(NpgsqlDataSource source, long id)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Customer>("select id, name, city from customers where id = @id", new { id });
    }
}

[DapperAot]
internal static class ByDapperAot
{
    public static async Task<Customer?> FindAsync(NpgsqlDataSource source, long id)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Customer>("select id, name, city from customers where id = @id", new { id });
    }
}

/// <summary>The read by EF Core, over a context that the shim lends.</summary>
internal sealed partial class RoutedContextReads(RoutedDbContextFactory<CustomerContext> contexts)
{
    // EF takes a compiled query for one model only, and contexts that aren't routed have another.
    private static readonly Func<CustomerContext, long, Task<Customer?>> Find = CustomerContext.Compile();

    [ReadQuery]
    public static Task<Customer?> FindAsync(CustomerContext db, long id) => Find(db, id);
}

internal sealed class CustomerContext(DbContextOptions<CustomerContext> options) : DbContext(options)
{
    private static readonly Func<CustomerContext, long, Task<Customer?>> FindCompiled = Compile();

    public DbSet<Customer> Customers => Set<Customer>();

    public static Func<CustomerContext, long, Task<Customer?>> Compile() => EF.CompileAsyncQuery(
        (CustomerContext db, long id) => db.Customers.AsNoTracking().SingleOrDefault(c => c.Id == id));

    public static PooledDbContextFactory<CustomerContext> Factory(NpgsqlDataSource source) =>
        new(new DbContextOptionsBuilder<CustomerContext>().UseNpgsql(source).Options);

    public static async Task<Customer?> FindAsync(PooledDbContextFactory<CustomerContext> factory, long id)
    {
        await using var context = await factory.CreateDbContextAsync();
        return await FindCompiled(context, id);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Customer>(customer =>
    {
        customer.ToTable("customers");
        customer.Property(c => c.Id).HasColumnName("id");
        customer.Property(c => c.Name).HasColumnName("name");
        customer.Property(c => c.City).HasColumnName("city");
    });
}
