using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Integration.Routing;
using Npgsql;

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
        await Waiting.UntilAsync(() => way.HasLost, "the question is lost");
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
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes[1].Lag == TimeSpan.Zero, "the replica is found to have everything");
        way.Lose(RunQuestion, isCut: true);
        await using (var lease = blocking ? await Task.Run(() => db.OpenRead(Bounded), Ct) : await db.OpenReadAsync(Bounded, Ct))
        {
            Assert.True(way.HasLost);
            Assert.Equal("primary-read-only", lease.NodeName);
            Assert.Equal([1, 0], db.GetSnapshot().Nodes.Select(static n => n.ActiveLeases));
        }

        // Asked again, it serves.
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes[1] is { State: NodeState.Up, Lag: { } lag } && lag == TimeSpan.Zero, "the replica serves again");
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_a_standby_refuses_goes_to_the_node_that_is_the_primary_now(bool blocking)
    {
        // The two addresses change places, as at a failover, and no probe comes by itself.
        await using var first = new Way(Primary);
        await using var second = new Way(Standby);
        await using var db = await OpenAsync(first.ConnectionString, second.ConnectionString);
        first.LeadTo(Standby);
        second.LeadTo(Primary);
        first.Break();
        second.Break();
        var text = $"changed places {blocking}";
        var writes = new RefusedWrites(db);
        if (blocking)
            await Task.Run(() => writes.Add(text), Ct);
        else
            await writes.AddAsync(text, Ct);
        Assert.Equal("replica-1", db.GetSnapshot().Primary);
        Assert.Equal(1L, await CountAsync(text));
    }

    [Fact]
    public async Task A_write_that_a_standby_refuses_goes_over_another_connection_where_the_primary_is_the_same()
    {
        await using var way = new Way(Primary);
        await using var db = await OpenAsync(way);
        way.LeadTo(Standby, Primary);
        await new RefusedWrites(db).AddAsync("balanced", Ct);
        Assert.Equal("primary", db.GetSnapshot().Primary);
        Assert.Equal(1L, await CountAsync("balanced"));
    }

    [Fact]
    public async Task A_primary_that_was_down_is_found_again_soon_however_seldom_nodes_are_probed()
    {
        await using var way = new Way(Primary);
        await using var db = await OpenAsync(way);
        way.LeadTo();
        way.Break();
        await Assert.ThrowsAnyAsync<Exception>(() => new RefusedWrites(db).AddAsync("nowhere", Ct));
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes[0].State == NodeState.Down, "the primary is found down");
        way.LeadTo(Primary);
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes[0].State == NodeState.Up, "the primary is found again");
        await new RefusedWrites(db).AddAsync("again", Ct);
        Assert.Equal(1L, await CountAsync("again"));
    }

    [Fact]
    public async Task A_write_that_nobody_takes_is_given_up()
    {
        await using var way = new Way(Primary);
        await using var db = await OpenAsync(way);
        way.LeadTo(Standby);
        way.Break();
        await Assert.ThrowsAsync<PrimaryUnavailableException>(() => new RefusedWrites(db).AddAsync("refused", Ct));
        Assert.Equal(0L, await CountAsync("refused"));
    }

    [Fact]
    public async Task A_command_in_a_transaction_that_was_refused_starts_anew()
    {
        await using var db = cluster.Open(0);
        var refusals = new Failures(1);
        Assert.Equal(2, await new RefusedWrites(db).AddTwiceInTransactionAsync(refusals, "all or nothing"));
        Assert.Equal(2L, await CountAsync("all or nothing"));
    }

    [Fact]
    public async Task A_command_that_may_have_written_a_part_is_not_run_again()
    {
        await using var db = cluster.Open(0);
        var refusals = new Failures(1);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => new RefusedWrites(db).AddTwiceAsync(refusals, "a part"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
        Assert.Equal(1, refusals.Attempts);
        Assert.Equal(1L, await CountAsync("a part"));
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
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes.Zip(verified.Nodes).All(static n => n.First.LastChecked > n.Second.LastChecked), "the monitor has asked all nodes");
        return db;
    }

    private async Task<object?> CountAsync(string text)
    {
        await using var connection = new NpgsqlConnection(Primary.ConnectionString);
        await connection.OpenAsync(Ct);
        return await connection.ScalarAsync($"select count(*) from notes where text = '{text}'");
    }
}

internal sealed partial class RefusedWrites(RoutedDataSource db)
{
    [WriteCommand("insert into notes (text) values (@text)")]
    public partial Task<int> AddAsync(string text, CancellationToken ct);

    [WriteCommand("insert into notes (text) values (@text)")]
    public partial int Add(string text);

    [WriteCommand]
    public static async Task<int> AddTwiceAsync(NpgsqlConnection connection, Failures refusals, string text)
    {
        await InsertAsync(connection, text);
        await connection.ScalarAsync(refusals.Next() ? "set default_transaction_read_only = on" : "select 1");
        await InsertAsync(connection, text);
        return refusals.Attempts;
    }

    [WriteCommand(Transaction = true)]
    public static async Task<int> AddTwiceInTransactionAsync(NpgsqlConnection connection, Failures refusals, string text)
    {
        await InsertAsync(connection, text);
        await connection.ScalarAsync(refusals.Next() ? "set transaction_read_only = on" : "select 1");
        await InsertAsync(connection, text);
        return refusals.Attempts;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, string text)
    {
        await using var insert = new NpgsqlCommand("insert into notes (text) values ($1)", connection) { Parameters = { new() { Value = text } } };
        await insert.ExecuteNonQueryAsync();
    }
}
