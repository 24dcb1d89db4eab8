using System.Diagnostics.CodeAnalysis;
using CompileTimeRouting.AspNetCore;
using CompileTimeRouting.AspNetCore.Endpoints;
using CompileTimeRouting.AspNetCore.Endpoints.Answers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what operators ask of a <see cref="CompileTimeRouting.RoutedDataSource"/>.</summary>
public static class RoutingEndpointRouteBuilderExtensions
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    /// <summary>
    /// Maps <c>GET health</c>, which is open, and <c>GET pool-metrics</c>, <c>GET replica-lag</c> and
    /// <c>POST test-connection?database_type=all|primary|replica</c>, which ask for authorization. All but the last answer from
    /// what is known of the nodes, without a call to a server.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">What their paths begin with, for example <c>/api/v2/database</c>.</param>
    /// <param name="configure">Says who may call, and of which data source.</param>
    /// <returns>All of them, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">
    /// The application has no authorization, and <see cref="RoutingAccessOptions.AllowAnonymous"/> isn't set; or the policy, or
    /// the data source, doesn't exist. Where nothing at all says who may call, or both a policy
    /// and <c>AllowAnonymous()</c> do, building the endpoints throws it, at the start.
    /// </exception>
    /// <exception cref="ArgumentException">The time-out isn't more than zero and at most a day.</exception>
    public static IEndpointConventionBuilder MapRoutingEndpoints(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<RoutingEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var options = new RoutingEndpointOptions();
        configure?.Invoke(options);
        Times.Require(options.TestTimeout, nameof(options.TestTimeout), nameof(configure));
        EndpointAccess.Require(endpoints, options, nameof(MapRoutingEndpoints));
        EndpointAccess.RequireSource(endpoints.ServiceProvider, options.ServiceKey, nameof(MapRoutingEndpoints));
        DescribeAnswers(endpoints.ServiceProvider);

        var group = endpoints.MapGroup(pattern);
        group.WithTags("Database");
        var handlers = new OperatorEndpoints(options);
        Get(group, "/health", handlers.HealthAsync, "Whether the database servers are healthy",
            "200 while writes are possible, 503 while they are not. Answers from what is known of the servers.", typeof(HealthAnswer))
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(HealthAnswer), [Json]))
            .AllowAnonymous();
        Close(Get(group, "/pool-metrics", handlers.PoolMetricsAsync, "The connection pools of all database servers",
            "Connections open, idle and on loan, by server.", typeof(PoolMetricsAnswer)));
        Close(Get(group, "/replica-lag", handlers.ReplicaLagAsync, "How far the replicas are behind the primary",
            "In seconds, by replica; null where it isn't known.", typeof(ReplicaLagAnswer)));
        Close(MapTest(group, handlers));
        return group;

        void Close(IEndpointConventionBuilder endpoint)
        {
            EndpointAccess.Apply(endpoint, endpoints.ServiceProvider, options, nameof(MapRoutingEndpoints));
            endpoint.Finally(closed => DescribeRefusals(closed, endpoints.ServiceProvider));
        }
    }

    private static RouteGroupBuilder Get(RouteGroupBuilder group, string path, RequestDelegate handler, string summary, string description, Type answer)
    {
        var both = group.MapGroup("");
        Described(both.MapMethods(path, [HttpMethods.Get], handler), handler, summary, description, answer);
        both.MapMethods(path, [HttpMethods.Head], handler).WithMetadata(new ExcludeFromDescriptionAttribute());
        group.RefuseOthers(path, OtherMethods.GetAndHead);
        return both;
    }

    private static IEndpointConventionBuilder MapTest(RouteGroupBuilder group, OperatorEndpoints handlers)
    {
        const string path = "/test-connection";
        group.RefuseOthers(path, OtherMethods.Post);
        return Described(
            group.MapMethods(path, [HttpMethods.Post], handlers.TestConnectionAsync), handlers.TestConnectionAsync, "Opens a connection and runs a statement on it",
            $"On the database servers that {OperatorEndpoints.DatabaseTypeParameter.Name} names: all (the default), primary or replica. 503 where one of them fails, or there is none.", typeof(ConnectionTestAnswer))
            .WithMetadata(
                new QueryParameter(OperatorEndpoints.DatabaseTypeParameter),
                new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(ConnectionTestAnswer), [Json]),
                new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ProblemDetails), [ProblemJson]));
    }

    // The method of a request delegate isn't among its endpoint's metadata, and without it no description is made.
    private static IEndpointConventionBuilder Described(IEndpointConventionBuilder endpoint, RequestDelegate handler, string summary, string description, Type answer)
    {
        endpoint.Finally(OperationName.Add);
        return endpoint
            .WithMetadata(handler.Method, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, answer, [Json]))
            .WithSummary(summary)
            .WithDescription(description);
    }

    // They are the authorization middleware's, which writes no body; an application that has problem details fills it in.
    private static void DescribeRefusals(EndpointBuilder endpoint, IServiceProvider services)
    {
        if (endpoint.Metadata.Any(static data => data is IAllowAnonymous))
            return;
        var hasBody = services.GetService<IProblemDetailsService>() is not null;
        foreach (var status in new[] { StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden })
            endpoint.Metadata.Add(hasBody ? new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [ProblemJson]) : new ProducesResponseTypeMetadata(status, typeof(void)));
    }

    // Where the application serializes without reflection, descriptions need the answers' types as well.
    private static void DescribeAnswers(IServiceProvider services)
    {
        if (services.GetService<IOptions<JsonOptions>>()?.Value.SerializerOptions is { IsReadOnly: false } json && !json.TypeInfoResolverChain.Contains(RoutingJson.Default))
            json.TypeInfoResolverChain.Add(RoutingJson.Default);
    }
}
