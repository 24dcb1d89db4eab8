using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using CompileTimeRouting.AspNetCore.Tests.Sessions;
using CompileTimeRouting.DevCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Errors;

/// <summary>What callers hear while no server may serve them.</summary>
public sealed class ExceptionHandlerTests
{
    private static Task<WebHost> StartAsync(
        PostgresCluster cluster, Action<RoutingExceptionHandlerOptions>? configure = null, Action<WebApplication>? more = null, Action<RoutingOptions>? routing = null) =>
        WebHost.StartAsync(
            cluster,
            builder =>
            {
                builder.Services.AddProblemDetails();
                builder.Services.AddSingleton<Notes>();
                builder.Services.AddRoutingExceptionHandler(configure);
            },
            app =>
            {
                app.UseExceptionHandler();
                app.MapGet("/notes/{text}", static (Notes notes, string text) => notes.FindEventuallyAsync(text));
                more?.Invoke(app);
            },
            routing);

    [Fact]
    public async Task Without_a_primary_a_write_is_answered_with_when_to_try_again()
    {
        await using var cluster = await WebCluster.StartAsync(replicas: 1);
        await using var host = await StartAsync(
            cluster,
            static options => options.RetryAfter = TimeSpan.FromSeconds(6.5),
            static app =>
            {
                app.MapPost("/notes/{text}", static (Notes notes, string text) => notes.AddAsync(text));
                app.MapPost("/wrapped/{text}", static async (Notes notes, string text) =>
                {
                    try
                    {
                        await notes.AddAsync(text);
                    }
                    catch (PrimaryUnavailableException e)
                    {
                        throw new InvalidOperationException("The note could not be kept.", e);
                    }
                });
                app.MapPost("/failing", static () => { throw new InvalidOperationException("no business of the database"); });
            });
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsync("/notes/before", null)).StatusCode);

        await cluster.Primary.KillAsync();
        await Waiting.UntilAsync(() => host.Db.GetSnapshot().Primary is null, "the primary is known to be gone");

        foreach (var path in new[] { "/notes/after", "/wrapped/after" })
        {
            var response = await host.Client.PostAsync(path, null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(503, problem.GetProperty("status").GetInt32());
            Assert.Equal("No database server takes writes at the moment.", problem.GetProperty("detail").GetString());
            Assert.DoesNotContain(cluster.Primary.Host, problem.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/notes/before")).StatusCode);
        var other = await host.Client.PostAsync("/failing", null);
        Assert.Equal(HttpStatusCode.InternalServerError, other.StatusCode);
        Assert.Null(other.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_read_that_is_refused_to_spare_the_primary_is_answered_so_too()
    {
        await using var cluster = await WebCluster.StartAsync(replicas: 1);
        await using var host = await StartAsync(cluster, routing: static options => options.PrimaryReadLimit = 0);

        await cluster.Replicas[0].KillAsync();
        await Waiting.UntilAsync(() => host.Db.GetSnapshot().Nodes[1].State == NodeState.Down, "the replica is known to be gone");

        var response = await host.Client.GetAsync("/notes/any");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("The database serves as many reads as it can at the moment.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public void A_time_out_of_its_range_is_refused() =>
        Assert.Throws<ArgumentException>(static () => new ServiceCollection().AddRoutingExceptionHandler(static options => options.RetryAfter = TimeSpan.Zero));
}
