using CompileTimeRouting.EntityFrameworkCore.Guards;
using CompileTimeRouting.EntityFrameworkCore.Services;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>Completes the options that an application gives its contexts, and refuses those that routing contradicts.</summary>
internal static class ContextOptions
{
    /// <summary>The most idle contexts that a factory keeps where nobody says: EF's own number.</summary>
    public const int DefaultPoolSize = 1024;

    // Shared by all contexts: they hold nothing, and EF makes one internal service provider for all of them.
    private static readonly SaveGuard Saves = new();
    private static readonly CommandGuard Commands = new();
    private static readonly TransactionGuard Transactions = new();
    private static readonly ConnectionGuard Connections = new();
    private static readonly RoutedContextExtension Services = new();

    /// <summary>Options that refuse a save on a read before an interceptor of the application does anything for it.</summary>
    public static DbContextOptionsBuilder<TContext> Begin<TContext>()
        where TContext : DbContext
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        builder.AddInterceptors(Saves);
        return builder;
    }

    /// <exception cref="InvalidOperationException">
    /// The options name a connection, a provider other than Npgsql's, or services of EF that routed contexts bring.
    /// </exception>
    public static void Complete<TContext>(DbContextOptionsBuilder<TContext> builder)
        where TContext : DbContext
    {
        RequireOwnServices(builder);
#pragma warning disable EF1001 // The one place that tells whether a data source was given.
        var provider = builder.Options.Extensions.FirstOrDefault(static e => e.Info.IsDatabaseProvider);
        var given = provider as NpgsqlOptionsExtension;
        if (provider is not (null or NpgsqlOptionsExtension))
        {
            throw new InvalidOperationException(
                $"The options of {typeof(TContext).Name} use the provider {provider.GetType().Assembly.GetName().Name}; contexts that are routed " +
                "use Npgsql.EntityFrameworkCore.PostgreSQL. Call UseNpgsql() without a connection, or leave it out.");
        }

        if (given is { Connection: not null } or { ConnectionString: not null } or { DataSource: not null })
        {
            throw new InvalidOperationException(
                $"The options of {typeof(TContext).Name} name a connection, but its connections come from RoutedDataSource. " +
                "Call UseNpgsql() without a connection, or leave it out.");
        }

        if (given is { DataSourceBuilderAction: not null } or { ProvideClientCertificatesCallback: not null } or
            { RemoteCertificateValidationCallback: not null } or { ProvidePasswordCallback: not null })
        {
#pragma warning restore EF1001
            throw new InvalidOperationException(
                $"The options of {typeof(TContext).Name} say how to connect (ConfigureDataSource, or a callback for certificates or passwords), " +
                "but its connections come from RoutedDataSource. Say it in RoutingOptions.ConfigureDataSource.");
        }

        builder.UseNpgsql(npgsql =>
        {
            // EF's own default wraps an error that may pass in advice to turn on its retries, which can't work here.
            if (given?.ExecutionStrategyFactory is null)
                npgsql.ExecutionStrategy(static dependencies => new NonRetryingExecutionStrategy(dependencies));
        });

        // Last, so that they see what the application's own interceptors make of a command.
        builder.AddInterceptors(Commands, Transactions, Connections);
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(Services);
    }

    /// <exception cref="InvalidOperationException">The contexts have an execution strategy that tries again.</exception>
    public static void RequireNoRetries(DbContext context)
    {
        if (context.Database.CreateExecutionStrategy().RetriesOnFailure)
        {
            throw new InvalidOperationException(
                $"{context.GetType().Name} has an execution strategy that tries again (EnableRetryOnFailure). It would try on the same broken " +
                "connection, and EF refuses transactions beside it. Remove it: routed methods try again by themselves, on another node and with a fresh context.");
        }
    }

    // Without ours, a compiled query would track, or not, as the first context did that ran it.
    private static void RequireOwnServices<TContext>(DbContextOptionsBuilder<TContext> builder)
        where TContext : DbContext
    {
        var core = builder.Options.FindExtension<CoreOptionsExtension>();
        if (core?.InternalServiceProvider is not null)
        {
            throw new InvalidOperationException(
                $"The options of {typeof(TContext).Name} name an internal service provider (UseInternalServiceProvider), but routed contexts bring " +
                "services of their own. Leave it out; EF makes one provider for all of them.");
        }

#pragma warning disable EF1001 // The service that is refused.
        if (core?.ReplacedServices?.Keys.Any(static replaced => replaced.Item1 == typeof(IQueryCompiler)) == true)
#pragma warning restore EF1001
        {
            throw new InvalidOperationException(
                $"The options of {typeof(TContext).Name} replace EF's IQueryCompiler, but routed contexts have one of their own. " +
                "Put yours around EF's in an IDbContextOptionsExtension; routed contexts then use it.");
        }
    }
}
