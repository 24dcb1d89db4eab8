using System.Diagnostics;
using System.Diagnostics.Metrics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using CompileTimeRouting.Runtime.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.Runtime.Tests.Diagnostics;

public class RoutingMetricsTests
{
    private static RoutingTable Table(RoutingMetrics metrics, PrimaryEntry primary, params ReplicaUse[] replicas) => new(
        primary, [.. replicas.Select((use, i) => new RoutingTable.ReplicaEntry(Pools.Named($"r{i}"), 1, null, use))],
        new OverloadSettings(OverloadPolicy.Shed, 0, TimeSpan.FromSeconds(5)), metrics: metrics);

    [Fact]
    public void A_call_that_is_refused_counts()
    {
        using var meter = new Meter("refused");
        using var recorded = new RecordedMetrics(m => m == meter);
        using var metrics = new RoutingMetrics("shop", new RoutingInstruments(meter));
        var none = new PrimaryEntry(null, null);
        Assert.Throws<ReadOverloadException>(() => Table(metrics, new(Pools.Named("w"), Pools.Named("p")), ReplicaUse.Lagging).ForRead(ReadRoute.Default, out _));
        Assert.Throws<PrimaryUnavailableException>(() => Table(metrics, none).ForRead(ReadRoute.Default, out _));
        Assert.Throws<PrimaryUnavailableException>(() => Table(metrics, none).ForWrite("Shop.Buy"));
        Assert.Equal(
            ["shop read overload", "shop read no_primary", "shop write no_primary"],
            recorded.Of("compile_time_routing.refusals").Select(static m => string.Join(' ', m.Tags.Values)));
    }

    [Fact]
    public void The_reason_of_a_decision_is_told()
    {
        using var metrics = new RoutingMetrics("shop", new RoutingInstruments(new Meter("reasons")));
        var primary = new PrimaryEntry(Pools.Named("w"), Pools.Named("p"));
        RouteReason Of(RoutingTable table, ReadConsistency consistency = ReadConsistency.Eventual)
        {
            table.ForRead(new ReadRoute("R", consistency), out var reason);
            return reason;
        }

        Assert.Equal(RouteReason.Replica, Of(Table(metrics, primary, ReplicaUse.InService)));
        Assert.Equal(RouteReason.Consistency, Of(Table(metrics, primary, ReplicaUse.InService), ReadConsistency.Strong));
        Assert.Equal(RouteReason.NoFreshReplica, Of(Table(metrics, primary, ReplicaUse.InService), ReadConsistency.BoundedStaleness));
        Assert.Equal(RouteReason.NoReplica, Of(Table(metrics, primary)));
        Assert.Equal(RouteReason.NoReplica, Of(Table(metrics, primary), ReadConsistency.BoundedStaleness));
        Assert.Equal(RouteReason.Stale, Of(Table(metrics, new PrimaryEntry(null, null), ReplicaUse.Lagging)));
        var roomy = new RoutingTable(
            primary, [new(Pools.Named("r"), 1, null, ReplicaUse.Lagging)], new OverloadSettings(OverloadPolicy.Shed, 1, TimeSpan.FromSeconds(5)));
        Assert.Equal(RouteReason.Spill, Of(roomy));
    }

    [Fact]
    public async Task A_containers_meter_factory_makes_the_meter_and_sources_are_told_apart()
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddRoutedDataSource(static o => o.Primary = "Host=one.invalid;Port=6543;Database=d");
        services.AddKeyedRoutedDataSource("second", static o => o.Primary = "Host=two.invalid");
        await using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        using var recorded = new RecordedMetrics(m => m.Scope == factory);
        var second = provider.GetRequiredKeyedService<RoutedDataSource>("second");
        _ = provider.GetRequiredService<RoutedDataSource>();
        recorded.ReadGauges();
        string[] Sources() => [.. recorded.Of("compile_time_routing.node.primary").Select(static m => (string)m.Tags[TelemetryTags.Source]!).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["one.invalid:6543/d", "second"], Sources());
        Assert.Equal(14, recorded.Instruments.Count());

        await second.DisposeAsync();
        recorded.Clear();
        recorded.ReadGauges();
        Assert.Equal(["one.invalid:6543/d"], Sources());
    }

    [Fact]
    public void Without_a_name_or_a_database_the_source_is_the_primarys_address()
    {
        static string Name(RoutingOptions options) => ClusterPlan.Create(options).SourceName;
        Assert.Equal("shop", Name(new RoutingOptions { Name = "shop", Primary = "Host=a" }));
        Assert.Equal("a:5432/app", Name(new RoutingOptions { Primary = "Host=a;Username=app;Password=secret" }));
        Assert.Equal("a:5432", Name(new RoutingOptions { Primary = "Host=a" }));
    }

    [Fact]
    public void Spans_of_attempts_that_failed_to_open_are_nobodys_parent()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static s => s.Name == RoutingTelemetry.ActivitySourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var first = RoutingActivities.Start("First", "read", "shop", null)!;
        first.Stop();
        Activity.Current = first;
        var second = RoutingActivities.Start("Second", "read", "shop", null)!;
        Assert.Null(second.Parent);
        RoutingActivities.Leave(second);
        Assert.Null(Activity.Current);
        RoutingActivities.End(second, new TimeoutException());
        Assert.Equal(ActivityStatusCode.Error, second.Status);
        Assert.Equal("timeout", second.GetTagItem("error.type"));
    }
}
