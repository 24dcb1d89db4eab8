using System.Globalization;
using System.Net;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Metrics;

public sealed class MetricsEndpointTests(WebCluster cluster)
{
    [Fact]
    public async Task What_is_known_of_nodes_is_told_in_the_format_of_prometheus()
    {
        await using var host = await WebHost.StartAsync(
            cluster.Nodes,
            builder => builder.Services.AddKeyedRoutedDataSource("or\"ders", options => options.Primary = cluster.Nodes.Primary.ConnectionString),
            static app => app.MapRoutingMetrics(configure: static options =>
            {
                options.AllowAnonymous = true;
                options.MoreServiceKeys.Add("or\"ders");
            }),
            static options => options.ReplicaPool = new PoolOptions { Size = 0, MaxOverflow = 4 });
        await using var lease = await host.Db.OpenNodeAsync("replica-2");
        await Waiting.UntilAsync(async () => (await ReadAsync(host)).ContainsKey("postgresql_replica_lag_seconds{replica=\"replica-1\"}"), "the lag is known");

        var response = await host.Client.GetAsync("/metrics");
        var values = await ReadAsync(host);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(1, values["postgresql_primary_up{database=\"primary\"}"]);
        Assert.Equal(1, values["postgresql_replica_up{replica=\"replica-1\"}"]);
        Assert.Equal(1, values["postgresql_replica_up{replica=\"replica-2\"}"]);
        Assert.InRange(values["postgresql_replica_lag_seconds{replica=\"replica-1\"}"], 0, 60);
        Assert.Equal(25, values["postgresql_pool_utilization_percent{database=\"replica-2\"}"]);
        Assert.Equal(0, values["postgresql_pool_utilization_percent{database=\"primary\"}"]);
        Assert.Contains("postgresql_pool_utilization_percent{database=\"or\\\"ders:primary\"}", values.Keys);
    }

    [Fact]
    public async Task They_are_closed_unless_opened_by_name()
    {
        await using var host = await WebHost.StartAsync(
            cluster.Nodes, Tokens.Add, static app => app.MapRoutingMetrics(configure: static options => options.AuthorizationPolicy = Tokens.Policy));

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync("/metrics")).StatusCode);
        Assert.Throws<InvalidOperationException>(() => WebHost.Build(cluster.Nodes, null, static app => app.MapRoutingMetrics()));
    }

    [Fact]
    public async Task Other_methods_are_told_the_right_ones()
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, null, static app => app.MapRoutingMetrics(configure: static options => options.AllowAnonymous = true));

        var head = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"));
        var post = await host.Client.PostAsync("/metrics", null);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow);
        Assert.Equal("application/problem+json", post.Content.Headers.ContentType?.MediaType);
    }

    private static async Task<Dictionary<string, double>> ReadAsync(WebHost host) => (await host.Client.GetStringAsync("/metrics"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(static line => line[0] != '#')
        .ToDictionary(static line => line[..line.LastIndexOf(' ')], static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
