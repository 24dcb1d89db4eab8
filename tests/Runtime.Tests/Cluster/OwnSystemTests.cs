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

    [Fact]
    public void Another_cluster_takes_the_place_of_one_that_is_gone()
    {
        Assert.Equal(8, Successor(Node(8, writes: true), Gone, Gone));
        Assert.Equal(8, Successor(Node(8, writes: true), Gone, Node(8)));
    }

    [Fact]
    public void No_cluster_takes_the_place_of_one_that_may_be_there()
    {
        var successor = Node(8, writes: true);
        Assert.Null(Successor(successor, Node(7), Gone));
        Assert.Null(Successor(successor, Node(7) with { IsSuspect = true, Timeouts = 1 }, Gone));
        Assert.Null(Successor(successor, Node(7) with { IsFull = true }, Gone));
        Assert.Null(Successor(successor, Node(8) with { Refusal = "no" }, Gone));
        Assert.Null(Successor(successor, Node(7) with { Refusal = "no", Failure = "no" }, Gone));
        Assert.Null(Successor(successor, Node(null), Gone));
        Assert.Null(Successor(successor, NodeFacts.None, Gone));
        Assert.Null(Successor(successor, Node(9), Gone));

        // Only the configured primary leads there, and only where it takes writes.
        Assert.Null(Successor(Node(8), Gone, Gone));
        Assert.Null(Successor(Node(null, writes: true), Gone, Gone));
        Assert.Null(Successor(Gone, Node(8, writes: true), Gone));
        Assert.Null(Successor(Node(7, writes: true), Gone, Gone));
    }

    private static NodeFacts Gone => NodeFacts.None with { Failure = "it is gone" };

    private static NodeFacts Node(long? system, bool writes = false) => NodeFacts.None with
    {
        Answer = new ProbeAnswer(new ServerIdentity("18.1", true, $"s{system}{writes}", system), !writes, 1000, writes ? 1u : null),
    };

    private long? Successor(NodeFacts a, NodeFacts b, NodeFacts c) => OwnSystem.SuccessorOf(7, _source.Nodes, ImmutableArray.Create(a, b, c));

    private (long?, bool) Of(NodeFacts a, NodeFacts b, NodeFacts c) => OwnSystem.Of(_source.Nodes, ImmutableArray.Create(a, b, c));
}
