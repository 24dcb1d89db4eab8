using System.Collections.Immutable;
using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public sealed class ClusterVerdictTests : IDisposable
{
    private readonly RoutedDataSource _source = RoutedDataSource.Create(new RoutingOptions
    {
        Primary = "Host=a",
        Replicas = [new() { ConnectionString = "Host=b" }, new() { ConnectionString = "Host=c" }],
    });

    public void Dispose() => _source.Dispose();

    private static NodeFacts Primary(uint timeline = 1, string started = "p", long? system = 7, bool readOnly = true) =>
        NodeFacts.None with { Answer = new ProbeAnswer(new ServerIdentity("18.1", readOnly, started, system), false, 1000, timeline) };

    private static NodeFacts Standby(long? system = 7, uint? timeline = null) =>
        NodeFacts.None with { Answer = new ProbeAnswer(new ServerIdentity("18.1", true, "s", system), true, 1000, timeline) };

    private static NodeFacts Gone() => Primary() with { Failure = "it is gone" };

    private ClusterVerdict Verdict(NodeFacts a, NodeFacts b, NodeFacts c, uint newestTimeline = 0) =>
        ClusterVerdict.Of(_source.Nodes, ImmutableArray.Create(a, b, c), 7, newestTimeline, TimeSpan.FromSeconds(5));

    private static string States(ClusterVerdict verdict) => string.Join(' ', verdict.Statuses.Select(s => $"{s.Role}:{s.State}"));

    [Fact]
    public void Before_any_answer_the_configuration_counts()
    {
        var verdict = Verdict(NodeFacts.None, NodeFacts.None, NodeFacts.None);
        Assert.Equal(0, verdict.Primary);
        Assert.Equal("Primary:Unverified Replica:Unverified Replica:Unverified", States(verdict));
    }

    [Fact]
    public void The_server_that_isnt_in_recovery_is_the_primary_whatever_is_configured()
    {
        var verdict = Verdict(Standby(), Primary(), Standby());
        Assert.Equal(1, verdict.Primary);
        Assert.Equal("Replica:Up Primary:Up Replica:Up", States(verdict));
    }

    [Fact]
    public void Of_two_primaries_the_one_on_the_higher_timeline_counts()
    {
        var verdict = Verdict(Primary(1), Primary(2, "other"), Standby(), newestTimeline: 1);
        Assert.Equal(1, verdict.Primary);
        Assert.Equal("Primary:Down Primary:Up Replica:Up", States(verdict));
        Assert.Contains("is a former primary: it takes writes on timeline 1, while the cluster has gone on to timeline 2", verdict.Statuses[0].Problem);
    }

    [Fact]
    public void A_former_primary_isnt_taken_back_when_its_successor_dies()
    {
        var verdict = Verdict(Primary(1), Gone(), Standby(), newestTimeline: 2);
        Assert.Null(verdict.Primary);
        Assert.Contains("former primary", verdict.WriteProblem);
        Assert.Contains("it is gone", verdict.WriteProblem);
    }

    [Fact]
    public void A_primary_that_a_standby_has_gone_beyond_is_a_former_one()
    {
        // This process never saw the successor, which is down; a standby that follows it knows the timeline.
        var verdict = Verdict(Primary(1), Gone() with { Answer = null }, Standby(timeline: 2));
        Assert.Null(verdict.Primary);
        Assert.Equal("Primary:Down Replica:Down Replica:Up", States(verdict));
        Assert.Contains("is a former primary: it takes writes on timeline 1, while the cluster has gone on to timeline 2", verdict.WriteProblem);

        // What another cluster's standby is on says nothing, nor do those that are behind.
        Assert.Equal(0, Verdict(Primary(1), Standby(), Standby(system: 8, timeline: 2)).Primary);
        Assert.Equal(0, Verdict(Primary(3), Standby(timeline: 2), Standby(timeline: 3)).Primary);
    }

    [Fact]
    public void Of_two_primaries_on_one_timeline_neither_counts()
    {
        var verdict = Verdict(Primary(3), Primary(3, "other"), Standby());
        Assert.Null(verdict.Primary);
        Assert.Contains("both take writes, on the same timeline", verdict.WriteProblem);
        Assert.Equal("Primary:Down Primary:Down Replica:Up", States(verdict));
    }

    [Fact]
    public void One_server_under_two_addresses_is_one_primary()
    {
        var verdict = Verdict(Primary(), Primary(), Standby());
        Assert.Equal(0, verdict.Primary);
        Assert.Contains("is the same server as a:5432 (Primary)", verdict.Statuses[1].Problem);
    }

    [Fact]
    public void A_server_of_another_cluster_is_of_no_use()
    {
        var verdict = Verdict(Primary(), Standby(system: 8), Primary(9, "other", 8));
        Assert.Equal(0, verdict.Primary);
        Assert.Equal("Primary:Up Replica:Down Primary:Down", States(verdict));
        Assert.Contains("belongs to another cluster", verdict.Statuses[1].Problem);
        Assert.Contains("belongs to another cluster", verdict.Statuses[2].Problem);

        // Where the role may not ask, nothing is concluded.
        Assert.Equal("Primary:Up Replica:Up Replica:Up", States(Verdict(Primary(system: null), Standby(null), Standby())));
    }

    [Fact]
    public void Who_takes_writes_and_doesnt_tell_its_cluster_where_others_do_is_no_primary()
    {
        // Another cluster's primary, on a higher timeline.
        var verdict = Verdict(Primary(1), Primary(9, "other", system: null), Standby());
        Assert.Equal(0, verdict.Primary);
        Assert.Equal("Primary:Up Primary:Down Replica:Up", States(verdict));
        Assert.Contains("b:5432 takes writes, but doesn't tell which cluster it belongs to", verdict.Statuses[1].Problem);
        Assert.Contains("Grant it EXECUTE on that function", verdict.Statuses[1].Problem);

        // Nor does it step in for the primary.
        verdict = Verdict(Gone(), Primary(9, "other", system: null), Standby());
        Assert.Null(verdict.Primary);
        Assert.Contains("pg_control_system()", verdict.WriteProblem);

        // The configured primary counts, but for one that tells.
        Assert.Equal(0, Verdict(Primary(1, system: null), Standby(), Standby()).Primary);
        Assert.Equal(1, Verdict(Primary(9, system: null), Primary(1, "other"), Standby()).Primary);
    }

    [Fact]
    public void Where_nobody_tells_the_cluster_the_higher_timeline_counts_as_ever() => Assert.Equal(1, ClusterVerdict.Of(
        _source.Nodes, ImmutableArray.Create(Primary(1, system: null), Primary(2, "other", system: null), Standby(null)), null, 1, TimeSpan.FromSeconds(5)).Primary);

    [Fact]
    public void Without_any_primary_it_is_told_what_the_configured_one_is()
    {
        var verdict = Verdict(Standby(), Standby(), Gone());
        Assert.Null(verdict.Primary);
        Assert.Contains("is a standby and takes no writes, and no configured node is a primary", verdict.Statuses[0].Problem);
        Assert.Equal(NodeState.Up, verdict.Statuses[0].State);
    }

    [Fact]
    public void A_primary_whose_read_only_sessions_can_write_is_refused()
    {
        var verdict = Verdict(Primary(readOnly: false), Standby(), Standby());
        Assert.Null(verdict.Primary);
        Assert.Contains("doesn't take session settings from the connection's start", verdict.WriteProblem);
    }

    [Fact]
    public void A_replica_that_lags_is_told_by_how_much()
    {
        var verdict = Verdict(Primary(), Standby() with { IsLagging = true, Lag = TimeSpan.FromSeconds(7.25) }, Standby());
        Assert.Equal("Primary:Up Replica:Lagging Replica:Up", States(verdict));
        Assert.Contains("7.3 seconds behind the primary, more than the 5 seconds of LagThreshold", verdict.Statuses[1].Problem);
    }
}
