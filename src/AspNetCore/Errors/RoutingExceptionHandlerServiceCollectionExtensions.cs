using CompileTimeRouting.AspNetCore;
using CompileTimeRouting.AspNetCore.Errors;
using Microsoft.AspNetCore.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what answers where no server may serve a call.</summary>
public static class RoutingExceptionHandlerServiceCollectionExtensions
{
    /// <summary>
    /// A call that fails with <see cref="CompileTimeRouting.PrimaryUnavailableException"/>,
    /// <see cref="CompileTimeRouting.ReadOverloadException"/> or <see cref="CompileTimeRouting.RoutedCallException"/> is answered
    /// with 503, <c>Retry-After</c> and problem details that name no server. The last of them isn't, and stays an error, where
    /// every attempt was refused for good (a wrong password, a missing permission), or something may have been written: who tries
    /// again would write twice. Needs <c>UseExceptionHandler</c>, which asks the registered handlers.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets what <c>Retry-After</c> says.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException">The time is out of its range.</exception>
    public static IServiceCollection AddRoutingExceptionHandler(this IServiceCollection services, Action<RoutingExceptionHandlerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new RoutingExceptionHandlerOptions();
        configure?.Invoke(options);
        Times.Require(options.RetryAfter, nameof(options.RetryAfter), nameof(configure));
        return services.AddSingleton<IExceptionHandler>(new RoutingExceptionHandler(options));
    }
}
