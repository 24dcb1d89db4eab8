using System.Globalization;
using CompileTimeRouting.AspNetCore;
using CompileTimeRouting.AspNetCore.Endpoints;
using CompileTimeRouting.AspNetCore.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds a consistency session to each request.</summary>
public static class RoutingSessionApplicationBuilderExtensions
{
    /// <summary>
    /// From here on each request has a session of its own (<see cref="CompileTimeRouting.ConsistencySession"/>), which goes on
    /// from what its client's earlier requests wrote, on whichever instance of the application that was. Where a request
    /// writes, its response takes a token along, in a cookie or header that Data Protection protects; the instances must share
    /// its keys. A token that is forged or too old is counted, and the session then asks for all that was written until now.
    /// </summary>
    /// <param name="app">The application. Put it behind <c>UseRouting</c>, where that is called, and before what reads and writes.</param>
    /// <param name="configure">Sets how tokens travel, and of which data source.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException">
    /// Data Protection or the data source isn't registered, the token's lifetime is too short, or another session's tokens travel
    /// in the same cookie or header.
    /// </exception>
    /// <exception cref="ArgumentException">A time is out of its range, or there is neither cookie nor header.</exception>
    public static IApplicationBuilder UseRoutingSession(this IApplicationBuilder app, Action<RoutingSessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new RoutingSessionOptions();
        configure?.Invoke(options);
        if (options.TokenLifetime <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(options.TokenLifetime)} must be more than zero.", nameof(configure));
        Times.Require(options.ExportTimeout, nameof(options.ExportTimeout), nameof(configure));
        if (!options.UseCookie && string.IsNullOrEmpty(options.HeaderName))
            throw new ArgumentException($"Without a way to the client, a session ends with its request. Set {nameof(options.UseCookie)} or {nameof(options.HeaderName)}.", nameof(configure));
        if (TokenTransport.CookieNameOf(options) is { } cookie)
            TakeName(app, "cookie", cookie, cookie);
        if (!string.IsNullOrEmpty(options.HeaderName))
            TakeName(app, "header", options.HeaderName, options.HeaderName.ToUpperInvariant());
        var services = app.ApplicationServices;
        EndpointAccess.RequireSource(services, options.ServiceKey, nameof(UseRoutingSession));
        var protection = services.GetService<IDataProtectionProvider>() ?? throw new InvalidOperationException(
            $"{nameof(UseRoutingSession)}: Data Protection isn't registered. Call builder.Services.AddDataProtection(), and let all instances of the application share its keys.");
        var protector = new TokenProtector(
            protection, Convert.ToString(options.ServiceKey, CultureInfo.InvariantCulture) ?? "", options.TokenLifetime, services.GetService<TimeProvider>() ?? TimeProvider.System);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("CompileTimeRouting.AspNetCore");
        var transport = new TokenTransport(options, protector, logger);

        // The data source is made when the pipeline is, after the host has checked it.
        return app.Use(next => new RoutingSessionMiddleware(next, Source(services, options), transport, options, logger).InvokeAsync);
    }

    // Properties reach the branches of a pipeline, and none leads back: what two branches do is no concern of each other's.
    private static void TakeName(IApplicationBuilder app, string kind, string name, string comparable)
    {
        if (!app.Properties.TryAdd($"CompileTimeRouting.AspNetCore.{kind}.{comparable}", null))
        {
            throw new InvalidOperationException(
                $"{nameof(UseRoutingSession)}: another session's tokens travel in the {kind} '{name}' already, and each would take the other's for forged. Call it once for each data source, and give each a {kind} of its own.");
        }
    }

    private static CompileTimeRouting.RoutedDataSource Source(IServiceProvider services, RoutingSessionOptions options)
    {
        var source = services.RoutedDataSource(options.ServiceKey);
        var threshold = source.GetSnapshot().LagThreshold;
        return options.TokenLifetime > threshold ? source : throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{nameof(UseRoutingSession)}: the {nameof(options.TokenLifetime)} of {options.TokenLifetime.TotalSeconds:0.###} s isn't longer than the LagThreshold of {threshold.TotalSeconds:0.###} s: a replica that is so far behind would be read after the token has expired. Make it longer."));
    }
}
