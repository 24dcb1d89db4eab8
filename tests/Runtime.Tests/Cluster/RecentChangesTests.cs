using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class RecentChangesTests
{
    [Fact]
    public void The_last_ones_are_kept_the_newest_first()
    {
        var changes = new RecentChanges();
        for (var i = 0; i < 60; i++)
            changes.Add(ClusterChangeKind.NodeUp, $"node-{i}");
        var taken = changes.All;
        changes.Add(ClusterChangeKind.NodeDown, "late");
        Assert.Equal(Enumerable.Range(10, 50).Reverse().Select(static i => $"node-{i}"), taken.Select(static c => c.Node));
        Assert.Equal(["late", .. taken.Take(49).Select(static c => c.Node)], changes.All.Select(static c => c.Node));
    }
}
