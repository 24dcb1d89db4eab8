using CompileTimeRouting;
using CompileTimeRouting.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="RoutedDbContextFactory{TContext}"/>.</summary>
/// <remarks>
/// Each registration adds the factory as a singleton over the registered <see cref="RoutedDataSource"/>, and makes it when the
/// host starts, so that options that can't work fail the start. Registering the same context again only adds to its options and
/// to what is done at each lease; of several pool sizes the last one counts.
/// </remarks>
public static class RoutedDbContextServiceCollectionExtensions
{
    /// <summary>Adds a factory over the registered data source, with the default options.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">
    /// Called with each context that is about to be lent, in the flow of execution that asked for it: the place to set fields of the
    /// class itself, which EF's pool doesn't reset (a tenant in a query filter). The provider is the root one. What it throws fails the call.
    /// </param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    public static IServiceCollection AddRoutedDbContextFactory<TContext>(
        this IServiceCollection services, int? poolSize = null, Action<IServiceProvider, TContext>? onLease = null)
        where TContext : DbContext => Add(services, null, static (_, _) => { }, poolSize, onLease);

    /// <summary>Adds a factory over the registered data source.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">Called with each context that is about to be lent; see <see cref="AddRoutedDbContextFactory{TContext}(IServiceCollection, int?, Action{IServiceProvider, TContext}?)"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    public static IServiceCollection AddRoutedDbContextFactory<TContext>(
        this IServiceCollection services, Action<DbContextOptionsBuilder> configure, int? poolSize = null, Action<IServiceProvider, TContext>? onLease = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, (_, options) => configure(options), poolSize, onLease);
    }

    /// <summary>Adds a factory over the registered data source, with options that need services.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">Called with each context that is about to be lent; see <see cref="AddRoutedDbContextFactory{TContext}(IServiceCollection, int?, Action{IServiceProvider, TContext}?)"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    public static IServiceCollection AddRoutedDbContextFactory<TContext>(
        this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure, int? poolSize = null,
        Action<IServiceProvider, TContext>? onLease = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, configure, poolSize, onLease);
    }

    /// <summary>Adds a factory, under a key, over the data source that is registered under the same key.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the data source.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">Called with each context that is about to be lent; see <see cref="AddRoutedDbContextFactory{TContext}(IServiceCollection, int?, Action{IServiceProvider, TContext}?)"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    public static IServiceCollection AddKeyedRoutedDbContextFactory<TContext>(
        this IServiceCollection services, object key, int? poolSize = null, Action<IServiceProvider, TContext>? onLease = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add(services, key, static (_, _) => { }, poolSize, onLease);
    }

    /// <summary>Adds a factory, under a key, over the data source that is registered under the same key.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the data source.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">Called with each context that is about to be lent; see <see cref="AddRoutedDbContextFactory{TContext}(IServiceCollection, int?, Action{IServiceProvider, TContext}?)"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    public static IServiceCollection AddKeyedRoutedDbContextFactory<TContext>(
        this IServiceCollection services, object key, Action<DbContextOptionsBuilder> configure, int? poolSize = null,
        Action<IServiceProvider, TContext>? onLease = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, (_, options) => configure(options), poolSize, onLease);
    }

    /// <summary>Adds a factory, under a key, over the data source that is registered under the same key, with options that need services.</summary>
    /// <typeparam name="TContext">The context class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the data source.</param>
    /// <param name="configure">Sets the options of the contexts, without a connection. <c>UseNpgsql()</c> may be left out.</param>
    /// <param name="poolSize">The most idle contexts that are kept, 1 or more; EF's own default is 1024.</param>
    /// <param name="onLease">Called with each context that is about to be lent; see <see cref="AddRoutedDbContextFactory{TContext}(IServiceCollection, int?, Action{IServiceProvider, TContext}?)"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is less than 1.</exception>
    public static IServiceCollection AddKeyedRoutedDbContextFactory<TContext>(
        this IServiceCollection services, object key, Action<IServiceProvider, DbContextOptionsBuilder> configure, int? poolSize = null,
        Action<IServiceProvider, TContext>? onLease = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, configure, poolSize, onLease);
    }

    private static IServiceCollection Add<TContext>(
        IServiceCollection services, object? key, Action<IServiceProvider, DbContextOptionsBuilder> configure, int? poolSize,
        Action<IServiceProvider, TContext>? onLease)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        if (poolSize is { } size)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(poolSize));
        services.AddSingleton(new ContextConfiguration<TContext>(key, configure, poolSize, onLease));
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
        var configurations = provider.GetServices<ContextConfiguration<TContext>>().Where(c => Equals(c.Key, key)).ToList();
        Action<TContext>? onLease = null;
        foreach (var prepare in configurations.Select(static c => c.OnLease).OfType<Action<IServiceProvider, TContext>>())
            onLease += context => prepare(provider, context);
        return new RoutedDbContextFactory<TContext>(
            source,
            options =>
            {
                options.UseApplicationServiceProvider(provider);
                foreach (var configuration in configurations)
                    configuration.Configure(provider, options);
            },
            configurations.LastOrDefault(static c => c.PoolSize is not null)?.PoolSize ?? ContextOptions.DefaultPoolSize,
            onLease);
    }

    private static T? Get<T>(IServiceProvider provider, object? key)
        where T : class => key is null ? provider.GetService<T>() : provider.GetKeyedService<T>(key);
}
