using System.Diagnostics.Metrics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting.Runtime.Tests.Diagnostics;

/// <summary>docs/metrics.md and the instruments say the same.</summary>
public class MetricsPageTests
{
    private const string Prefix = "compile_time_routing.";

    // A deterministic build doesn't tell where the sources are.
    private static string[] Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CompileTimeRouting.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests don't run inside the repository.");
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "metrics.md"));
    }

    private static string[][] Rows(string heading)
    {
        var rows = Page().SkipWhile(l => !l.StartsWith(heading, StringComparison.Ordinal)).Skip(2).TakeWhile(static l => l.StartsWith('|'));
        return [.. rows.Select(static l => l.Trim('|').Split('|').Select(static c => c.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray())];
    }

    [Fact]
    public void The_page_lists_every_instrument_with_its_kind_unit_tags_and_meaning()
    {
        using var meter = new Meter("page");
        using var recorded = new RecordedMetrics(m => m == meter);
        using var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid", Replicas = [new() { ConnectionString = "Host=elsewhere.invalid" }] });
        using var metrics = new RoutingMetrics("shop", new RoutingInstruments(meter)) { Snapshot = () => Snapshot(source) };
        metrics.Decided("read", "replica-1", RouteReason.Replica);
        metrics.Refused("read", RouteReason.Overload);
        metrics.Retried("read", "replica-1", "57P01");
        metrics.FailedOver("replica-1");
        metrics.Ejected("replica-1");
        metrics.SessionRead("waited");
        metrics.SessionToken("forged");
        metrics.Probed("replica-1", TimeSpan.FromMilliseconds(1), null);
        metrics.Probed("replica-1", TimeSpan.FromMilliseconds(1), "timeout");
        metrics.Waited("replica-1", 1);
        metrics.Used("replica-1", TimeSpan.FromMilliseconds(1));
        recorded.ReadGauges();

        var instruments = recorded.Instruments.Select(i => string.Join(" | ", i.Name, Kind(i), i.Unit, Tags(recorded, i.Name), i.Description));
        var page = Rows("| metric |").Select(static r => string.Join(" | ", r[0], r[1], r[2], string.Join(", ", r[3].Split(", ").Order(StringComparer.Ordinal)), r[4]));
        Assert.Equal(instruments.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_lists_every_reason()
    {
        var decisions = Enum.GetValues<RouteReason>().Except([RouteReason.Overload, RouteReason.NoPrimary]).Select(static r => r.Text());
        Assert.Equal(decisions.Order(StringComparer.Ordinal), Rows("| reason |").Select(static r => r[0]).Order(StringComparer.Ordinal));
        Assert.All([RouteReason.Overload, RouteReason.NoPrimary], static r =>
            Assert.Contains($"`{r.Text()}`", Page().Single(static l => l.StartsWith("* `reason` of a refusal", StringComparison.Ordinal)), StringComparison.Ordinal));
    }

    private static string Tags(RecordedMetrics recorded, string instrument) => string.Join(", ", recorded.Of(instrument)
        .SelectMany(static m => m.Tags.Keys).Distinct()
        .Select(static t => t.StartsWith(Prefix, StringComparison.Ordinal) ? t[Prefix.Length..] : t).Order(StringComparer.Ordinal));

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "ObservableGauge" => "gauge",
        var name => name.ToLowerInvariant(),
    };

    private static ClusterSnapshot Snapshot(RoutedDataSource source)
    {
        var replica = new NodeSnapshot(
            source.Nodes[1], new NodeFacts { Lag = TimeSpan.FromSeconds(1), LagBytes = 2 }, new NodeStatus(NodeState.Up, NodeRole.Replica, null));
        return new ClusterSnapshot([replica], "primary", null);
    }
}
