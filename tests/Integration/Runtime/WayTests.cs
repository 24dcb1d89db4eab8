using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>Addresses that lead to another server than a moment ago, before a probe has found out: the calls find out by themselves.</summary>
public sealed class WayTests(RoutedCluster cluster)
{
    // What asks which run of a server a connection leads to, and which role that server has. Probes ask in other words.
    private const string RunQuestion = "\0select (extract(epoch from pg_postmaster_start_time())";
    private const string RoleQuestion = "\0select pg_is_in_recovery()\0";

    private static readonly ReadRoute Bounded = new("Bounded", ReadConsistency.BoundedStaleness, 60);
    private static readonly ReadRoute Strong = new("Strong", ReadConsistency.Strong);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private PostgresNode Primary => cluster.Nodes.Primary;

    private PostgresNode Standby => cluster.Nodes.Replicas[0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_strong_read_whose_question_for_the_role_gets_lost_asks_on_another_connection(bool blocking)
    {
        await using var way = new Way(Primary);
        await using var db = await OpenAsync(way);
        way.LeadTo(Standby, Primary);
        way.Lose(RoleQuestion, isCut: true);
        await using (var lease = blocking ? await Task.Run(() => db.OpenRead(Strong), Ct) : await db.OpenReadAsync(Strong, Ct))
        {
            Assert.True(way.HasLost);
            Assert.Equal(false, await lease.Connection.ScalarAsync("select pg_is_in_recovery()"));
            Assert.Equal(1, db.GetSnapshot().Nodes[0].ActiveLeases);
        }

        Assert.Equal(0, db.GetSnapshot().Nodes[0].ActiveLeases);
    }

    [Fact]
    public async Task A_strong_read_that_is_given_up_while_it_asks_for_the_role_keeps_no_connection()
    {
        await using var way = new Way(Primary);
        await using var db = await OpenAsync(way);
        way.LeadTo(Standby);
        way.Lose(RoleQuestion, isCut: false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var opening = db.OpenReadAsync(Strong, end.Token).AsTask();
        await UntilAsync(() => way.HasLost);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.Equal(0, db.GetSnapshot().Nodes[0].ActiveLeases);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bounded_read_whose_question_for_the_server_gets_lost_is_answered_elsewhere(bool blocking)
    {
        await using var way = new Way(Standby);
        await using var db = await OpenAsync(cluster.Nodes.Primary.ConnectionString, way.ConnectionString);
        await UntilAsync(() => db.GetSnapshot().Nodes[1].Lag == TimeSpan.Zero);
        way.Lose(RunQuestion, isCut: true);
        await using (var lease = blocking ? await Task.Run(() => db.OpenRead(Bounded), Ct) : await db.OpenReadAsync(Bounded, Ct))
        {
            Assert.True(way.HasLost);
            Assert.Equal("primary-read-only", lease.NodeName);
            Assert.Equal([1, 0], db.GetSnapshot().Nodes.Select(static n => n.ActiveLeases));
        }

        // Asked again, it serves.
        await UntilAsync(() => db.GetSnapshot().Nodes[1] is { State: NodeState.Up, Lag: { } lag } && lag == TimeSpan.Zero);
        await using var next = await db.OpenReadAsync(Bounded, Ct);
        Assert.Equal("replica-1", next.NodeName);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_of_a_session_that_reads_from_the_primary_is_none_of_a_standbys_at_its_address(bool blocking)
    {
        await using var way = new Way(Primary);
        await using var db = await OpenAsync(way);
        way.LeadTo(Standby, Primary);
        using var session = db.BeginSession();
        session.ReadsFromPrimary = true;
        await using var lease = blocking ? await Task.Run(() => db.OpenRead(), Ct) : await db.OpenReadAsync(Ct);
        Assert.Equal(false, await lease.Connection.ScalarAsync("select pg_is_in_recovery()"));
    }

    private Task<RoutedDataSource> OpenAsync(Way primary) => OpenAsync(primary.ConnectionString);

    // The monitor asks each node once, on a connection that it keeps, and then not for a long while.
    private static async Task<RoutedDataSource> OpenAsync(string primary, string? replica = null)
    {
        var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = primary,
            Replicas = replica is null ? [] : [new ReplicaOptions { ConnectionString = replica }],
            ProbeInterval = TimeSpan.FromMinutes(10),
        });
        var verified = await db.VerifyAsync(Ct);
        await UntilAsync(() => db.GetSnapshot().Nodes.Zip(verified.Nodes).All(static n => n.First.LastChecked > n.Second.LastChecked));
        return db;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(10, patience.Token);
    }
}
