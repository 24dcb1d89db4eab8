using CompileTimeRouting.AspNetCore;
using CompileTimeRouting.AspNetCore.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of a <see cref="CompileTimeRouting.RoutedDataSource"/>.</summary>
public static class RoutingHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that says Unhealthy while there is no primary, Degraded while another node is down or lags, else Healthy.
    /// It asks no server: the data source watches its nodes by itself.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name, unique among the checks.</param>
    /// <param name="failureStatus">What to say in place of Unhealthy; null for just that.</param>
    /// <param name="tags">Tags, to choose checks by.</param>
    /// <param name="configure">Sets how to judge, and of which data source.</param>
    /// <returns>The same health checks.</returns>
    public static IHealthChecksBuilder AddRouting(
        this IHealthChecksBuilder builder, string name = "routing", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null,
        Action<RoutingHealthCheckOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var options = new RoutingHealthCheckOptions();
        configure?.Invoke(options);
        return builder.Add(new HealthCheckRegistration(
            name, services => new RoutingHealthCheck(services.RoutedDataSource(options.ServiceKey), options), failureStatus, tags));
    }
}
