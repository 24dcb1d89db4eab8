using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

/// <summary>What health checks and the health endpoint say while servers die.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task A_dead_replica_degrades_and_a_dead_primary_fails_unless_reading_is_enough()
    {
        await using var cluster = await WebCluster.StartAsync();
        await using var host = await WebHost.StartAsync(
            cluster,
            static builder => builder.Services.AddHealthChecks()
                .AddRouting(tags: ["all"])
                .AddRouting("reading", tags: ["reading"], configure: static options => options.ReadOnlyIsDegraded = true),
            static app =>
            {
                app.MapHealthChecks("/healthz", new() { Predicate = static check => check.Tags.Contains("all") });
                app.MapHealthChecks("/readz", new() { Predicate = static check => check.Tags.Contains("reading") });
                app.MapRoutingEndpoints("/db", static options => options.AllowAnonymous = true);
                app.MapRoutingEndpoints("/ro", static options => (options.AllowAnonymous, options.ReadOnlyIsDegraded) = (true, true));
            });
        Assert.Equal("Healthy", await host.Client.GetStringAsync("/healthz"));

        await cluster.Replicas[0].KillAsync();
        await Waiting.UntilAsync(async () => await TextAsync(host, "/healthz") == "Degraded", "a dead replica degrades the check");
        var degraded = await host.Client.GetAsync("/db/health");
        Assert.Equal(HttpStatusCode.OK, degraded.StatusCode);
        var health = await degraded.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(health.GetProperty("overall_healthy").GetBoolean());
        Assert.True(health.GetProperty("primary").GetProperty("healthy").GetBoolean());
        Assert.False(health.GetProperty("replicas")[0].GetProperty("healthy").GetBoolean());
        Assert.True(health.GetProperty("replicas")[1].GetProperty("healthy").GetBoolean());
        var test = await host.Client.PostAsync("/db/test-connection?database_type=replica", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, test.StatusCode);
        var tested = await test.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("unreachable", tested.GetProperty("results")[0].GetProperty("error").GetString());
        Assert.True(tested.GetProperty("results")[1].GetProperty("success").GetBoolean());

        await cluster.Primary.KillAsync();
        await Waiting.UntilAsync(async () => await TextAsync(host, "/healthz") == "Unhealthy", "a dead primary fails the check");
        Assert.Equal("Degraded", await TextAsync(host, "/readz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/db/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/ro/health")).StatusCode);
        var dead = await (await host.Client.GetAsync("/db/health")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("primary", dead.GetProperty("primary").GetProperty("name").GetString());
        Assert.False(dead.GetProperty("primary").GetProperty("healthy").GetBoolean());
    }

    private static async Task<string> TextAsync(WebHost host, string path) => await (await host.Client.GetAsync(path)).Content.ReadAsStringAsync();
}
