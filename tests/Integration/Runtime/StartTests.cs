using CompileTimeRouting.DevCluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>A real host on a cluster of its own, whose nodes are stopped and started.</summary>
public class StartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IHost Build(PostgresCluster cluster, StartupCheck? check, RecordedLogs lines, int instances = 1, string? primary = null, string? replica = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = primary ?? cluster.Primary.Url,
            ["READ_REPLICA_URLS"] = $"{replica ?? cluster.Replicas[0].Url},{cluster.Replicas[1].Url}",
            ["READ_REPLICA_WEIGHTS"] = "0.6,0.4",
            ["Routing:StartupCheck"] = check?.ToString(),
            ["Routing:ApplicationInstances"] = $"{instances}",
        });
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddRoutedDataSource();
        return builder.Build();
    }

    private static async Task<HashSet<string>> ReadsAsync(RoutedDataSource source)
    {
        var nodes = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            await using var lease = await source.OpenReadAsync(Ct);
            await lease.Connection.ScalarAsync("select 1");
            nodes.Add(lease.NodeName);
        }

        return nodes;
    }

    [Fact]
    public async Task Hosts_start_as_they_are_told_to()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 }, Ct);

        // All good.
        var lines = new RecordedLogs(RecordedLogs.Routing);
        using (var host = Build(cluster, StartupCheck.Strict, lines))
        {
            await host.StartAsync(Ct);
            Assert.Equal(["replica-1", "replica-2"], (await ReadsAsync(host.Services.GetRequiredService<RoutedDataSource>())).Order());
            await host.StopAsync(Ct);
        }

        Assert.Equal(3, lines.Count("is up: PostgreSQL"));
        Assert.Equal(0, lines.Count("Warning"));

        // Too many instances for the servers.
        lines = new RecordedLogs(RecordedLogs.Routing);
        using (var host = Build(cluster, StartupCheck.Strict, lines, instances: 3))
        {
            await host.StartAsync(Ct);
            await host.StopAsync(Ct);
        }

        Assert.Equal(1, lines.Count("Warning: Node primary may be asked for 606 connections (202 by each of 3 instances: its pools and two for probes), but gives 297"));
        Assert.Equal(1, lines.Count("Node replica-2 may be asked for 306 connections"));

        // What is wrong with a replica is told, and the rest works; a primary that refuses stops the start, as waiting puts
        // nothing right there.
        lines = new RecordedLogs(RecordedLogs.Routing);
        using (var host = Build(cluster, null, lines, replica: cluster.Replicas[0].Url[..(cluster.Replicas[0].Url.LastIndexOf('/') + 1)] + "nowhere"))
        {
            await host.StartAsync(Ct);
            Assert.Equal(["replica-2"], await ReadsAsync(host.Services.GetRequiredService<RoutedDataSource>()));
            await host.StopAsync(Ct);
        }

        Assert.Equal(1, lines.Count("Warning: Node replica-1 is down: "));
        Assert.Equal(1, lines.Count("has no database 'nowhere' (3D000)"));
        Assert.Equal(1, lines.Count("Warning: Started with 1 of 3 nodes unfit; they are probed on."));
        var wrong = new Npgsql.NpgsqlConnectionStringBuilder(cluster.Primary.ConnectionString) { Password = "mistyped" }.ConnectionString;
        using (var host = Build(cluster, null, new RecordedLogs(RecordedLogs.Routing), primary: wrong))
        {
            var e = await Assert.ThrowsAsync<ClusterVerificationException>(() => host.StartAsync(Ct));
            Assert.Contains("primary: ", e.Message);
            Assert.Contains("refused the password of the role 'app' (28P01). Correct user name or password in DATABASE_URL", e.Message);
            Assert.EndsWith("The primary refuses the application, which waiting doesn't change.", e.Message);
        }

        // A replica down: strict doesn't start, without a setting it does.
        await cluster.Replicas[0].StopAsync(Ct);
        using (var host = Build(cluster, StartupCheck.Strict, new RecordedLogs(RecordedLogs.Routing)))
        {
            var e = await Assert.ThrowsAsync<ClusterVerificationException>(() => host.StartAsync(Ct));
            Assert.Contains("1 of 3", e.Message);
            Assert.Contains($"replica-1: {cluster.Replicas[0].Host}:{cluster.Replicas[0].Port} refused the connection", e.Message);
            Assert.Contains("READ_REPLICA_URLS, entry 1", e.Message);
        }

        lines = new RecordedLogs(RecordedLogs.Routing);
        using (var host = Build(cluster, null, lines))
        {
            await host.StartAsync(Ct);
            var source = host.Services.GetRequiredService<RoutedDataSource>();
            Assert.Equal(["replica-2"], await ReadsAsync(source));
            Assert.Equal(1, lines.Count("Node replica-1 is down"));

            await cluster.Replicas[0].StartAsync(Ct);
            await Waiting.UntilAsync(() => source.GetSnapshot().IsHealthy, "all nodes are good");
            Assert.Equal(["replica-1", "replica-2"], (await ReadsAsync(source)).Order());
            Assert.Equal(1, lines.Count("Node replica-1 is down"));
            Assert.Equal(1, lines.Count("Node replica-1 ("));
            await host.StopAsync(Ct);
        }

        // The primary down: reads go on.
        await cluster.Primary.StopAsync(Ct);
        lines = new RecordedLogs(RecordedLogs.Routing);
        using (var host = Build(cluster, StartupCheck.Degraded, lines))
        {
            await host.StartAsync(Ct);
            var source = host.Services.GetRequiredService<RoutedDataSource>();
            Assert.Equal(["replica-1", "replica-2"], (await ReadsAsync(source)).Order());
            Assert.Equal(NodeState.Down, source.GetSnapshot().Nodes[0].State);
            await cluster.Primary.StartAsync(Ct);
            await Waiting.UntilAsync(() => source.GetSnapshot().IsHealthy, "all nodes are good");
            await using var lease = await source.OpenWriteAsync(Ct);
            await lease.Connection.ScalarAsync("create table written()");
            await host.StopAsync(Ct);
        }
    }

    [Fact]
    public async Task Replicas_found_bad_later_leave_the_routing_and_come_back()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, Ct);
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = cluster.Replicas[0].ConnectionString }],
        });
        Assert.True((await source.VerifyAsync(Ct)).IsHealthy);
        Assert.Equal(["replica-1"], await ReadsAsync(source));

        await cluster.Replicas[0].KillAsync(Ct);
        var bad = (await source.VerifyAsync(Ct)).Nodes[1];
        Assert.Equal(NodeState.Down, bad.State);
        Assert.NotNull(bad.ServerVersion);
        Assert.Equal(["primary-read-only"], await ReadsAsync(source));

        await cluster.Replicas[0].StartAsync(Ct);
        Assert.True((await source.VerifyAsync(Ct)).IsHealthy);
        await using var lease = await source.OpenReadAsync(Ct);
        Assert.Equal("replica-1", lease.NodeName);
    }
}
