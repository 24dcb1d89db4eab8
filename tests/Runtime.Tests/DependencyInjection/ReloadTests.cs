using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CompileTimeRouting.Runtime.Tests.DependencyInjection;

public sealed class ReloadTests : IDisposable
{
    // Nothing listens on these ports.
    private const string Primary = "Host=127.0.0.1;Port=1;Username=u;Password=s3cret;Database=d";

    private readonly RecordedLogs _logs = new();
    private readonly HostApplicationBuilder _builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
    private readonly IHost _host;

    public ReloadTests()
    {
        _builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Routing:Primary"] = Primary,
            ["Routing:StartupCheck"] = "Off",
            ["Routing:Replicas:0"] = Replica(2),
        });
        _builder.Logging.AddProvider(_logs);
        _builder.Services.AddRoutedDataSource(_builder.Configuration);
        _host = _builder.Build();
    }

    public void Dispose()
    {
        _host.Dispose();
        _logs.Dispose();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Replica(int port) => $"Host=127.0.0.1;Port={port};Username=u;Password=s3cret;Database=d";

    private RoutedDataSource Source => _host.Services.GetRequiredService<RoutedDataSource>();

    private void Reload(params (string Key, string? Value)[] changes)
    {
        foreach (var (key, value) in changes)
            _builder.Configuration[key] = value;
        ((IConfigurationRoot)_builder.Configuration).Reload();
    }

    private string Nodes() => string.Join(' ', Source.GetSnapshot().Nodes.Select(n => $"{n.Name}:{n.Port}*{n.Weight}{n.Group}"));

    private async Task<string> LoggedAsync(string text)
    {
        await Waiting.UntilAsync(() => _logs.Count(text) > 0, $"'{text}' is logged");
        return _logs.Lines.First(l => l.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reload_adds_changes_and_removes_replicas()
    {
        await _host.StartAsync(Ct);
        Assert.Equal("primary:1*0 replica-1:2*1", Nodes());

        Reload(("Routing:Replicas:0:Weight", "3"), ("Routing:Replicas:0:Group", "slow"), ("Routing:Replicas:0:ConnectionString", Replica(2)), ("Routing:Replicas:0", null), ("Routing:Replicas:1", Replica(3)));
        Assert.Equal(
            "Information: The configuration changed. Joined: replica-2 (127.0.0.1:3). Leaving: none. Staying: primary (127.0.0.1:1), replica-1 (127.0.0.1:2).",
            await LoggedAsync("Joined: replica-2"));
        Assert.Equal("primary:1*0 replica-1:2*3slow replica-2:3*1", Nodes());

        // It was asked before anything went there.
        Assert.Contains("refused the connection", Source.GetSnapshot().Nodes[2].Problem);

        Reload(("Routing:EnableReadReplicas", "false"));
        await LoggedAsync("Node replica-1 has left");
        await LoggedAsync("Node replica-2 has left");
        Assert.Equal("primary:1*0", Nodes());
        Assert.DoesNotContain(_logs.Lines, l => l.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_change_is_refused_with_one_line_and_a_good_one_after_it_counts()
    {
        await _host.StartAsync(Ct);
        Reload(("Routing:LagThreshold", "0"), ("Routing:Replicas:1", "nowhere"));
        Assert.Equal(
            "Error: The changed configuration is refused, the one before stays in force: " +
            "Routing:Replicas:1 is 'nowhere', which is neither a URL (postgresql://...), nor a connection string (Host=...), nor the name of an entry in ConnectionStrings. " +
            "Routing:LagThreshold is 0 seconds: it must be more than 0 seconds, at most one day.",
            await LoggedAsync("is refused"));
        Assert.Equal("primary:1*0 replica-1:2*1", Nodes());

        Reload(("Routing:LagThreshold", "7"), ("Routing:Replicas:1", Replica(3)));
        await LoggedAsync("Joined: replica-2");
        Assert.Single(_logs.Lines, l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_primary_that_cant_be_used_is_refused()
    {
        await _host.StartAsync(Ct);
        Reload(("Routing:Primary", "Host=127.0.0.1;Port=4;Username=u;Password=s3cret;Database=d"), ("Routing:Replicas:1", Replica(3)));
        Assert.Contains("the primary it names can't be used: 127.0.0.1:4 refused the connection", await LoggedAsync("is refused"));
        Assert.Equal("primary:1*0 replica-1:2*1", Nodes());
    }

    [Fact]
    public async Task A_reload_without_a_change_changes_nothing()
    {
        await _host.StartAsync(Ct);
        var node = Source.Nodes[1];
        Reload(("Other", "1"));

        // Reloads are done one after the other: this one after that of above.
        Reload(("Routing:Replicas:0:Weight", "2"), ("Routing:Replicas:0", null), ("Routing:Replicas:0:ConnectionString", Replica(2)));
        Assert.Contains("Joined: none. Leaving: none.", await LoggedAsync("The configuration changed"));
        Assert.Same(node, Source.Nodes[1]);
        Assert.Single(_logs.Lines, l => l.Contains("The configuration changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limits_of_nodes_that_stay_change_with_the_configuration()
    {
        await _host.StartAsync(Ct);
        var nodes = Source.Nodes;
        Reload(("Routing:MaxConcurrentConnects", "3"), ("Routing:Replicas:1", Replica(3)));
        await LoggedAsync("Joined: replica-2");
        Assert.Equal([3, 3, 3], Source.Nodes.Select(static n => n.MaxConcurrentConnects));
        Assert.Equal(nodes, Source.Nodes.Take(2));
    }

    [Fact]
    public async Task The_primarys_read_only_pool_keeps_connections_open_while_no_replica_reads()
    {
        RoutingOptions Options(bool enabled, params int[] replicas) => new()
        {
            Primary = Primary, EnableReadReplicas = enabled, PrimaryPool = new PoolOptions { Size = 4 },
            Replicas = [.. replicas.Select(static port => new ReplicaOptions { ConnectionString = Replica(port) })],
        };
        await using var source = RoutedDataSource.Create(Options(true, 2));
        var primary = source.Nodes[0];
        foreach (var (options, kept) in ((RoutingOptions, int)[])[(Options(false, 2), 8), (Options(true, 2), 4), (Options(true), 8), (Options(true, 2), 4)])
        {
            await source.UpdateAsync(options, Ct);
            Assert.Equal(kept, source.GetSnapshot().Nodes[0].MinPoolSize);
        }

        Assert.Same(primary, source.Nodes[0]);
    }

    [Fact]
    public async Task A_reload_before_anybody_listens_is_taken_over()
    {
        var late = new LateOptions(new RoutingOptions { Primary = Primary }, new RoutingOptions { Primary = Primary, Replicas = [new() { ConnectionString = Replica(2), Name = "late" }] });
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddRoutedDataSource(static o => o.Primary = Primary);
        builder.Services.AddSingleton<IOptionsMonitor<RoutingOptions>>(late);
        using var host = builder.Build();
        var source = host.Services.GetRequiredService<RoutedDataSource>();
        await Waiting.UntilAsync(() => source.Nodes.Length >= 2, "the reload is taken over");
        Assert.Equal("late", source.Nodes[1].Name);
    }

    [Fact]
    public async Task Code_hands_over_changed_options_itself()
    {
        await using var source = RoutedDataSource.Create(new RoutingOptions { Primary = Primary });
        await source.UpdateAsync(new RoutingOptions { Primary = Primary, Replicas = [new() { ConnectionString = Replica(2), Name = "b" }] }, Ct);
        Assert.Equal(["primary", "b"], source.GetSnapshot().Nodes.Select(n => n.Name));

        var renamed = await Assert.ThrowsAsync<OptionsValidationException>(() => source.UpdateAsync(new RoutingOptions { Primary = Primary, Name = "shop" }, Ct));
        Assert.Contains("Name can't change while the data source is in use", renamed.Message);
        await Assert.ThrowsAsync<OptionsValidationException>(() => source.UpdateAsync(new RoutingOptions(), Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(() => source.UpdateAsync(null!, Ct));
        Assert.Equal(["primary", "b"], source.GetSnapshot().Nodes.Select(n => n.Name));

        await source.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => source.UpdateAsync(new RoutingOptions { Primary = Primary }, Ct));
    }

    /// <summary>Options that change just before somebody subscribes to changes.</summary>
    private sealed class LateOptions(RoutingOptions first, RoutingOptions second) : IOptionsMonitor<RoutingOptions>
    {
        public RoutingOptions CurrentValue { get; private set; } = first;

        public RoutingOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<RoutingOptions, string?> listener)
        {
            CurrentValue = second;
            return null;
        }
    }
}
