using System.Diagnostics;
using CompileTimeRouting.Integration.Routing;

namespace CompileTimeRouting.Integration.Runtime;

public class TelemetryTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RoutedDataSource Open(string name, int replicas = 2, params ReplicaOptions[] more)
    {
        var options = cluster.Options(replicas);
        options.Name = name;
        foreach (var replica in more)
            options.Replicas.Add(replica);
        return RoutedDataSource.Create(options);
    }

    [Fact]
    public async Task Decisions_and_the_times_of_connections_are_measured()
    {
        using var telemetry = new Telemetry("decisions");
        await using var db = Open("decisions");
        for (var i = 0; i < 4; i++)
            await db.CountAsync("measured");
        await using (await db.OpenReadAsync(new ReadRoute("Strong", ReadConsistency.Strong), Ct))
            await Task.Delay(20, Ct);
        await db.WriteAsync("measured");
        await using (await db.BeginTransactionAsync(Ct))
        {
            await db.CountAsync("measured");
            await db.WriteAsync("measured");
        }

        Assert.Equal(
            new Dictionary<string, double>
            {
                ["read decisions:replica-1 replica"] = 2,
                ["read decisions:replica-2 replica"] = 2,
                ["read decisions:primary-read-only consistency"] = 1,
                ["write decisions:primary write"] = 2,
                ["read decisions:primary unit_of_work"] = 1,
                ["write decisions:primary unit_of_work"] = 1,
            },
            telemetry.Sums("decisions"));
        foreach (var instrument in (string[])["db.client.connection.wait_time", "db.client.connection.use_time"])
        {
            Assert.Equal(
                ["decisions:primary 2", "decisions:primary-read-only 1", "decisions:replica-1 2", "decisions:replica-2 2"],
                telemetry.Of(instrument).CountBy(static m => m.Tags["db.client.connection.pool.name"]).Select(static c => $"{c.Key} {c.Value}").Order(StringComparer.Ordinal));
            Assert.All(telemetry.Of(instrument), static m => Assert.InRange(m.Value, 0, 60));
        }

        Assert.InRange(telemetry.Of("db.client.connection.use_time").Single(static m => m.Tags["db.client.connection.pool.name"] == "decisions:primary-read-only").Value, 0.015, 60);
    }

    [Fact]
    public async Task Gauges_show_the_nodes_and_probes_are_timed()
    {
        using var telemetry = new Telemetry("gauges");
        await using var db = Open("gauges", 2, new ReplicaOptions { ConnectionString = "Host=127.0.0.1;Port=1", Name = "gone" });
        Assert.Empty(telemetry.Read("node.up"));
        await db.VerifyAsync(Ct);
        await Waiting.UntilAsync(() => telemetry.Read("node.lag").Count >= 2, "the lag of both replicas is known");
        Assert.Equal(
            new Dictionary<string, double> { ["gauges:primary"] = 1, ["gauges:replica-1"] = 1, ["gauges:replica-2"] = 1, ["gauges:gone"] = 0 },
            telemetry.Read("node.up"));
        Assert.Equal(1, Assert.Single(telemetry.Read("node.primary"), static n => n.Value != 0).Value);
        Assert.Equal(["gauges:replica-1", "gauges:replica-2"], telemetry.Read("node.lag").Keys.Order(StringComparer.Ordinal));
        Assert.All(telemetry.Read("node.lag_size").Values, static bytes => Assert.InRange(bytes, 0, long.MaxValue));

        await Waiting.UntilAsync(() => telemetry.Of("compile_time_routing.probe.duration").DistinctBy(static m => m.Tags["node"]).Count() >= 4, "all nodes have been asked");
        var probes = telemetry.Of("compile_time_routing.probe.duration");
        Assert.All(probes, static p => Assert.Equal(p.Tags["node"] == "gauges:gone" ? "unreachable" : "", p.Tags.GetValueOrDefault("error.type", "")));
    }

    [Fact]
    public async Task A_routed_call_is_a_span_above_those_of_Npgsql_and_each_attempt_is_one()
    {
        using var telemetry = new Telemetry("spans", traces: true);
        await using var db = Open("spans");
        using var outer = new Activity("outer").Start();
        Assert.Equal(2, await new FailingReads(db).TaskAsync(new Failures(1), Ct));
        Assert.Same(outer, Activity.Current);

        var spans = telemetry.Spans;
        Assert.Equal(2, spans.Length);
        Assert.All(spans, static s => Assert.EndsWith("FailingReads.TaskAsync", s.OperationName, StringComparison.Ordinal));
        Assert.All(spans, s => Assert.Equal(outer.SpanId, s.ParentSpanId));
        Assert.All(spans, s => Assert.NotEmpty(telemetry.Below(s)));
        Assert.Equal(ActivityStatusCode.Error, spans[0].Status);
        Assert.Equal("57P01", spans[0].GetTagItem("error.type"));
        Assert.Equal("read replica", $"{Telemetry.Tag(spans[0], "intent")} {Telemetry.Tag(spans[0], "reason")}");
        Assert.Equal("retry 2", $"{Telemetry.Tag(spans[1], "reason")} {Telemetry.Tag(spans[1], "attempt")}");
        Assert.NotEqual(Telemetry.Tag(spans[0], "target"), Telemetry.Tag(spans[1], "target"));
        Assert.Equal(ActivityStatusCode.Unset, spans[1].Status);
        Assert.Equal(1, telemetry.Sums("retries")[$"read {Telemetry.Tag(spans[0], "target")} 57P01"]);
    }

    [Fact]
    public async Task A_unit_of_work_is_a_span_that_ends_with_it()
    {
        using var telemetry = new Telemetry("unit", traces: true);
        await using var db = Open("unit");
        using var outer = new Activity("outer").Start();
        await using (var unit = await db.BeginTransactionAsync(Ct))
        {
            await db.WriteAsync("traced");
            await unit.CommitAsync(Ct);
        }

        Assert.Same(outer, Activity.Current);
        db.BeginTransaction().Dispose();
        Assert.Same(outer, Activity.Current);
        Assert.Equal(2, telemetry.Spans.Length);
        Assert.NotEmpty(telemetry.Below(telemetry.Spans[0]));
        Assert.All(telemetry.Spans, s => Assert.Equal(outer.SpanId, s.ParentSpanId));
        Assert.All(telemetry.Spans, static s => Assert.Equal("write unit:primary write", $"{Telemetry.Tag(s, "intent")} {Telemetry.Tag(s, "target")} {Telemetry.Tag(s, "reason")}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_gave_no_connection_is_an_event_of_the_span(bool blocking)
    {
        var name = $"event-{blocking}";
        using var telemetry = new Telemetry(name, traces: true);
        using var outer = new Activity("outer").Start();
        var gone = new ReplicaOptions { ConnectionString = "Host=127.0.0.1;Port=1", Name = "gone" };
        var good = new ReplicaOptions { ConnectionString = cluster.Nodes.Replicas[0].ConnectionString, Name = "good" };

        // A probe that is sooner than the first read finds the node gone; then there is nothing to try again.
        for (var i = 0; i < 20 && telemetry.Sums("retries").Count == 0; i++)
        {
            await using var db = Open(name, 0, gone, good);
            var lease = blocking ? db.OpenRead() : await db.OpenReadAsync(Ct);
            Assert.Equal($"{name}:good", lease.NodeName);
            lease.Dispose();
        }

        var span = Assert.Single(telemetry.Spans, static s => s.Events.Any());
        var retry = Assert.Single(span.Events);
        Assert.Equal("retry", retry.Name);
        Assert.Equal($"{name}:gone", retry.Tags.First().Value);

        // The probe may find it down while the read still waits for its own connection.
        var cause = Assert.IsType<string>(retry.Tags.Last().Value);
        Assert.Contains(cause, (string[])["unreachable", "node_lost"]);
        Assert.Equal("retry", Telemetry.Tag(span, "reason"));
        Assert.Equal(1, telemetry.Sums("retries")[$"read {name}:gone {cause}"]);
        Assert.Same(outer, Activity.Current);
    }
}
