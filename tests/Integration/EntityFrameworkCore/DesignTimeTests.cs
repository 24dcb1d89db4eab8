using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.EntityFrameworkCore.Shelves;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>What <c>dotnet ef</c> writes works on routed contexts: migrations and a compiled model.</summary>
public sealed class DesignTimeTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrations_make_the_schema_and_change_it_on_the_primary()
    {
        await using var source = await OpenAsync();
        var contexts = new RoutedDbContextFactory<ShelfContext>(source, ShelfContext.Configure);
        var shelves = new ShelfRepository(contexts);
        await using (var write = await contexts.CreateWriteAsync(Ct))
        {
            await write.Context.GetService<IMigrator>().MigrateAsync("CreateShelves", Ct);
            Assert.Equal(["Id", "Kind", "Label"], await ColumnsAsync(write.Context));
            Assert.Single(await write.Context.Database.GetPendingMigrationsAsync(Ct));
        }

        // As instances do that start at the same time.
        await Task.WhenAll(shelves.MigrateAsync(Ct), shelves.MigrateAsync(Ct));
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);

        await using var read = await contexts.CreateReadAsync(Ct);
        Assert.Equal(["Id", "Kind", "Label", "Rooms"], await ColumnsAsync(read.Context));
        await using var next = await contexts.CreateWriteAsync(Ct);
        await next.Context.Database.MigrateAsync(Ct);
        Assert.Equal(["20260101000000_CreateShelves", "20260102000000_AddRooms"], await next.Context.Database.GetAppliedMigrationsAsync(Ct));
    }

    [Fact]
    public async Task A_compiled_model_serves_every_node()
    {
        await using var source = await OpenAsync();
        var contexts = new RoutedDbContextFactory<ShelfContext>(source, ShelfContext.Configure);
        var shelves = new ShelfRepository(contexts);
        await shelves.MigrateAsync(Ct);
        var id = await shelves.AddAsync("Travel", "1.04", Ct);
        await shelves.MoveAsync(id, "2.11", Ct);
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);

        var nodes = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            await using var lease = i % 3 == 0 ? await contexts.CreateWriteAsync(Ct) : await contexts.CreateReadAsync(Ct);
            Assert.Same(ShelfContextModel.Instance, lease.Context.Model);
            nodes.Add(lease.NodeName);
        }

        Assert.Superset(new HashSet<string> { "primary", "replica-1", "replica-2" }, nodes);
        var shelf = await shelves.FindAsync(id, Ct);
        Assert.Equal(("Travel", ShelfKind.Closed), (shelf!.Label, shelf.Kind));
        Assert.Equal(["1.04", "2.11"], shelf.Rooms);
    }

    [Fact]
    public void The_tool_makes_a_context_without_a_server()
    {
        using var context = new ShelfContextDesign().CreateDbContext([]);
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Contains("shelving", context.Database.GenerateCreateScript(), StringComparison.Ordinal);
    }

    private async Task<RoutedDataSource> OpenAsync()
    {
        await cluster.ExecuteAsync($"drop schema if exists {ShelfContext.Schema} cascade");
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        return cluster.Open();
    }

    private static Task<List<string>> ColumnsAsync(ShelfContext context) => context.Database
        .SqlQuery<string>($"select column_name as \"Value\" from information_schema.columns where table_schema = {ShelfContext.Schema} and table_name = 'Shelves' order by 1")
        .ToListAsync(Ct);
}
