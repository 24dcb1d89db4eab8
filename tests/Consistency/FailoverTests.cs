using System.Diagnostics;
using CompileTimeRouting.Consistency.Faults;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>Servers that change places while sessions go on; each test has a cluster of its own.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private PostgresCluster? _cluster;
    private RoutedDataSource? _db;
    private long _version;

    private PostgresCluster Cluster => _cluster!;

    private RoutedDataSource Db => _db!;

    private Counters Counters => new(Db);

    public async ValueTask InitializeAsync()
    {
        _cluster = await Clusters.StartAsync();
        _db = await OpenAsync(Long);
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null)
            await _db.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private Task<RoutedDataSource> OpenAsync(TimeSpan wait) => Clusters.OpenAsync(Cluster, options => options.ReadYourWritesWait = wait);

    private bool IsReplica(Reading reading) => reading.Port != Cluster.Primary.Port;

    [Fact]
    public async Task A_replica_that_was_cloned_anew_has_to_prove_itself_again()
    {
        await using var impatient = await OpenAsync(Short);
        var counters = new Counters(impatient);
        using var session = impatient.BeginSession();
        await counters.WriteAsync(30, 1);
        await Waiting.UntilAsync(async () => IsReplica(await counters.ReadAsync(30)), "a replica serves the session");

        // The clones stand still at what they were made of, while the session goes on.
        foreach (var replica in Cluster.Replicas)
        {
            await replica.RecloneAsync();
            await replica.PauseReplayAsync();
        }

        for (var version = 2; version < 200; version++)
        {
            await counters.WriteInTransactionAsync(30, version);
            Assert.Equal(version, (await counters.ReadAsync(30)).Version);
        }
    }

    [Fact]
    public async Task Without_a_primary_a_read_that_breaks_on_a_replica_goes_to_another()
    {
        await using var relay = new Breaks(Cluster.Replicas[0], "from counters");
        await using var source = await Clusters.OpenAsync(Cluster, o => o.Replicas[0].ConnectionString = relay.ConnectionString);
        var counters = new Counters(source);
        await Cluster.Primary.KillAsync();
        await Waiting.UntilAsync(() => source.GetSnapshot().Primary is null, "the primary is found down");
        var broken = 0;
        for (var i = 0; i < 6; i++)
        {
            await Waiting.UntilAsync(() => source.GetSnapshot().Nodes.Skip(1).All(static n => n.State == NodeState.Up), "both replicas serve");
            relay.Left = 1;
            using (source.BeginSession())
                Assert.True(IsReplica(await counters.ReadAsync(31)));
            broken += relay.Left == 0 ? 1 : 0;
        }

        Assert.InRange(broken, 1, 5);
    }

    [Fact]
    public async Task A_standby_that_a_crash_put_back_has_to_prove_itself_again()
    {
        await using var impatient = await OpenAsync(Short);
        var counters = new Counters(impatient);

        // From here the standbys begin again, with less than they will have had.
        await Cluster.Primary.ExecuteAsAdminAsync("checkpoint");
        await Cluster.WaitUntilCaughtUpAsync();
        foreach (var replica in Cluster.Replicas)
            await replica.ExecuteAsAdminAsync("checkpoint");
        await counters.WriteAsync(34, 1);
        var written = Stopwatch.GetTimestamp();

        // Each of a session that has only that write.
        async Task<Reading> ReadAsync()
        {
            using var session = impatient.BeginSession();
            session.Raise(new SessionNeeds(written));
            return await counters.ReadAsync(34);
        }

        var ports = new HashSet<int>();
        await Waiting.UntilAsync(async () => ports.Add((await ReadAsync()).Port) && ports.IsSupersetOf(Cluster.Replicas.Select(static r => r.Port)), "both replicas have the write");
        foreach (var replica in Cluster.Replicas)
        {
            await replica.SetApplyDelayAsync(TimeSpan.FromHours(1));
            await replica.CrashAsync();

            // The server runs on, but what it had replayed it hasn't any more.
            Assert.Equal(0L, await replica.ExecuteAsAdminAsync("select version from counters where id = 34"));
        }

        await Waiting.UntilAsync(() => impatient.GetSnapshot().Nodes.All(static n => n.State == NodeState.Up), "the standbys are in service");
        for (var i = 0; i < 20; i++)
            Assert.Equal(1, (await ReadAsync()).Version);
    }

    [Fact]
    public async Task A_standby_that_went_another_way_has_nothing_of_the_new_primarys()
    {
        var (former, heir, stray) = (Cluster.Primary, Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var source = await OpenAsync(Short);
        await DivergeAsync(former, heir, stray);
        await Waiting.UntilAsync(() => source.GetSnapshot().Primary == "replica-1", "the promoted standby is the primary");
        var counters = new Counters(source);
        for (var version = 1; version <= 50; version++)
        {
            using var session = source.BeginSession();
            await counters.WriteAsync(31, version);
            Assert.Equal(version, (await counters.ReadAsync(31)).Version);
        }
    }

    [Fact]
    public async Task A_primary_that_was_started_again_at_another_address_has_its_replicas_still()
    {
        await using var address = new Balancer(Cluster.Primary);
        using (Db.BeginSession())
        {
            await Counters.WriteAsync(35, 1);
            Assert.True(IsReplica(await Counters.ReadAsync(35)));
        }

        await Cluster.Primary.KillAsync();
        await Cluster.Primary.StartAsync();
        var options = Clusters.Options(Cluster);
        options.Primary = address.ConnectionString;
        options.ReadYourWritesWait = Long;
        await Db.UpdateAsync(options);
        await Waiting.UntilAsync(async () =>
        {
            using var session = Db.BeginSession();
            await Counters.WriteAsync(35, 2);
            return IsReplica(await Counters.ReadAsync(35));
        }, "replicas serve sessions");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_from_before_a_failover_asks_for_all_there_is(bool isTakenAlong)
    {
        var (former, heir) = (Cluster.Primary, Cluster.Replicas[0]);
        using var session = Db.CreateSession();
        session.WillExport = isTakenAlong;
        using (Db.UseSession(session))
            await Counters.WriteAsync(32, 1);
        var token = isTakenAlong ? null : await session.ExportAsync();

        await former.MakeSynchronousAsync(heir);
        await former.KillAsync();
        await heir.PromoteAsync();
        await heir.ResetAsync("synchronous_standby_names");
        await Waiting.UntilAsync(() => Db.GetSnapshot().Primary == "replica-1", "the promoted standby is the primary");

        // What a write has brought back is the former history's, whoever is the primary when it is exported.
        token ??= await session.ExportAsync(new CancellationToken(canceled: true));
        await Counters.WriteAsync(32, 2);
        await using var impatient = await OpenAsync(Short);
        using (impatient.BeginSession(token))
            Assert.Equal(2, (await new Counters(impatient).ReadAsync(32)).Version);
        Assert.Equal(1, impatient.Outcomes.Tokens(TokenOutcome.OtherHistory));
    }

    [Fact]
    public async Task A_standby_that_follows_the_new_primary_serves_again()
    {
        var (former, heir, follower) = (Cluster.Primary, Cluster.Replicas[0], Cluster.Replicas[1]);
        await former.MakeSynchronousAsync(heir);
        await former.KillAsync();
        await heir.PromoteAsync();
        await heir.ResetAsync("synchronous_standby_names");
        await follower.FollowAsync(heir);

        // The control file knows the timeline from the next restart point on, which a checkpoint of the new primary allows.
        await heir.ExecuteAsAdminAsync("checkpoint");
        await follower.WaitUntilCaughtUpAsync();
        await follower.ExecuteAsAdminAsync("checkpoint");
        await Waiting.UntilAsync(async () =>
        {
            using var session = Db.BeginSession();
            try
            {
                await Counters.WriteAsync(33, ++_version);
                var reading = await Counters.ReadAsync(33);
                Assert.Equal(_version, reading.Version);
                return reading.Port == follower.Port;
            }
            catch (Exception e) when (e is NpgsqlException or PrimaryUnavailableException)
            {
                return false;
            }
        }, "the standby serves sessions on the new timeline");
    }

    /// <summary>Promotes a standby, while another one goes on with the former primary, and farther than the promoted one.</summary>
    internal static async Task DivergeAsync(PostgresNode former, PostgresNode heir, PostgresNode stray)
    {
        await heir.PromoteAsync();
        await former.ExecuteAsAdminAsync("create table churn as select i, repeat('x', 100) from generate_series(1, 200000) i");
        await stray.WaitUntilCaughtUpAsync();
        await former.StopAsync();
    }
}
