using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>How a factory is registered, and which options it refuses at the start.</summary>
public sealed class ContextOptionsTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_has_the_factory()
    {
        using var host = Host(services => services
            .AddRoutedDataSource(Configure)
            .AddRoutedDbContextFactory<LibraryContext>()
            .AddRoutedDbContextFactory<LibraryContext>(static o => o.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTrackingWithIdentityResolution))
            .AddRoutedDbContextFactory<LibraryContext>(static (provider, o) => o.EnableDetailedErrors(provider.GetRequiredService<IHostEnvironment>() is not null)));
        await host.StartAsync(Ct);
        var contexts = host.Services.GetRequiredService<RoutedDbContextFactory<LibraryContext>>();
        await using (var read = await contexts.CreateReadAsync(Ct))
        {
            Assert.True(await read.Context.IsReplicaAsync(Ct));
            Assert.Equal(QueryTrackingBehavior.NoTrackingWithIdentityResolution, read.Context.ChangeTracker.QueryTrackingBehavior);
        }

        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task Each_key_has_its_own()
    {
        using var host = Host(services => services
            .AddKeyedRoutedDataSource("one", Configure)
            .AddKeyedRoutedDataSource("two", o => o.Primary = cluster.Nodes.Primary.ConnectionString)
            .AddKeyedRoutedDbContextFactory<LibraryContext>("one")
            .AddKeyedRoutedDbContextFactory<LibraryContext>("two", static (_, o) => o.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTrackingWithIdentityResolution)));
        await host.StartAsync(Ct);
        await using (var one = await host.Services.GetRequiredKeyedService<RoutedDbContextFactory<LibraryContext>>("one").CreateReadAsync(Ct))
            Assert.Equal(("one:", QueryTrackingBehavior.NoTracking), (one.NodeName[..4], one.Context.ChangeTracker.QueryTrackingBehavior));
        await using (var two = await host.Services.GetRequiredKeyedService<RoutedDbContextFactory<LibraryContext>>("two").CreateReadAsync(Ct))
            Assert.Equal(("two:primary-read-only", QueryTrackingBehavior.NoTrackingWithIdentityResolution), (two.NodeName, two.Context.ChangeTracker.QueryTrackingBehavior));
        await host.StopAsync(Ct);
    }

    public static TheoryData<string, string> Refused() => new()
    {
        { "retries", "EnableRetryOnFailure" },
        { "connection", "name a connection" },
        { "source", "name a connection" },
        { "how to connect", "RoutingOptions.ConfigureDataSource" },
        { "password", "RoutingOptions.ConfigureDataSource" },
        { "provider", "use the provider CompileTimeRouting.Integration" },
        { "services", "UseInternalServiceProvider" },
        { "compiler", "IQueryCompiler" },
        { "class", nameof(UnpooledContext) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Options_that_cannot_work_fail_the_start(string options, string message)
    {
        using var host = Host(services =>
        {
            services.AddRoutedDataSource(Configure);
            if (options == "class")
                services.AddRoutedDbContextFactory<UnpooledContext>();
            else
                services.AddRoutedDbContextFactory<LibraryContext>(o => Break(o, options));
        });
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Ct));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_data_source_the_start_fails()
    {
        using var host = Host(static services => services.AddRoutedDbContextFactory<LibraryContext>());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Ct));
        Assert.Contains("AddRoutedDataSource", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_has_the_size_that_was_registered_last()
    {
        using var host = Host(services => services
            .AddRoutedDataSource(Configure)
            .AddRoutedDbContextFactory<LibraryContext>(poolSize: 100)
            .AddRoutedDbContextFactory<LibraryContext>(static o => o.EnableDetailedErrors(), poolSize: 1)
            .AddRoutedDbContextFactory<LibraryContext>()
            .AddKeyedRoutedDataSource("other", Configure)
            .AddKeyedRoutedDbContextFactory<LibraryContext>("other", static o => o.EnableDetailedErrors()));
        Assert.Equal(1, await KeptAsync(host.Services.GetRequiredService<RoutedDbContextFactory<LibraryContext>>()));
        Assert.Equal(2, await KeptAsync(host.Services.GetRequiredKeyedService<RoutedDbContextFactory<LibraryContext>>("other")));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ServiceCollection().AddRoutedDbContextFactory<LibraryContext>(poolSize: 0));

        // How many of two contexts that were lent at the same time are lent again.
        static async Task<int> KeptAsync(RoutedDbContextFactory<LibraryContext> contexts)
        {
            var first = await LendTwoAsync(contexts);
            return (await LendTwoAsync(contexts)).Count(first.Contains);
        }

        static async Task<List<LibraryContext>> LendTwoAsync(RoutedDbContextFactory<LibraryContext> contexts)
        {
            await using var one = await contexts.CreateReadAsync(Ct);
            await using var two = await contexts.CreateReadAsync(Ct);
            return [one.Context, two.Context];
        }
    }

    private static void Break(DbContextOptionsBuilder options, string how)
    {
        switch (how)
        {
            case "retries":
                options.UseNpgsql(static npgsql => npgsql.EnableRetryOnFailure());
                break;
            case "connection":
                options.UseNpgsql("Host=localhost");
                break;
            case "how to connect":
                options.UseNpgsql(static npgsql => npgsql.ConfigureDataSource(static source => source.EnableDynamicJson()));
                break;
            case "password":
#pragma warning disable CS0618 // Refused like its successor.
                options.UseNpgsql(static npgsql => npgsql.ProvidePasswordCallback(static (_, _, _, _) => ""));
#pragma warning restore CS0618
                break;
            case "provider":
                ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(new OtherProvider());
                break;
            case "services":
                options.UseInternalServiceProvider(new ServiceCollection().AddEntityFrameworkNpgsql().BuildServiceProvider());
                break;
            case "compiler":
#pragma warning disable EF1001 // What some libraries replace.
                options.ReplaceService<Microsoft.EntityFrameworkCore.Query.Internal.IQueryCompiler, Microsoft.EntityFrameworkCore.Query.Internal.QueryCompiler>();
#pragma warning restore EF1001
                break;
            default:
                options.UseNpgsql(new Npgsql.NpgsqlDataSourceBuilder("Host=localhost").Build());
                break;
        }
    }

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        return builder.Build();
    }

    private void Configure(RoutingOptions options)
    {
        var given = cluster.Options();
        options.Primary = given.Primary;
        foreach (var replica in given.Replicas)
            options.Replicas.Add(replica);
    }

    private sealed class OtherProvider : IDbContextOptionsExtension
    {
        public DbContextOptionsExtensionInfo Info => new ProviderInfo(this);

        public void ApplyServices(IServiceCollection services)
        {
        }

        public void Validate(IDbContextOptions options)
        {
        }

        private sealed class ProviderInfo(OtherProvider provider) : DbContextOptionsExtensionInfo(provider)
        {
            public override bool IsDatabaseProvider => true;

            public override string LogFragment => "";

            public override int GetServiceProviderHashCode() => 0;

            public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ProviderInfo;

            public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
            {
            }
        }
    }

    public sealed class UnpooledContext(DbContextOptions<UnpooledContext> options, IServiceProvider services) : LibraryContext(options)
    {
        public IServiceProvider Services => services;
    }
}
