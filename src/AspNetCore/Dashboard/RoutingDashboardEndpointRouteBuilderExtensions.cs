using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting.AspNetCore;
using CompileTimeRouting.AspNetCore.Dashboard;
using CompileTimeRouting.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the page that shows a <see cref="CompileTimeRouting.RoutedDataSource"/> at work.</summary>
public static class RoutingDashboardEndpointRouteBuilderExtensions
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps a page with the nodes and their roles, lag, pools, reads by node, recent changes and all routed methods. It changes
    /// nothing, needs nothing from elsewhere, and asks the application once a second, which answers from what is known of the
    /// nodes, without a call to a server.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path of the page.</param>
    /// <param name="configure">Says who may see it, and of which data source.</param>
    /// <returns>The page and what belongs to it, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">
    /// The application has no authorization, and <see cref="RoutingAccessOptions.AllowAnonymous"/> isn't set; or the policy, or
    /// the data source, doesn't exist. Where nothing at all says who may call, or both a policy
    /// and <c>AllowAnonymous()</c> do, building the endpoints throws it, at the start.
    /// </exception>
    public static IEndpointConventionBuilder MapRoutingDashboard(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/routing", Action<RoutingDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var options = new RoutingDashboardOptions();
        configure?.Invoke(options);
        EndpointAccess.Require(endpoints, options, nameof(MapRoutingDashboard));
        EndpointAccess.RequireSource(endpoints.ServiceProvider, options.ServiceKey, nameof(MapRoutingDashboard));

        var group = endpoints.MapGroup(pattern);
        group.ExcludeFromDescription();
        var page = group.MapGroup("");
        EndpointAccess.Apply(page, endpoints.ServiceProvider, options, nameof(MapRoutingDashboard));
        var handlers = new DashboardEndpoints(options);
        Map("", DashboardEndpoints.PageAsync);
        Map("/" + DashboardFile.Style.Name, DashboardFile.Style.WriteAsync);
        Map("/" + DashboardFile.Script.Name, DashboardFile.Script.WriteAsync);
        Map("/state", handlers.StateAsync);
        Map("/routes", DashboardEndpoints.RoutesAsync);
        return group;

        void Map(string path, RequestDelegate handler)
        {
            page.MapMethods(path, Methods, handler);
            group.RefuseOthers(path, OtherMethods.GetAndHead);
        }
    }
}
