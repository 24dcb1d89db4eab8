using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class RoutingTableTests
{
    private static RoutingTable Table(params (string Name, double Weight, string? Group, bool InService)[] replicas) => new(
        Pools.Named("primary"), Pools.Named("primary-read-only"),
        [.. replicas.Select(r => new RoutingTable.ReplicaEntry(Pools.Named(r.Name), r.Weight, r.Group, r.InService))]);

    private static string[] Reads(RoutingTable table, string? group = null, ReadConsistency consistency = ReadConsistency.Eventual)
    {
        var route = new ReadRoute("Read", consistency, group: group);
        return [.. Enumerable.Range(0, 20).Select(_ => table.ForRead(route).NodeName).Distinct().Order()];
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
        var e = Assert.Throws<InvalidOperationException>(() => table.ForRead(new ReadRoute("Shop.List", group: "c")));
        Assert.Contains("'Shop.List' asks for the replica group 'c'", e.Message);
        Assert.Contains("(configured: a, b)", e.Message);
    }

    [Fact]
    public void Without_any_replica_a_group_is_no_error() => Assert.Equal(["primary-read-only"], Reads(Table(), "analytics"));
}
