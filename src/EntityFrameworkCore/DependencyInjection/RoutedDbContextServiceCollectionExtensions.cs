using CompileTimeRouting;
using CompileTimeRouting.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="RoutedDbContextFactory{TContext}"/>.</summary>
/// <remarks>
/// Each registration adds the factory as a singleton over the registered <see cref="RoutedDataSource"/>, and makes it when the
/// host starts, so that options that can't work fail the start. Registering the same context again only adds to its options.
/// </remarks>
public static class RoutedDbContextServiceCollectionExtensions
{
    /// <summary>Adds a factory over the registered data source, with the default options.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDbContextFactory<TContext>(this IServiceCollection services)
        where TContext : DbContext => Add<TContext>(services, null, static (_, _) => { });

    /// <summary>Adds a factory over the registered data source.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDbContextFactory<TContext>(this IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add<TContext>(services, null, (_, options) => configure(options));
    }

    /// <summary>Adds a factory over the registered data source, with options that need services.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDbContextFactory<TContext>(
        this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add<TContext>(services, null, configure);
    }

    /// <summary>Adds a factory, under a key, over the data source that is registered under the same key.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the data source.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedRoutedDbContextFactory<TContext>(this IServiceCollection services, object key)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add<TContext>(services, key, static (_, _) => { });
    }

    /// <summary>Adds a factory, under a key, over the data source that is registered under the same key.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the data source.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedRoutedDbContextFactory<TContext>(
        this IServiceCollection services, object key, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add<TContext>(services, key, configure);
    }

    private static IServiceCollection Add<TContext>(
        IServiceCollection services, object? key, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(new ContextConfiguration<TContext>(key, configure));
        if (services.Any(s => s.ServiceType == typeof(RoutedDbContextFactory<TContext>) && Equals(s.ServiceKey, key)))
            return services;
        if (key is null)
            services.AddSingleton(static provider => Create<TContext>(provider, null));
        else
            services.AddKeyedSingleton(key, static (provider, key) => Create<TContext>(provider, key));
        services.AddSingleton<IHostedService>(provider => new ContextStartup(() => Get<RoutedDbContextFactory<TContext>>(provider, key)));
        return services;
    }

    private static RoutedDbContextFactory<TContext> Create<TContext>(IServiceProvider provider, object? key)
        where TContext : DbContext
    {
        var source = Get<RoutedDataSource>(provider, key) ?? throw new InvalidOperationException(
            $"The contexts of {typeof(TContext).Name} have no RoutedDataSource to get their connections from: call " +
            (key is null ? "AddRoutedDataSource." : $"AddKeyedRoutedDataSource with the key '{key}'."));
        return new RoutedDbContextFactory<TContext>(source, options =>
        {
            options.UseApplicationServiceProvider(provider);
            foreach (var configuration in provider.GetServices<ContextConfiguration<TContext>>())
            {
                if (Equals(configuration.Key, key))
                    configuration.Configure(provider, options);
            }
        });
    }

    private static T? Get<T>(IServiceProvider provider, object? key)
        where T : class => key is null ? provider.GetService<T>() : provider.GetKeyedService<T>(key);
}
