using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using CompileTimeRouting.AspNetCore.Endpoints.Answers;
using CompileTimeRouting.AspNetCore.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>Answers operators, from what is known; only a connection test asks servers.</summary>
internal sealed class OperatorEndpoints(RoutingEndpointOptions options)
{
    public async Task HealthAsync(HttpContext context)
    {
        var cluster = await Source(context).SnapshotAsync(context.RequestAborted).ConfigureAwait(false);
        var status = cluster.Status(options.ReadOnlyIsDegraded) == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await WriteAsync(context, status, HealthAnswer.Of(cluster, options.IncludeHosts), RoutingJson.Default.HealthAnswer).ConfigureAwait(false);
    }

    public async Task PoolMetricsAsync(HttpContext context)
    {
        var cluster = await Source(context).SnapshotAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, StatusCodes.Status200OK, PoolMetricsAnswer.Of(cluster), RoutingJson.Default.PoolMetricsAnswer).ConfigureAwait(false);
    }

    public async Task ReplicaLagAsync(HttpContext context)
    {
        var cluster = await Source(context).SnapshotAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, StatusCodes.Status200OK, ReplicaLagAnswer.Of(cluster), RoutingJson.Default.ReplicaLagAnswer).ConfigureAwait(false);
    }

    public async Task TestConnectionAsync(HttpContext context)
    {
        var asked = context.Request.Query[DatabaseTypeParameter.Name!];
        DatabaseType? type = (asked.Count == 0 ? "all" : asked.ToString()) switch
        {
            "all" => DatabaseType.All,
            "primary" => DatabaseType.Primary,
            "replica" => DatabaseType.Replica,
            _ => null,
        };
        if (type is null)
        {
            await TypedResults.Problem($"The query parameter {DatabaseTypeParameter.Name} must be one of all, primary and replica.", statusCode: StatusCodes.Status400BadRequest)
                .ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        var answer = await ConnectionTest.RunAsync(Source(context), type.Value, options.TestTimeout, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, answer.Success ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, answer, RoutingJson.Default.ConnectionTestAnswer).ConfigureAwait(false);
    }

    /// <summary>The parameter of <see cref="TestConnectionAsync"/>, for descriptions.</summary>
    public static ParameterInfo DatabaseTypeParameter { get; } = ((Action<DatabaseType>)Described).Method.GetParameters()[0];

#pragma warning disable CA1707 // The name of the query parameter.
    private static void Described([FromQuery] DatabaseType database_type = DatabaseType.All) => _ = database_type;
#pragma warning restore CA1707

    private static Task WriteAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);
    }

    private RoutedDataSource Source(HttpContext context) => context.RequestServices.RoutedDataSource(options.ServiceKey);
}
