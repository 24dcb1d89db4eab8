using System.Diagnostics;
using Npgsql;
using static CompileTimeRouting.DevCluster.Tests.Servers;

namespace CompileTimeRouting.DevCluster.Tests;

public sealed class OperationsOnPostgres15(Postgres15 fixture) : OperationTests(fixture), IClassFixture<Postgres15>
{
    [Fact]
    public void The_version_asked_for_runs() => Assert.Equal(15, Cluster.ServerVersion.Major);
}

public sealed class OperationsOnPostgres18(Postgres18 fixture) : OperationTests(fixture), IClassFixture<Postgres18>
{
    [Fact]
    public void The_version_asked_for_runs() => Assert.Equal(18, Cluster.ServerVersion.Major);
}

public sealed class OperationsOnContainers(ContainerCluster fixture) : OperationTests(fixture), IClassFixture<ContainerCluster>;

/// <summary>What can be done to a running cluster, on every back end.</summary>
public abstract class OperationTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(700);

    protected PostgresCluster Cluster => fixture.Cluster;

    private PostgresNode Primary => Cluster.Primary;

    private PostgresNode Replica => Cluster.Replicas[0];

    private PostgresNode Other => Cluster.Replicas[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standbys_stream_what_the_primary_writes()
    {
        var id = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);

        Assert.All(await Task.WhenAll(Cluster.Replicas.Select(r => HasAsync(r, id))), Assert.True);
        var streaming = await QueryAsync<string[]>(Primary.AdminConnectionString, "select array_agg(application_name order by application_name) from pg_stat_replication where state = 'streaming'");
        Assert.Equal(Cluster.Replicas.Select(r => r.Name).Order(StringComparer.Ordinal), streaming);
    }

    [Fact]
    public async Task Every_write_is_there_after_waiting_however_often()
    {
        for (var i = 0; i < 25; i++)
        {
            var id = await WriteAsync(Primary);
            await Replica.WaitUntilCaughtUpAsync(Token);
            Assert.True(await HasAsync(Replica, id));
        }
    }

    [Fact]
    public async Task Waiting_ends_on_a_primary_that_stands_behind_a_page_header()
    {
        // A new segment: the insert position is behind its header, and no record follows.
        await ExecuteAsync(Primary.AdminConnectionString, "select pg_switch_wal()");
        await Cluster.WaitUntilCaughtUpAsync(Token);
    }

    [Fact]
    public async Task A_standby_refuses_to_write()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => WriteAsync(Replica));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    [Fact]
    public async Task The_servers_know_their_roles()
    {
        Assert.False(await Primary.IsInRecoveryAsync(Token));
        Assert.True(await Replica.IsInRecoveryAsync(Token));
        Assert.True(await Other.IsInRecoveryAsync(Token));
        Assert.Equal(["primary", "replica-1", "replica-2"], Cluster.Nodes.Take(3).Select(n => n.Name));
        Assert.Same(Primary, Replica.Upstream);
    }

    [Fact]
    public async Task The_applications_role_is_no_superuser_and_the_admins_is()
    {
        const string sql = "select current_user || ' ' || current_database() || ' ' || current_setting('is_superuser')";
        Assert.Equal("app app off", await QueryAsync<string>(Replica.ConnectionString, sql));
        Assert.Equal("postgres app on", await QueryAsync<string>(Replica.AdminConnectionString, sql));
    }

    [Fact]
    public async Task The_url_names_the_same_as_the_connection_string()
    {
        var url = new Uri(Replica.Url);
        var parts = url.UserInfo.Split(':');
        var asConnectionString = $"Host={url.Host};Port={url.Port};Username={parts[0]};Password={Uri.UnescapeDataString(parts[1])};Database={url.AbsolutePath[1..]}";
        Assert.Equal("postgresql", url.Scheme);
        Assert.Equal("app", await QueryAsync<string>(asConnectionString, "select current_database()::text"));
    }

    [Fact]
    public async Task Settings_reach_every_server()
    {
        foreach (var node in Cluster.Nodes)
        {
            Assert.Equal("5MB", await QueryAsync<string>(node.ConnectionString, "show work_mem"));
            Assert.Equal("300", await QueryAsync<string>(node.ConnectionString, "show max_connections"));
        }
    }

    [Fact]
    public async Task A_killed_standby_refuses_connections_and_catches_up_when_started()
    {
        var port = Replica.Port;
        await Replica.KillAsync(Token);
        Assert.Equal(PostgresNodeState.Stopped, Replica.State);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => QueryAsync<int>(Replica.ConnectionString, "select 1"));
        var id = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);

        await Replica.StartAsync(Token);

        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.Equal(port, Replica.Port);
        Assert.True(await HasAsync(Replica, id));
    }

    [Fact]
    public async Task A_killed_primary_comes_back_with_all_that_was_committed()
    {
        var id = await WriteAsync(Primary);
        await Primary.KillAsync(Token);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => QueryAsync<int>(Primary.ConnectionString, "select 1"));
        Assert.Equal(1, await QueryAsync<int>(Replica.ConnectionString, "select 1"));

        await Primary.StartAsync(Token);

        Assert.True(await HasAsync(Primary, id));
        var next = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, next));
    }

    [Fact]
    public async Task Killing_ends_a_frozen_server_and_every_call_may_be_repeated()
    {
        await Replica.FreezeAsync(Token);
        await Replica.FreezeAsync(Token);
        await Replica.KillAsync(Token);
        await Replica.KillAsync(Token);
        Assert.Equal(PostgresNodeState.Stopped, Replica.State);
        await Replica.StopAsync(Token);
        await Replica.ThawAsync(Token);
        await Replica.StartAsync(Token);
        await Replica.StartAsync(Token);
        Assert.Equal(PostgresNodeState.Running, Replica.State);
    }

    [Fact]
    public async Task A_frozen_server_hangs_and_answers_once_thawed()
    {
        await using var connection = new NpgsqlConnection(Replica.ConnectionString + ";Pooling=false;Timeout=60");
        await connection.OpenAsync(Token);
        await Replica.FreezeAsync(Token);
        Assert.Equal(PostgresNodeState.Frozen, Replica.State);

        await using var command = new NpgsqlCommand("select 1", connection);
        var inSession = command.ExecuteScalarAsync(Token);
        var newSession = QueryAsync<int>(Replica.ConnectionString, "select 2");
        await Task.Delay(Short, Token);
        Assert.False(inSession.IsCompleted, "the open session answered");
        Assert.False(newSession.IsCompleted, "a new session was let in");
        await Cluster.WaitUntilCaughtUpAsync(Token);

        await Replica.ThawAsync(Token);
        Assert.Equal(1, await inSession);
        Assert.Equal(2, await newSession);
        Assert.Equal(PostgresNodeState.Running, Replica.State);
    }

    [Fact]
    public async Task A_stopped_server_is_back_after_a_restart()
    {
        await Replica.StopAsync(Token);
        Assert.Equal(PostgresNodeState.Stopped, Replica.State);
        await Replica.StartAsync(Token);
        await Primary.RestartAsync(Token);
        var id = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, id));
    }

    [Fact]
    public async Task A_promoted_standby_takes_writes_and_a_new_clone_forgets_them()
    {
        await Other.PromoteAsync(Token);
        Assert.False(await Other.IsInRecoveryAsync(Token));
        Assert.Null(Other.Upstream);
        var lost = Guid.NewGuid().ToString();
        await ExecuteAsync(Other.ConnectionString, $"insert into t (note) values ('{lost}')");

        await Other.RecloneAsync(Primary, Token);

        Assert.True(await Other.IsInRecoveryAsync(Token));
        var id = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Other, id));
        Assert.Equal(0, await QueryAsync<long>(Other.ConnectionString, $"select count(*) from t where note = '{lost}'"));
    }

    [Fact]
    public async Task A_cluster_fails_over_and_back()
    {
        await Cluster.WaitUntilCaughtUpAsync(Token);
        await Primary.KillAsync(Token);
        await Replica.PromoteAsync(Token);
        await FollowAsync(Cluster.Replicas.Skip(1), Replica);
        var id = await WriteAsync(Replica);
        await Primary.RecloneAsync(Replica, Token);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Other, id));
        Assert.True(await HasAsync(Primary, id));
        Assert.True(await Primary.IsInRecoveryAsync(Token));

        await Replica.KillAsync(Token);
        await Primary.PromoteAsync(Token);
        await FollowAsync(Cluster.Replicas.Skip(1), Primary);
        await Replica.RecloneAsync(Primary, Token);
        id = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, id));
        Assert.True(await HasAsync(Other, id));
    }

    [Fact]
    public async Task A_primary_that_is_promoted_says_it_is_none()
    {
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => Primary.PromoteAsync(Token));
        Assert.StartsWith("primary is no standby", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paused_replay_shows_the_past_until_resumed()
    {
        await Replica.PauseReplayAsync(Token);
        var id = await WriteAsync(Primary);
        await Other.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Other, id));
        Assert.False(await HasAsync(Replica, id));

        await Replica.ResumeReplayAsync(Token);
        await Replica.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, id));
    }

    [Fact]
    public async Task An_apply_delay_holds_commits_back()
    {
        await Replica.SetApplyDelayAsync(TimeSpan.FromMinutes(5), Token);
        var id = await WriteAsync(Primary);
        await Other.WaitUntilCaughtUpAsync(Token);
        await Task.Delay(Short, Token);
        Assert.False(await HasAsync(Replica, id));

        await Replica.SetApplyDelayAsync(TimeSpan.Zero, Token);
        await Replica.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, id));
    }

    [Fact]
    public async Task A_standby_that_is_cut_off_answers_with_the_past()
    {
        await Replica.CutWalReceiverAsync(Token);
        var id = await WriteAsync(Primary);
        await Other.WaitUntilCaughtUpAsync(Token);
        await Task.Delay(Short, Token);
        Assert.False(await HasAsync(Replica, id));

        await Replica.RestoreWalReceiverAsync(Token);
        await Replica.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, id));
    }

    [Fact]
    public async Task A_servers_clock_is_moved_alone()
    {
        if (fixture is ContainerCluster)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => Replica.SetClockAsync(TimeSpan.FromHours(1), Token));
            return;
        }

        Assert.SkipWhen(PostgresNode.WhyClockCannotBeSet is not null, PostgresNode.WhyClockCannotBeSet ?? "");
        const string Now = "select clock_timestamp()";
        await Replica.SetClockAsync(TimeSpan.FromHours(-1), Token);
        var behind = DateTime.UtcNow - await QueryAsync<DateTime>(Replica.AdminConnectionString, Now);
        var right = DateTime.UtcNow - await QueryAsync<DateTime>(Primary.AdminConnectionString, Now);
        Assert.InRange(behind, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.InRange(right, -TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

        // It streams like any other.
        var id = await WriteAsync(Primary);
        await Replica.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(Replica, id));

        await Replica.SetClockAsync(TimeSpan.Zero, Token);
        Assert.InRange(DateTime.UtcNow - await QueryAsync<DateTime>(Replica.AdminConnectionString, Now), -TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_clone_made_under_load_is_whole()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = Task.Run(async () =>
        {
            await using var connection = new NpgsqlConnection(Primary.ConnectionString + ";Pooling=false");
            await connection.OpenAsync(Token);
            await using var insert = new NpgsqlCommand("insert into t (note) select md5(random()::text) from generate_series(1, 20)", connection);
            var batches = 0;
            for (; !stop.IsCancellationRequested; batches++)
                await insert.ExecuteNonQueryAsync(Token);
            return batches;
        }, Token);

        await Replica.RecloneAsync(cancellationToken: Token);
        await stop.CancelAsync();

        Assert.NotEqual(0, await writing);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        const string all = "select md5(string_agg(id || note, ',' order by id)) from t";
        Assert.Equal(await QueryAsync<string>(Primary.ConnectionString, all), await QueryAsync<string>(Replica.ConnectionString, all));
    }

    [Fact]
    public async Task An_added_replica_streams_too()
    {
        var added = await Cluster.AddReplicaAsync(cancellationToken: Token);
        Assert.Same(added, Cluster.Replicas[^1]);
        Assert.Equal($"replica-{Cluster.Replicas.Count}", added.Name);
        var id = await WriteAsync(Primary);
        await Cluster.WaitUntilCaughtUpAsync(Token);
        Assert.True(await HasAsync(added, id));
    }

    [Fact]
    public async Task A_node_that_is_stopped_says_so()
    {
        await Other.StopAsync(Token);
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => Other.IsInRecoveryAsync(Token));
        Assert.Contains("replica-2 does not answer: it is Stopped", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PostgresClusterException>(() => Other.FreezeAsync(Token));
        await Assert.ThrowsAsync<PostgresClusterException>(() => Replica.RecloneAsync(Other, Token));
        Assert.Equal(PostgresNodeState.Running, Replica.State);
        await Other.StartAsync(Token);
    }

    // Another test may have added replicas.
    private static Task FollowAsync(IEnumerable<PostgresNode> nodes, PostgresNode source) =>
        Task.WhenAll(nodes.Select(n => n.FollowAsync(source, Token)));

    private static async Task<long> WriteAsync(PostgresNode node) =>
        await QueryAsync<long>(node.ConnectionString, $"insert into t (note) values ('{Stopwatch.GetTimestamp()}') returning id");

    private static async Task<bool> HasAsync(PostgresNode node, long id) =>
        await QueryAsync<bool>(node.ConnectionString, $"select exists (select from t where id = {id})");
}
