using System.Diagnostics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class RoutingTableTests
{
    private static readonly PrimaryEntry Primary = new(Pools.Named("primary"), Pools.Named("primary-read-only"));

    private static RoutingTable Table(params (string Name, double Weight, string? Group, bool InService)[] replicas) =>
        Table(Primary, OverloadPolicy.Shed, 1, [.. replicas.Select(r => (r.Name, r.Weight, r.Group, r.InService ? ReplicaUse.InService : ReplicaUse.None))]);

    private static RoutingTable Table(
        PrimaryEntry primary, OverloadPolicy policy, int limit, params (string Name, double Weight, string? Group, ReplicaUse Use)[] replicas) => new(
            primary, [.. replicas.Select(r => new RoutingTable.ReplicaEntry(Pools.Named(r.Name), r.Weight, r.Group, r.Use))],
            new OverloadSettings(policy, limit, TimeSpan.FromSeconds(5)));

    private static string[] Reads(RoutingTable table, string? group = null, ReadConsistency consistency = ReadConsistency.Eventual)
    {
        var route = new ReadRoute("Read", consistency, group: group);
        return [.. Enumerable.Range(0, 20).Select(_ => table.ForRead(route, out var _).NodeName).Distinct().Order()];
    }

    [Fact]
    public void Reads_go_to_replicas_in_service() =>
        Assert.Equal(["r1", "r3"], Reads(Table(("r1", 1, null, true), ("r2", 1, null, false), ("r3", 1, null, true), ("r4", 0, null, true))));

    [Theory]
    [InlineData(ReadConsistency.BoundedStaleness)]
    [InlineData(ReadConsistency.ReadYourWrites)]
    [InlineData(ReadConsistency.Strong)]
    public void Of_a_replica_nothing_but_its_role_is_known(ReadConsistency consistency) =>
        Assert.Equal(["primary-read-only"], Reads(Table(("r1", 1, null, true)), consistency: consistency));

    [Fact]
    public void Where_all_replicas_are_full_the_primary_helps_out_and_without_one_they_are_asked()
    {
        RoutingTable Full(PrimaryEntry primary, int limit)
        {
            var pool = Pools.Named("r1");
            pool.ServerIsFull();
            return new(primary, [new(pool, 1, null, ReplicaUse.InService)], new OverloadSettings(OverloadPolicy.Shed, limit, TimeSpan.FromSeconds(5)));
        }

        Assert.Same(Primary.ReadPool, Full(Primary, 1).ForRead(ReadRoute.Default, out var reason));
        Assert.Equal(RouteReason.Spill, reason);
        foreach (var table in new[] { Full(new PrimaryEntry(null, null), 1), Full(Primary, 0) })
        {
            Assert.Equal("r1", table.ForRead(ReadRoute.Default, out reason).NodeName);
            Assert.Equal(table.Primary == Primary ? RouteReason.Replica : RouteReason.Stale, reason);
        }
    }

    [Fact]
    public void A_group_has_its_own_replicas()
    {
        var table = Table(("r1", 1, null, true), ("r2", 1, "analytics", true));
        Assert.Equal(["r2"], Reads(table, "analytics"));
        Assert.Equal(["r1"], Reads(table));
    }

    [Fact]
    public void Where_every_replica_has_a_group_a_read_without_one_goes_to_any() =>
        Assert.Equal(["r1", "r2"], Reads(Table(("r1", 1, "a", true), ("r2", 1, "b", true))));

    [Fact]
    public void Reads_that_no_replica_may_serve_go_to_the_primarys_read_only_sessions()
    {
        Assert.Equal(["primary-read-only"], Reads(Table(("r1", 1, null, false))));
        Assert.Equal(["primary-read-only"], Reads(Table(("r1", 0, null, true))));
        Assert.Equal(["primary-read-only"], Reads(Table(("r1", 1, null, true), ("r2", 1, "g", false)), "g"));
        Assert.Equal(["primary-read-only"], Reads(Table(("r1", 1, null, false), ("r2", 1, "g", true))));
    }

    [Fact]
    public void An_unknown_group_is_told_with_the_known_ones()
    {
        var table = Table(("r1", 1, "b", true), ("r2", 1, "a", true));
        var e = Assert.Throws<InvalidOperationException>(() => table.ForRead(new ReadRoute("Shop.List", group: "c"), out _));
        Assert.Contains("'Shop.List' asks for the replica group 'c'", e.Message);
        Assert.Contains("(configured: a, b)", e.Message);
    }

    [Fact]
    public void Without_any_replica_a_group_is_no_error() => Assert.Equal(["primary-read-only"], Reads(Table(), "analytics"));

    [Fact]
    public void What_is_elsewhere_or_far_serves_where_nothing_nearer_can()
    {
        static RoutingTable Of(params RoutingTable.ReplicaEntry[] replicas) => new(Primary, replicas, new OverloadSettings(OverloadPolicy.Shed, 1, TimeSpan.FromSeconds(5)));
        RoutingTable.ReplicaEntry here = new(Pools.Named("here"), 1, null, ReplicaUse.InService), far = new(Pools.Named("far"), 1, null, ReplicaUse.InService, IsFar: true);
        RoutingTable.ReplicaEntry elsewhere = new(Pools.Named("elsewhere"), 1, null, ReplicaUse.InService, IsElsewhere: true);
        var gone = here with { Use = ReplicaUse.None };
        Assert.Equal(["here"], Reads(Of(here, far, elsewhere)));
        Assert.Equal(["far"], Reads(Of(gone, far, elsewhere)));
        Assert.Equal(["elsewhere"], Reads(Of(gone, elsewhere)));

        // Another attempt goes there before it goes to the primary, and so does one that must be fresh.
        Assert.Equal("far", Of(here, far).ForNextRead(ReadRoute.Default, Failed("here"))?.NodeName);
        Assert.Equal("primary-read-only", Of(here, far).ForNextRead(ReadRoute.Default, Failed("here", "far"))?.NodeName);
        elsewhere.Pool.CoveredAt = Stopwatch.GetTimestamp();
        Assert.Equal(["elsewhere"], Reads(Of(here, elsewhere), consistency: ReadConsistency.BoundedStaleness));
    }

    [Fact]
    public void Bounded_reads_go_to_a_replica_that_is_fresh_enough()
    {
        var (fresh, old) = (Pools.Named("fresh"), Pools.Named("old"));
        fresh.CoveredAt = Stopwatch.GetTimestamp();
        old.CoveredAt = Stopwatch.GetTimestamp() - (60 * Stopwatch.Frequency);
        var table = new RoutingTable(
            Primary, [new(fresh, 1, null, ReplicaUse.InService), new(old, 1, null, ReplicaUse.InService)],
            new OverloadSettings(OverloadPolicy.Shed, 1, TimeSpan.FromSeconds(5)));
        Assert.Equal(["fresh"], Reads(table, consistency: ReadConsistency.BoundedStaleness));
        Assert.Equal(["fresh", "old"], Enumerable.Range(0, 4).Select(_ => table.ForRead(new ReadRoute("R", ReadConsistency.BoundedStaleness, 3600), out var _).NodeName).Distinct().Order());
        Assert.Equal("primary-read-only", table.ForRead(new ReadRoute("R", ReadConsistency.BoundedStaleness, 1e-9), out _).NodeName);
    }

    [Fact]
    public void Without_a_primary_eventual_reads_go_on_and_the_others_say_since_when()
    {
        var since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var table = Table(new PrimaryEntry(null, null, since, "it is down."), OverloadPolicy.Shed, 1, ("r1", 1, null, ReplicaUse.Lagging), ("r2", 1, null, ReplicaUse.Lagging));
        Assert.Equal(["r1", "r2"], Reads(table));
        var e = Assert.Throws<PrimaryUnavailableException>(() => table.ForRead(new ReadRoute("Shop.Stock", ReadConsistency.Strong), out _));
        Assert.Equal("'Shop.Stock' needs the primary, and there is none since 2026-01-02 03:04:05Z: it is down.", e.Message);
        Assert.Equal(since, e.Since);
        Assert.Throws<PrimaryUnavailableException>(() => table.ForWrite("Shop.Buy"));
    }

    [Fact]
    public void Reads_beyond_the_primarys_limit_are_shed_or_served_stale()
    {
        var shed = Table(Primary, OverloadPolicy.Shed, 0, ("r1", 1, null, ReplicaUse.Lagging));
        var e = Assert.Throws<ReadOverloadException>(() => shed.ForRead(ReadRoute.Default, out _));
        Assert.Contains("already serves 0 reads in their place (PrimaryReadLimit)", e.Message);
        Assert.Equal("r1", shed.ForRead(new ReadRoute("R", overload: OverloadPolicy.ServeStale), out _).NodeName);

        var stale = Table(Primary, OverloadPolicy.ServeStale, 0, ("r1", 1, null, ReplicaUse.Lagging));
        Assert.Equal(["r1"], Reads(stale));
        Assert.Throws<ReadOverloadException>(() => stale.ForRead(new ReadRoute("R", overload: OverloadPolicy.Shed), out _));

        // Where no replica is configured the primary serves everything, and that isn't overload.
        Assert.Equal(["primary-read-only"], Reads(Table(Primary, OverloadPolicy.Shed, 0)));
    }

    [Fact]
    public void The_next_attempt_takes_an_untried_replica_then_the_primary_then_begins_again()
    {
        var table = Table(("r1", 1, null, true), ("r2", 999, null, true));
        var attempts = new CallAttempts();
        Assert.Equal("r2", table.ForNextRead(ReadRoute.Default, Failed("r1"))?.NodeName);
        Assert.Equal("r1", table.ForNextRead(ReadRoute.Default, Failed("r2"))?.NodeName);
        Assert.Equal("primary-read-only", table.ForNextRead(ReadRoute.Default, Failed("r1", "r2"))?.NodeName);
        Assert.NotNull(table.ForNextRead(ReadRoute.Default, Failed("r1", "r2", "primary-read-only")));
        Assert.Equal("primary-read-only", table.ForNextRead(new ReadRoute("R", ReadConsistency.Strong), Failed("primary-read-only"))?.NodeName);
        Assert.Null(Table(new PrimaryEntry(null, null), OverloadPolicy.Shed, 1).ForNextRead(ReadRoute.Default, attempts));
    }

    [Theory]
    [InlineData(ReadConsistency.Eventual)]
    [InlineData(ReadConsistency.BoundedStaleness)]
    public void The_last_attempt_goes_to_the_primary_however_many_replicas_are_untried(ReadConsistency consistency)
    {
        string[] names = ["r1", "r2", "r3", "r4", "r5", "r6", "r7"];
        var route = new ReadRoute("Read", consistency);
        var table = Of(limit: 1);
        Assert.Contains(table.ForNextRead(route, Failed(names[..4]))?.NodeName, names[4..]);
        Assert.Equal("primary-read-only", table.ForNextRead(route, Failed(names[..5]))?.NodeName);

        // Not twice, and within its limit.
        Assert.Contains(table.ForNextRead(route, Failed(["primary-read-only", .. names[..4]]))?.NodeName, names[4..]);
        Assert.Contains(Of(limit: 0).ForNextRead(route, Failed(names[..5]))?.NodeName, names[5..]);

        RoutingTable Of(int limit) => new(
            Primary, [.. names.Select(static name => new RoutingTable.ReplicaEntry(Fresh(name), 1, null, ReplicaUse.InService))],
            new OverloadSettings(OverloadPolicy.Shed, limit, TimeSpan.FromSeconds(5)));

        static NodePool Fresh(string name)
        {
            var pool = Pools.Named(name);
            pool.CoveredAt = long.MaxValue;
            return pool;
        }
    }

    [Theory]
    [InlineData(ReadConsistency.BoundedStaleness)]
    [InlineData(ReadConsistency.ReadYourWrites)]
    [InlineData(ReadConsistency.Strong)]
    public void An_attempt_for_which_only_the_primary_is_left_says_that_there_is_none(ReadConsistency consistency)
    {
        var table = Table(new PrimaryEntry(null, null, DateTimeOffset.UtcNow, "it is down."), OverloadPolicy.Shed, 1, ("r1", 1, null, ReplicaUse.InService));
        var e = Assert.Throws<PrimaryUnavailableException>(() => table.ForNextRead(new ReadRoute("R", consistency), Failed("primary-read-only")));
        Assert.Equal("primary-read-only", Assert.Single(e.Attempts).NodeName);
    }

    [Fact]
    public void A_former_primary_without_any_configured_replica_makes_no_group_wrong()
    {
        var former = new RoutingTable.ReplicaEntry(Pools.Named("former"), 1, null, ReplicaUse.InService, IsConfigured: false);
        var table = new RoutingTable(new PrimaryEntry(null, null), [former], new OverloadSettings(OverloadPolicy.Shed, 1, TimeSpan.FromSeconds(5)));
        Assert.Equal(["former"], Reads(table, "analytics"));
    }

    [Fact]
    public void A_suspect_serves_before_a_read_is_refused_and_after_the_primary()
    {
        var within = Table(Primary, OverloadPolicy.Shed, 1, ("r1", 1, null, ReplicaUse.Suspect), ("r2", 1, null, ReplicaUse.Lagging));
        Assert.Equal(["primary-read-only"], Reads(within));
        var beyond = Table(Primary, OverloadPolicy.ServeStale, 0, ("r1", 1, null, ReplicaUse.Suspect), ("r2", 1, null, ReplicaUse.Lagging));
        Assert.Equal(["r1"], Reads(beyond));
        Assert.Equal("r2", beyond.ForNextRead(ReadRoute.Default, Failed("r1"))?.NodeName);
        Assert.Equal(["r1"], Reads(Table(new PrimaryEntry(null, null), OverloadPolicy.Shed, 0, ("r1", 1, null, ReplicaUse.Suspect), ("r2", 1, null, ReplicaUse.Lagging))));
    }

    [Theory]
    [InlineData(OverloadPolicy.Shed, null)]
    [InlineData(OverloadPolicy.ServeStale, "lagging")]
    public void Another_attempt_is_no_way_round_the_primarys_limit(OverloadPolicy policy, string? next)
    {
        var table = Table(Primary, policy, 0, ("r1", 1, null, ReplicaUse.InService), ("lagging", 1, null, ReplicaUse.Lagging));
        if (next is not null)
            Assert.Equal(next, table.ForNextRead(ReadRoute.Default, Failed("r1"))?.NodeName);

        // What a conflict or a restart has failed may go well there the next time; who waited in vain would do so again.
        Assert.Equal("r1", table.ForNextRead(ReadRoute.Default, Failed("r1", "lagging"))?.NodeName);
        var full = Failed("lagging");
        full.AddOpening("r1", PoolWaitException.Full(), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15));
        var refused = Assert.Throws<ReadOverloadException>(() => table.ForNextRead(ReadRoute.Default, full));
        Assert.Equal(["lagging", "r1"], refused.Attempts.Select(static a => a.NodeName));
        Assert.Contains("no replica is left, and the primary already serves 0 reads", refused.Message, StringComparison.Ordinal);
        Assert.Contains("r1 at ", refused.Message, StringComparison.Ordinal);

        // Replicas that went while the read was under way leave it to the same limit.
        Assert.Throws<ReadOverloadException>(() => Table(Primary, OverloadPolicy.Shed, 0, ("r1", 1, null, ReplicaUse.None)).ForNextRead(ReadRoute.Default, Failed("r1")));
    }

    [Fact]
    public void Bounded_reads_without_any_replica_in_service_are_within_the_primarys_limit()
    {
        var bounded = new ReadRoute("R", ReadConsistency.BoundedStaleness, overload: OverloadPolicy.ServeStale);
        Assert.Throws<ReadOverloadException>(() => Table(Primary, OverloadPolicy.ServeStale, 0, ("r1", 1, null, ReplicaUse.Lagging)).ForRead(bounded, out _));

        // Another attempt goes to another fresh replica, then to the primary within the same limit; who began there goes on there.
        var (fresh, other) = (Pools.Named("fresh"), Pools.Named("other"));
        fresh.CoveredAt = other.CoveredAt = Stopwatch.GetTimestamp();
        var table = new RoutingTable(
            Primary, [new(fresh, 1, null, ReplicaUse.InService), new(other, 1, null, ReplicaUse.InService)], new OverloadSettings(OverloadPolicy.Shed, 0, TimeSpan.FromSeconds(5)));
        Assert.Equal("other", table.ForNextRead(bounded, Failed("fresh"))?.NodeName);
        Assert.Contains(table.ForNextRead(bounded, Failed("fresh", "other"))?.NodeName, new[] { "fresh", "other" });
        other.CoveredAt = fresh.CoveredAt = 0;
        Assert.Throws<ReadOverloadException>(() => table.ForNextRead(bounded, Failed("fresh", "other")));
        Assert.Equal("primary-read-only", table.ForNextRead(bounded, Failed("primary-read-only"))?.NodeName);

        // One that is in service and not fresh enough is no overload, and who must go to the primary goes.
        Assert.Equal("primary-read-only", Table(Primary, OverloadPolicy.Shed, 0, ("r1", 1, null, ReplicaUse.InService)).ForRead(bounded, out _).NodeName);
        Assert.Equal(["primary-read-only"], Reads(Table(Primary, OverloadPolicy.Shed, 0, ("r1", 1, null, ReplicaUse.None)), consistency: ReadConsistency.Strong));
    }

    private static CallAttempts Failed(params string[] nodes)
    {
        var attempts = new CallAttempts();
        foreach (var node in nodes)
            attempts.Add(node, new IOException());
        return attempts;
    }
}
