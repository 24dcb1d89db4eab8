using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>One entry of the configuration is wrong: its message says what to do, and the rest goes on.</summary>
public class BadNodeTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Changed(PostgresNode node, Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(node.ConnectionString);
        change(settings);
        return settings.ConnectionString;
    }

    /// <summary>Puts a bad replica beside a good one.</summary>
    /// <returns>What is said of the bad one.</returns>
    private async Task<string> ProblemOfAsync(string badReplica)
    {
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Nodes.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = badReplica, Name = "bad" }, new() { ConnectionString = cluster.Nodes.Replicas[1].ConnectionString, Name = "good" }],
            StartupTimeout = TimeSpan.FromSeconds(2),
        });
        var nodes = (await source.VerifyAsync(Ct)).Nodes;
        Assert.Equal([NodeState.Up, NodeState.Down, NodeState.Up], nodes.Select(static n => n.State));

        for (var i = 0; i < 6; i++)
            Assert.Equal("good", (await source.CountAsync("nothing")).Node);
        Assert.Equal("primary", await source.WriteAsync("beside a bad node"));
        var password = new NpgsqlConnectionStringBuilder(badReplica).Password;
        Assert.DoesNotContain(password!, nodes[1].Problem);
        return nodes[1].Problem!;
    }

    [Fact]
    public async Task An_unreachable_replica_is_told() =>
        Assert.Contains(":1 refused the connection: nothing listens there. Check host and port in Replicas[0]", await ProblemOfAsync(Changed(cluster.Nodes.Replicas[0], static s => s.Port = 1)));

    [Fact]
    public async Task The_primary_by_another_address_in_the_place_of_a_replica_is_told() =>
        Assert.Contains("is the same server as", await ProblemOfAsync(Changed(cluster.Nodes.Primary, static s => s.Host = "localhost")));

    [Fact]
    public async Task A_replica_without_the_database_is_told() =>
        Assert.Contains("has no database 'nowhere' (3D000). Correct the database in Replicas[0]", await ProblemOfAsync(Changed(cluster.Nodes.Replicas[0], static s => s.Database = "nowhere")));

    [Fact]
    public async Task A_role_that_may_not_connect_is_told()
    {
        foreach (var sql in new[] { "create role stranger login password 'a secret'", "create database closed", "revoke connect on database closed from public" })
            await cluster.Nodes.Primary.ExecuteAsAdminAsync(sql);
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        var problem = await ProblemOfAsync(Changed(cluster.Nodes.Replicas[0], static s => (s.Username, s.Password, s.Database) = ("stranger", "a secret", "closed")));
        Assert.Contains("(42501). Grant it CONNECT on the database 'closed'", problem);
    }

    /// <summary>The role's password is changed, or a permission is taken, while all goes well: what is refused later is nobody's death.</summary>
    [Theory]
    [InlineData("alter role app password 'another'", "alter role app password '{0}'", "refused the password of the role 'app' (28P01)")]
    [InlineData("revoke execute on function pg_last_wal_replay_lsn() from public", "grant execute on function pg_last_wal_replay_lsn() to public", "permission denied for function pg_last_wal_replay_lsn (42501). Grant the role EXECUTE on it")]
    [InlineData("revoke execute on function pg_current_wal_insert_lsn() from public", "grant execute on function pg_current_wal_insert_lsn() to public", "permission denied for function pg_current_wal_insert_lsn (42501). Grant the role EXECUTE on it")]
    public async Task A_probe_that_is_refused_later_is_told_and_cuts_no_session(string spoil, string repair, string told)
    {
        await using var own = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, Ct);
        await own.Primary.ExecuteAsAdminAsync("create table notes (text text)", "alter table notes owner to app");
        await own.WaitUntilCaughtUpAsync(Ct);
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = own.Primary.ConnectionString,
            Replicas = [.. own.Replicas.Select(r => new ReplicaOptions { ConnectionString = Changed(r, static s => s.ApplicationName = "busy") })],
            ProbeInterval = TimeSpan.FromMilliseconds(100),
        });
        Assert.True((await source.VerifyAsync(Ct)).IsHealthy);
        var (read, write) = (await source.OpenReadAsync(Ct), await source.OpenWriteAsync(Ct));
        var reading = read.Connection.ScalarAsync("select count(*) from (select pg_sleep(3)) as slept");

        await own.Primary.ExecuteAsAdminAsync(spoil);
        await own.WaitUntilCaughtUpAsync(Ct);
        foreach (var node in own.Nodes)
            await node.ExecuteAsAdminAsync("select count(pg_terminate_backend(pid)) from pg_stat_activity where query like '%pg_is_in_recovery%' and usename = 'app' and state = 'idle'");
        await Waiting.UntilAsync(() => source.GetSnapshot().Nodes.Any(n => n.Problem is { } problem && problem.Contains(told, StringComparison.Ordinal)), $"it is told: {told}");

        // Sessions go on, and writes.
        Assert.Equal(1L, await reading);
        await read.DisposeAsync();
        await write.Connection.ScalarAsync("insert into notes values ('written')");
        await write.DisposeAsync();
        Assert.Equal("primary", await source.WriteAsync("written"));
        Assert.Equal("primary", source.GetSnapshot().Primary);
        Assert.DoesNotContain(source.GetSnapshot().Nodes, static n => n.State == NodeState.Down);

        await own.Primary.ExecuteAsAdminAsync(repair.Replace("{0}", new NpgsqlConnectionStringBuilder(own.Primary.ConnectionString).Password, StringComparison.Ordinal));
        await Waiting.UntilAsync(() => source.GetSnapshot() is { IsHealthy: true } now && now.Nodes.All(static n => n.Problem is null), "all nodes are good again");
    }

    /// <summary>The session that was kept and then the one opened in its place are ended by an administrator, each just when it is asked.</summary>
    [Fact]
    public async Task A_node_whose_probes_lose_their_sessions_is_not_down()
    {
        await using var own = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 0 }, Ct);
        await own.Primary.ExecuteAsAdminAsync(
            "create schema asked",
            "grant usage on schema asked to app",
            """
            create function asked.pg_current_wal_insert_lsn() returns pg_lsn language plpgsql as $$
            begin
                perform pg_advisory_xact_lock_shared(1);
                return pg_catalog.pg_current_wal_insert_lsn();
            end $$
            """);
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = Changed(own.Primary, static s => s.Options = "-c search_path=asked,pg_catalog"),
            ProbeInterval = TimeSpan.FromMilliseconds(100),
            ProbeTimeout = TimeSpan.FromSeconds(30),
        });
        Assert.True((await source.VerifyAsync(Ct)).IsHealthy);

        // Only then is there a session that the monitor has kept.
        var verified = source.GetSnapshot().Nodes[0].LastChecked;
        await Waiting.UntilAsync(() => source.GetSnapshot().Nodes[0].LastChecked > verified, "the monitor has probed");

        await using var holder = new NpgsqlConnection(own.Primary.ConnectionString);
        await holder.OpenAsync(Ct);
        await holder.ScalarAsync("select pg_advisory_lock(1)");
        var ended = new HashSet<int>();
        while (ended.Count < 2)
        {
            var waiting = await own.Primary.ExecuteAsAdminAsync("select pid from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'");
            if (waiting is int process && ended.Add(process))
                await own.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({process})");
            else
                await Task.Delay(10, Ct);
        }

        var before = source.GetSnapshot().Nodes[0].LastChecked;
        await holder.ScalarAsync("select pg_advisory_unlock(1)");
        await Waiting.UntilAsync(() => source.GetSnapshot().Nodes[0].LastChecked > before, "it is probed again");
        Assert.DoesNotContain(source.GetSnapshot().RecentChanges, static c => c.Kind == ClusterChangeKind.NodeDown);
    }

    [Fact]
    public async Task A_standby_of_another_cluster_is_told_and_missing_permissions_too()
    {
        await using var other = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, Ct);
        Assert.Contains("belongs to another cluster: its system identifier differs", await ProblemOfAsync(other.Replicas[0].ConnectionString));
        Assert.Contains("belongs to another cluster: its system identifier differs", await ProblemOfAsync(other.Primary.ConnectionString));

        // Without the permission to ask for the identifier, all else is as before.
        await RevokeAsync("pg_control_system()");
        await using (var source = Open())
        {
            Assert.True((await source.VerifyAsync(Ct)).IsHealthy);
            await using var lease = await source.OpenReadAsync(Ct);
            Assert.Equal("replica-1", lease.NodeName);
        }

        // Without the position, nothing can be known of a standby; the primary isn't asked for it.
        await RevokeAsync("pg_last_wal_replay_lsn()");
        await using (var source = Open())
        {
            var nodes = (await source.VerifyAsync(Ct)).Nodes;
            Assert.Equal((NodeState.Up, null), (nodes[0].State, nodes[0].Problem));
            Assert.Contains("permission denied for function pg_last_wal_replay_lsn (42501). Grant the role EXECUTE on it", nodes[1].Problem);
        }

        RoutedDataSource Open() => RoutedDataSource.Create(new RoutingOptions
        {
            Primary = other.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = other.Replicas[0].ConnectionString }],
        });

        // Privileges are the database's own.
        async Task RevokeAsync(string function)
        {
            await other.Primary.ExecuteAsAdminAsync($"revoke execute on function {function} from public");
            await other.WaitUntilCaughtUpAsync(Ct);
        }
    }
}
