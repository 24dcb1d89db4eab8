using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CompileTimeRouting.Runtime.Tests.DependencyInjection;

public class RegistrationTests
{
    // Nothing listens on port 1.
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=u;Password=s3cret;Database=d";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static HostApplicationBuilder Builder(params (string Key, string? Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value)));
        return builder;
    }

    private static string[] Names(RoutedDataSource source) => [.. source.GetSnapshot().Nodes.Select(n => n.Name)];

    [Fact]
    public void The_hosts_configuration_is_read()
    {
        var builder = Builder(("Routing:Primary", "Host=a"), ("Routing:Replicas:0", "Host=b"));
        builder.Services.AddRoutedDataSource();
        using var host = builder.Build();

        var source = host.Services.GetRequiredService<RoutedDataSource>();
        Assert.Same(source, host.Services.GetRequiredService<RoutedDataSource>());
        Assert.Equal(["primary", "replica-1"], Names(source));
    }

    [Fact]
    public void Code_has_the_last_word()
    {
        var builder = Builder(("Routing:Primary", "Host=a"), ("Routing:Name", "x"));
        builder.Services.AddRoutedDataSource(builder.Configuration, o => o.Name = "shop");
        using var host = builder.Build();
        Assert.Equal(["shop:primary"], Names(host.Services.GetRequiredService<RoutedDataSource>()));
    }

    [Fact]
    public void Code_alone_reads_no_configuration()
    {
        var builder = Builder(("Routing:Name", "x"), ("DATABASE_URL", "Host=b"));
        builder.Services.AddRoutedDataSource(o => o.Primary = "Host=a");
        using var host = builder.Build();
        Assert.Equal("a", Assert.Single(host.Services.GetRequiredService<RoutedDataSource>().GetSnapshot().Nodes).Host);
    }

    [Fact]
    public void Keyed_data_sources_have_sections_of_their_own()
    {
        var builder = Builder(("Orders:Primary", "Host=a"), ("Stock:Primary", "Host=b"), ("Stock:Name", "s"), ("Routing:Primary", "Host=c"), ("DATABASE_URL", "Host=d"));
        builder.Services.AddKeyedRoutedDataSource("orders", "Orders");
        builder.Services.AddKeyedRoutedDataSource("stock", builder.Configuration, "Stock");
        builder.Services.AddKeyedRoutedDataSource(7, o => o.Primary = "Host=e");
        builder.Services.AddKeyedRoutedDataSource("both", builder.Configuration, "Orders", o => o.Replicas.Add(new() { ConnectionString = "Host=f" }));
        builder.Services.AddRoutedDataSource(builder.Configuration);
        using var host = builder.Build();

        string[] Of(object key) => [.. host.Services.GetRequiredKeyedService<RoutedDataSource>(key).GetSnapshot().Nodes.Select(n => $"{n.Name}@{n.Host}")];
        Assert.Equal(["orders:primary@a"], Of("orders"));
        Assert.Equal(["s:primary@b"], Of("stock"));
        Assert.Equal(["7:primary@e"], Of(7));
        Assert.Equal(["both:primary@a", "both:replica-1@f"], Of("both"));
        Assert.Equal("d", Assert.Single(host.Services.GetRequiredService<RoutedDataSource>().GetSnapshot().Nodes).Host);
    }

    [Fact]
    public void Registering_again_adds_to_the_options_only()
    {
        var builder = Builder(("Routing:Primary", "Host=a"));
        builder.Services.AddRoutedDataSource(builder.Configuration);
        builder.Services.AddRoutedDataSource(o => o.Name = "shop");

        Assert.Single(builder.Services, s => s.ServiceType == typeof(RoutedDataSource));
        Assert.Single(builder.Services, s => s.ServiceType == typeof(IHostedService));
        using var host = builder.Build();
        Assert.Equal(["shop:primary"], Names(host.Services.GetRequiredService<RoutedDataSource>()));
    }

    [Fact]
    public void The_same_registration_twice_is_as_good_as_once()
    {
        var builder = Builder(("Routing:Primary", "Host=a"), ("Routing:Replicas:0", "Host=b"), ("Routing:Replicas:1:ConnectionString", "Host=c"));
        builder.Services.AddRoutedDataSource(builder.Configuration);
        builder.Services.AddRoutedDataSource(o => o.Replicas.Add(new() { ConnectionString = "Host=d" }));
        builder.Services.AddRoutedDataSource(builder.Configuration);
        using var host = builder.Build();
        Assert.Equal(["a", "d", "b", "c"], host.Services.GetRequiredService<RoutedDataSource>().GetSnapshot().Nodes.Select(n => n.Host));
    }

    [Fact]
    public async Task Bad_options_fail_the_hosts_start_with_every_message()
    {
        var builder = Builder(("Routing:LagThreshold", "0"), ("Routing:Primry", "x"));
        builder.Services.AddRoutedDataSource();
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));
        Assert.Equal(3, e.Failures.Count());
    }

    [Fact]
    public async Task Bad_options_of_one_of_several_data_sources_fail_the_start()
    {
        var builder = Builder(("Orders:Primary", Nowhere), ("Orders:StartupCheck", "Off"));
        builder.Services.AddKeyedRoutedDataSource("orders", "Orders");
        builder.Services.AddKeyedRoutedDataSource("stock", "Stock");
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));
        Assert.Contains("Primary is missing", Assert.Single(e.Failures));
    }

    [Fact]
    public async Task Strict_fails_the_start_with_each_bad_node()
    {
        var builder = Builder(("Routing:Primary", Nowhere), ("Routing:Replicas:0", "Host=nowhere.invalid;Password=s3cret;Username=u"), ("Routing:StartupCheck", "Strict"));
        builder.Services.AddRoutedDataSource();
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<ClusterVerificationException>(() => host.StartAsync(Ct));
        Assert.Contains("2 of 2 PostgreSQL nodes can't be used", e.Message);
        Assert.Contains("primary: 127.0.0.1:1 refused the connection: nothing listens there. Check host and port in Routing:Primary", e.Message);
        Assert.EndsWith("Set StartupCheck to Degraded to start with the nodes that answer.", e.Message);
        Assert.Contains("replica-1: the host name 'nowhere.invalid' could not be resolved. Check it in Routing:Replicas:0", e.Message);
        Assert.DoesNotContain("s3cret", e.ToString());
        Assert.All(e.Snapshot.Nodes, n => Assert.Equal(NodeState.Down, n.State));
        Assert.All(e.Snapshot.Nodes, n => Assert.NotNull(n.LastChecked));
    }

    [Fact]
    public async Task Without_a_setting_the_host_starts_and_logs_each_bad_node_once()
    {
        using var logs = new RecordedLogs();
        var builder = Builder(("Routing:Primary", Nowhere), ("Routing:Replicas:0", "Host=127.0.0.1;Port=2"));
        builder.Logging.AddProvider(logs);
        builder.Services.AddRoutedDataSource();
        using var host = builder.Build();
        await host.StartAsync(Ct);
        await host.Services.GetRequiredService<RoutedDataSource>().VerifyAsync(Ct);
        await host.StopAsync(Ct);

        var warnings = logs.Lines.Where(l => l.StartsWith("Warning: ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(5, warnings.Length);
        Assert.Contains(warnings, l => l.Contains("Node primary is down: 127.0.0.1:1 refused", StringComparison.Ordinal));
        Assert.Contains(warnings, l => l.Contains("Node replica-1 is down: 127.0.0.1:2 refused", StringComparison.Ordinal));
        Assert.Contains(warnings, l => l.Contains("There is no primary: reads go on from replicas, writes fail. 127.0.0.1:1 refused", StringComparison.Ordinal));
        Assert.Contains(warnings, l => l.Contains("No replica may serve reads", StringComparison.Ordinal));
        Assert.Contains(warnings, l => l.Contains("2 of 2 nodes unfit", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, l => l.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Off_asks_no_node()
    {
        var builder = Builder(("Routing:Primary", Nowhere), ("Routing:StartupCheck", "Off"));
        builder.Services.AddRoutedDataSource();
        using var host = builder.Build();
        await host.StartAsync(Ct);
        Assert.Equal(NodeState.Unverified, Assert.Single(host.Services.GetRequiredService<RoutedDataSource>().GetSnapshot().Nodes).State);
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task A_cancelled_check_changes_nothing_and_a_disposed_source_says_so()
    {
        var source = RoutedDataSource.Create(new RoutingOptions { Primary = Nowhere });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.VerifyAsync(new CancellationToken(canceled: true)));
        Assert.Equal(NodeState.Unverified, Assert.Single(source.GetSnapshot().Nodes).State);
        await source.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => source.VerifyAsync(Ct));
        source.Dispose();
    }
}
