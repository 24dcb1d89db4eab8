using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>The fields of a context class, which EF's pool doesn't reset, are set at each lease.</summary>
public sealed class LeaseHookTests(RoutedCluster cluster)
{
    private static readonly AsyncLocal<string?> CurrentTenant = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_call_sees_its_own_tenant()
    {
        var names = new[] { Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N") };
        foreach (var name in names)
            await Library.AddAuthorAsync(cluster, name);
        await using var source = cluster.Open();
        var contexts = new RoutedDbContextFactory<TenantContext>(source, onLease: static context => context.Tenant = CurrentTenant.Value);
        var authors = new TenantRepository(contexts);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            CurrentTenant.Value = names[i % 2];
            Assert.Equal([names[i % 2]], await authors.NamesAsync(Ct));
            Assert.Equal([names[i % 2]], await authors.NamesAsync(Ct));
            Assert.Equal(1, authors.Touch());
            Assert.Equal(1, await authors.TouchInTransactionAsync());
        }));
        CurrentTenant.Value = null;
        Assert.Empty(await authors.NamesAsync(Ct));
    }

    [Fact]
    public async Task A_lease_whose_hook_throws_is_given_back()
    {
        await using var source = cluster.Open();
        var contexts = new RoutedDbContextFactory<TenantContext>(
            source, onLease: static context => context.Tenant = CurrentTenant.Value ?? throw new UnauthorizedAccessException("no tenant"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await contexts.CreateReadAsync(Ct));
        Assert.Throws<UnauthorizedAccessException>(() => contexts.CreateWrite());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => new TenantRepository(contexts).TouchInTransactionAsync());
        Assert.All(source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
        CurrentTenant.Value = "somebody";
        await using var read = await contexts.CreateReadAsync(Ct);
        Assert.Equal("somebody", read.Context.Tenant);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_gives_it_back_without_blocking(bool isPooled)
    {
        await using var source = cluster.Open();
        TenantContext? lent = null;
        var contexts = new RoutedDbContextFactory<TenantContext>(source, onLease: context =>
        {
            (lent = context).HasBlocked = false;
            throw new UnauthorizedAccessException("no tenant");
        });
        if (isPooled)
        {
            await using var read = await source.OpenReadAsync(Ct);
            await using var write = await source.OpenWriteAsync(Ct);
        }

        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await contexts.CreateReadAsync(Ct));
        Assert.False(lent!.HasBlocked);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await contexts.CreateWriteAsync(Ct));
        Assert.False(lent!.HasBlocked);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => new TenantRepository(contexts).TouchInTransactionAsync());
        Assert.False(lent!.HasBlocked);
        Assert.All(source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
        Assert.Throws<UnauthorizedAccessException>(() => contexts.CreateWrite());
        Assert.True(lent.HasBlocked);
    }

    [Fact]
    public async Task A_host_hands_its_services_over()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSingleton("the tenant")
            .AddRoutedDataSource(o => o.Primary = cluster.Nodes.Primary.ConnectionString)
            .AddRoutedDbContextFactory<TenantContext>(onLease: static (provider, context) => context.Tenant = provider.GetRequiredService<string>())
            .AddRoutedDbContextFactory<TenantContext>(static o => o.EnableDetailedErrors(), onLease: static (_, context) => context.Tenant += "!");
        using var host = builder.Build();
        var contexts = host.Services.GetRequiredService<RoutedDbContextFactory<TenantContext>>();
        for (var i = 0; i < 2; i++)
        {
            await using var read = await contexts.CreateReadAsync(Ct);
            Assert.Equal("the tenant!", read.Context.Tenant);
        }
    }
}

public sealed class TenantContext(DbContextOptions<TenantContext> options) : LibraryContext(options)
{
    public string? Tenant { get; set; }

    /// <summary>Whether it was given back by a call that blocks.</summary>
    public bool HasBlocked { get; set; }

    public override void Dispose()
    {
        HasBlocked = true;
        base.Dispose();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Author>().HasQueryFilter(a => a.Name == Tenant);
    }
}

internal sealed partial class TenantRepository(RoutedDbContextFactory<TenantContext> contexts)
{
    private static readonly Func<TenantContext, IAsyncEnumerable<Author>> Compiled = EF.CompileAsyncQuery(static (TenantContext db) => db.Authors.Where(a => a.Id > 0));

    [ReadQuery]
    public static async Task<List<string>> NamesAsync(TenantContext db, CancellationToken ct)
    {
        var names = await db.Authors.Select(static a => a.Name).ToListAsync(ct);
        var again = new List<string>();
        await foreach (var author in Compiled(db).WithCancellation(ct))
            again.Add(author.Name);
        Assert.Equal(names, again);
        return names;
    }

    [WriteCommand]
    public static int Touch(TenantContext db) => db.Authors.ExecuteUpdate(static change => change.SetProperty(static a => a.Name, static a => a.Name));

    [WriteCommand(Transaction = true)]
    public static Task<int> TouchInTransactionAsync(TenantContext db) =>
        db.Authors.ExecuteUpdateAsync(static change => change.SetProperty(static a => a.Name, static a => a.Name));
}
