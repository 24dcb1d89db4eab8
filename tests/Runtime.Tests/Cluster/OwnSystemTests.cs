using System.Collections.Immutable;
using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public sealed class OwnSystemTests : IDisposable
{
    private readonly RoutedDataSource _source = RoutedDataSource.Create(new RoutingOptions
    {
        Primary = "Host=a",
        Replicas = [new() { ConnectionString = "Host=b" }, new() { ConnectionString = "Host=c" }],
    });

    public void Dispose() => _source.Dispose();

    [Fact]
    public void The_configured_primary_tells_whatever_the_others_are() =>
        Assert.Equal((7, true), Of(Node(7), Node(8, writes: true), Node(8)));

    [Fact]
    public void Nobody_else_is_believed_before_the_configured_primary_was_asked() =>
        Assert.Equal((null, false), Of(NodeFacts.None, Node(8, writes: true), Node(8)));

    [Fact]
    public void Without_the_configured_primary_the_others_tell_where_they_agree()
    {
        Assert.Equal((7, false), Of(Gone, Node(7, writes: true), NodeFacts.None));
        Assert.Equal((7, false), Of(Gone, Node(7, writes: true), Node(7)));
    }

    [Fact]
    public void Nodes_that_contradict_each_other_are_all_refused()
    {
        var facts = ImmutableArray.Create(Gone, Node(7, writes: true), Node(8));
        Assert.Equal((OwnSystem.Unclear, false), OwnSystem.Of(_source.Nodes, facts));
        var verdict = ClusterVerdict.Of(_source.Nodes, facts, OwnSystem.Unclear, 0, TimeSpan.FromSeconds(5));
        Assert.Null(verdict.Primary);
        Assert.All(verdict.Statuses, static s => Assert.Equal(NodeState.Down, s.State));
        Assert.Contains("belongs to another cluster than other configured nodes do", verdict.Statuses[1].Problem);
        Assert.Contains("Replicas[0]", verdict.Statuses[1].Problem);
    }

    [Fact]
    public void A_server_that_takes_writes_is_not_the_primary_before_the_configured_one_was_asked() =>
        Assert.Equal(0, ClusterVerdict.Of(
            _source.Nodes, ImmutableArray.Create(NodeFacts.None, Node(8, writes: true), Node(8)), null, 0, TimeSpan.FromSeconds(5)).Primary);

    private static NodeFacts Gone => NodeFacts.None with { Failure = "it is gone" };

    private static NodeFacts Node(long system, bool writes = false) => NodeFacts.None with
    {
        Answer = new ProbeAnswer(new ServerIdentity("18.1", true, $"s{system}{writes}", system), !writes, 1000, writes ? 1u : null),
    };

    private (long?, bool) Of(NodeFacts a, NodeFacts b, NodeFacts c) => OwnSystem.Of(_source.Nodes, ImmutableArray.Create(a, b, c));
}
