using System.Diagnostics.Metrics;
using System.Globalization;
using CompileTimeRouting;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="RoutedDataSource"/>.</summary>
/// <remarks>
/// Each registration adds the data source as a singleton, validates its options when the host starts, and checks the nodes
/// then as <see cref="RoutingOptions.StartupCheck"/> says. Registering the same one again only adds to its options. Where the
/// configuration is reloaded, the data source takes the change over, as <see cref="RoutedDataSource.UpdateAsync"/> does; a bad
/// one is refused and logged.
/// </remarks>
public static class RoutedDataSourceServiceCollectionExtensions
{
    /// <summary>
    /// Adds a data source that is described by the host's own <see cref="IConfiguration"/>: the section <c>Routing</c>,
    /// <c>ConnectionStrings</c> and the environment names, as <see cref="RoutingOptions.FromConfiguration"/> reads them.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDataSource(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, null, RoutingOptions.DefaultSection, static provider => provider.GetRequiredService<IConfiguration>(), null);
    }

    /// <summary>Adds a data source that is described by a configuration, as <see cref="RoutingOptions.FromConfiguration"/> reads it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration that holds the section <c>Routing</c> and <c>ConnectionStrings</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDataSource(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, null, RoutingOptions.DefaultSection, _ => configuration, null);
    }

    /// <summary>Adds a data source that is described in code; no configuration is read.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDataSource(this IServiceCollection services, Action<RoutingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, null, null, configure);
    }

    /// <summary>Adds a data source that is described by a configuration and then by code, which has the last word.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration that holds the section <c>Routing</c> and <c>ConnectionStrings</c>.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRoutedDataSource(
        this IServiceCollection services, IConfiguration configuration, Action<RoutingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, RoutingOptions.DefaultSection, _ => configuration, configure);
    }

    /// <summary>
    /// Adds a data source under a key, described by a section of the host's own <see cref="IConfiguration"/>. The
    /// environment names are for the section <c>Routing</c> alone.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key; as text it is the default <see cref="RoutingOptions.Name"/>.</param>
    /// <param name="sectionName">The section.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedRoutedDataSource(this IServiceCollection services, object key, string sectionName)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(sectionName);
        return Add(services, key, sectionName, static provider => provider.GetRequiredService<IConfiguration>(), null);
    }

    /// <summary>Adds a data source under a key, described by a section of a configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key; as text it is the default <see cref="RoutingOptions.Name"/>.</param>
    /// <param name="configuration">The configuration that holds the section and <c>ConnectionStrings</c>.</param>
    /// <param name="sectionName">The section. The environment names are for the section <c>Routing</c> alone.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedRoutedDataSource(
        this IServiceCollection services, object key, IConfiguration configuration, string sectionName)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(sectionName);
        return Add(services, key, sectionName, _ => configuration, null);
    }

    /// <summary>Adds a data source under a key, described in code; no configuration is read.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key; as text it is the default <see cref="RoutingOptions.Name"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedRoutedDataSource(this IServiceCollection services, object key, Action<RoutingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, null, null, configure);
    }

    /// <summary>Adds a data source under a key, described by a section and then by code, which has the last word.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key; as text it is the default <see cref="RoutingOptions.Name"/>.</param>
    /// <param name="configuration">The configuration that holds the section and <c>ConnectionStrings</c>.</param>
    /// <param name="sectionName">The section. The environment names are for the section <c>Routing</c> alone.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedRoutedDataSource(
        this IServiceCollection services, object key, IConfiguration configuration, string sectionName, Action<RoutingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(sectionName);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, sectionName, _ => configuration, configure);
    }

    private static IServiceCollection Add(
        IServiceCollection services, object? key, string? sectionName, Func<IServiceProvider, IConfiguration>? configuration, Action<RoutingOptions>? configure)
    {
        var text = Convert.ToString(key, CultureInfo.InvariantCulture);
        var optionsName = key is null ? Options.Options.DefaultName : $"{key.GetType().FullName}:{text}";
        var known = services.Any(s => s.ServiceType == typeof(RoutedDataSource) && Equals(s.ServiceKey, key));
        var options = services.AddOptions<RoutingOptions>(optionsName);
        if (key is not null && !known)
            options.Configure(o => o.Name = text ?? "");
        if (configuration is not null)
        {
            services.AddSingleton<IOptionsChangeTokenSource<RoutingOptions>>(provider => new ConfigurationChanges(optionsName, configuration(provider)));
            options.Configure<IServiceProvider>((o, provider) => RoutingOptionsReader.Read(o, configuration(provider), sectionName!));
        }

        if (configure is not null)
            options.Configure(configure);
        if (known)
            return services;

        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<RoutingOptions>>(new RoutingOptionsValidator(optionsName));
        if (key is null)
            services.AddSingleton(provider => Create(provider, optionsName));
        else
            services.AddKeyedSingleton(key, (provider, _) => Create(provider, optionsName));
        services.AddSingleton<IHostedService>(provider => new StartupCheckService(
            () => key is null ? provider.GetRequiredService<RoutedDataSource>() : provider.GetRequiredKeyedService<RoutedDataSource>(key),
            LoggerFactoryOf(provider).CreateLogger(Log.Category)));
        return services;
    }

    private static RoutedDataSource Create(IServiceProvider provider, string optionsName)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<RoutingOptions>>();
        var first = options.Get(optionsName);
        var source = RoutedDataSource.Create(first, LoggerFactoryOf(provider), provider.GetService<IMeterFactory>());
        source.Follow(options.OnChange((changed, name) =>
        {
            if (name == optionsName)
                source.Reload(changed);
        }));

        // Reloaded before anybody listened.
        if (options.Get(optionsName) is var now && now != first)
            source.Reload(now);
        return source;
    }

    private static ILoggerFactory LoggerFactoryOf(IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
}
