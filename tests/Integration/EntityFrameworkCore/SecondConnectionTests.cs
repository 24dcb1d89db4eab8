using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>
/// Where EF opens a connection beside the lease's, it leads to the same server: the application may have a data source of its
/// own for another one, and the provider would take that.
/// </summary>
public sealed class SecondConnectionTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_source_of_the_application_is_no_connection_of_the_contexts()
    {
        using var host = Build(cluster.Nodes.Primary.ConnectionString);
        var contexts = host.Services.GetRequiredService<RoutedDbContextFactory<LibraryContext>>();
        await using var write = await contexts.CreateWriteAsync(Ct);
        Assert.Equal(write.Context.Database.GetDbConnection().ConnectionString, write.Context.Database.GetConnectionString());
        Assert.True(await write.Context.Database.CanConnectAsync(Ct));
        Assert.False(await write.Context.Database.EnsureCreatedAsync(Ct));
        await write.Context.Authors.CountAsync(Ct);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_database_that_is_deleted_is_the_primarys(bool isAsync)
    {
        var name = $"scratch_{Guid.NewGuid():N}";
        await using (var admin = NpgsqlDataSource.Create(cluster.Nodes.Primary.AdminConnectionString))
        {
            await using var create = admin.CreateCommand($"create database {name} owner {new NpgsqlConnectionStringBuilder(cluster.Nodes.Primary.ConnectionString).Username}");
            await create.ExecuteNonQueryAsync(Ct);
        }

        Assert.Equal(1L, await CountAsync(name));
        using var host = Build(cluster.Primary(o => o.Database = name));
        var contexts = host.Services.GetRequiredService<RoutedDbContextFactory<LibraryContext>>();
        await using var write = await contexts.CreateWriteAsync(Ct);

        Assert.True(isAsync ? await write.Context.Database.EnsureDeletedAsync(Ct) : write.Context.Database.EnsureDeleted());

        Assert.Equal(0L, await CountAsync(name));
    }

    private static IHost Build(string primary)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=of_something_else"))
            .AddRoutedDataSource(o => o.Primary = primary)
            .AddRoutedDbContextFactory<LibraryContext>();
        return builder.Build();
    }

    private async Task<long> CountAsync(string database)
    {
        await using var primary = new NpgsqlConnection(cluster.Nodes.Primary.ConnectionString);
        await primary.OpenAsync(Ct);
        return (long)(await primary.ScalarAsync($"select count(*) from pg_database where datname = '{database}'"))!;
    }
}
