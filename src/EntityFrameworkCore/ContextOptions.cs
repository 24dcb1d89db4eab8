using CompileTimeRouting.EntityFrameworkCore.Guards;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>Completes the options that an application gives its contexts, and refuses those that routing contradicts.</summary>
internal static class ContextOptions
{
    // Shared by all contexts: they hold nothing, and EF makes a new internal service provider for none of them.
    private static readonly SaveGuard Saves = new();
    private static readonly CommandGuard Commands = new();
    private static readonly TransactionGuard Transactions = new();
    private static readonly ConnectionGuard Connections = new();

    /// <exception cref="InvalidOperationException">The options name a connection, or a provider other than Npgsql's.</exception>
    public static void Complete<TContext>(DbContextOptionsBuilder<TContext> builder)
        where TContext : DbContext
    {
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
#pragma warning restore EF1001
            throw new InvalidOperationException(
                $"The options of {typeof(TContext).Name} name a connection, but its connections come from RoutedDataSource. " +
                "Call UseNpgsql() without a connection, or leave it out.");
        }

        builder.UseNpgsql(npgsql =>
        {
            // EF's own default wraps an error that may pass in advice to turn on its retries, which can't work here.
            if (given?.ExecutionStrategyFactory is null)
                npgsql.ExecutionStrategy(static dependencies => new NonRetryingExecutionStrategy(dependencies));
        });

        // Last, so that they see what the application's own interceptors make of a command.
        builder.AddInterceptors(Saves, Commands, Transactions, Connections);
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
}
