using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting;
using CompileTimeRouting.AspNetCore;
using CompileTimeRouting.AspNetCore.Endpoints;
using CompileTimeRouting.AspNetCore.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what Prometheus scrapes.</summary>
public static class RoutingMetricsRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>postgresql_primary_up</c>, <c>postgresql_replica_up</c>, <c>postgresql_replica_lag_seconds</c> and
    /// <c>postgresql_pool_utilization_percent</c>, in the text format of Prometheus. They answer from what is known of the
    /// nodes, without a call to a server.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="configure">Says who may call, and of which data sources.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">
    /// The application has no authorization, and <see cref="RoutingAccessOptions.AllowAnonymous"/> isn't set; or the policy, or
    /// a data source, doesn't exist. Where nothing at all says who may call, or both a
    /// policy and <c>AllowAnonymous()</c> do, building the endpoint throws it, at the start.
    /// </exception>
    public static IEndpointConventionBuilder MapRoutingMetrics(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/metrics", Action<RoutingMetricsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var options = new RoutingMetricsOptions();
        configure?.Invoke(options);
        EndpointAccess.Require(endpoints, options, nameof(MapRoutingMetrics));
        object?[] keys = [options.ServiceKey, .. options.MoreServiceKeys];
        foreach (var key in keys)
            EndpointAccess.RequireSource(endpoints.ServiceProvider, key, nameof(MapRoutingMetrics));
        var group = endpoints.MapGroup("");
        group.ExcludeFromDescription();
        group.RefuseOthers(pattern, OtherMethods.GetAndHead);
        var metrics = group.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => WriteAsync(context, keys)));
        EndpointAccess.Apply(metrics, endpoints.ServiceProvider, options, nameof(MapRoutingMetrics));
        return group;
    }

    private static async Task WriteAsync(HttpContext context, object?[] keys)
    {
        var clusters = new ClusterSnapshot[keys.Length];
        for (var i = 0; i < keys.Length; i++)
            clusters[i] = await context.RequestServices.RoutedDataSource(keys[i]).SnapshotAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(PrometheusText.Of(clusters), context.RequestAborted).ConfigureAwait(false);
    }
}
