using System.Diagnostics;
using CompileTimeRouting.Integration.Routing;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>How long a call that fails takes, what it tells, and what it says of the node.</summary>
public class FailedCallTests(RoutedCluster cluster)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly ReadRoute Strong = new("Strong", ReadConsistency.Strong);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_attempts_together_wait_no_longer_than_one_may(bool blocking)
    {
        await using var db = await SmallPoolsAsync(limit: 1);
        await using var one = await db.OpenReadAsync(Ct);
        await using var two = await db.OpenReadAsync(Ct);
        Assert.NotEqual(one.NodeName, two.NodeName);

        // The primary, which serves none in place of replicas yet, has one more.
        var (spilled, time) = await OpenAsync(db, blocking);
        Assert.Equal("primary-read-only", spilled.NodeName);
        AssertOneWait(time);

        // Then it has enough to do.
        var began = Stopwatch.GetTimestamp();
        var refused = await Assert.ThrowsAsync<ReadOverloadException>(() => OpenAsync(db, blocking));
        AssertOneWait(Stopwatch.GetElapsedTime(began));
        Assert.Equal(["replica-1", "replica-2"], refused.Attempts.Select(static a => a.NodeName).Order());
        Assert.Contains("its pool had no connection free in time", refused.Message, StringComparison.Ordinal);
        await spilled.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_nothing_is_left_the_failure_lists_every_attempt(bool blocking)
    {
        await using var db = await SmallPoolsAsync(limit: 10);
        await using var one = await db.OpenReadAsync(Ct);
        await using var two = await db.OpenReadAsync(Ct);
        await using var three = await db.OpenReadAsync(Strong, Ct);
        var began = Stopwatch.GetTimestamp();
        var failed = await Assert.ThrowsAsync<RoutedCallException>(() => OpenAsync(db, blocking));
        AssertOneWait(Stopwatch.GetElapsedTime(began));
        Assert.Equal(["primary-read-only", "replica-1", "replica-2"], failed.Attempts.Select(static a => a.NodeName).Distinct().Order());
        Assert.All(failed.Attempts, static a => Assert.NotNull(a.Duration));

        await using var writing = await db.OpenWriteAsync(Ct);
        began = Stopwatch.GetTimestamp();
        failed = await Assert.ThrowsAsync<RoutedCallException>(async () => await (blocking ? Task.Run(() => db.OpenWrite(), Ct) : db.OpenWriteAsync(Ct).AsTask()));
        AssertOneWait(Stopwatch.GetElapsedTime(began));
        Assert.Equal("primary", Assert.Single(failed.Attempts).NodeName);
    }

    [Fact]
    public async Task Sessions_that_end_by_themselves_say_nothing_of_the_node()
    {
        var name = $"idle {Guid.NewGuid():N}";
        using var telemetry = new Telemetry(name);
        await using var db = await OneReplicaAsync(name, ";Options=-c idle_session_timeout=200;Maximum Pool Size=2");
        var reads = new FailingReads(db);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(1, await reads.DivideAsync(1));
            await Task.Delay(500, Ct);
        }

        Assert.Contains(telemetry.Of("compile_time_routing.retries"), static m => m.Tags["error.type"] == "57P05");
        Assert.Empty(telemetry.Of("compile_time_routing.node.ejections"));

        // Served by the replica whenever it was asked: there was never a moment without one.
        Assert.All(telemetry.Of("compile_time_routing.decisions"), m => Assert.Equal($"{name}:replica-1", m.Tags["target"]));
        Assert.DoesNotContain(telemetry.Of("compile_time_routing.decisions"), static m => m.Tags["reason"] == "stale");
    }

    [Fact]
    public async Task Sessions_that_an_administrator_ends_take_no_node_out()
    {
        var name = $"ended {Guid.NewGuid():N}";
        using var telemetry = new Telemetry(name);
        await using var db = await OneReplicaAsync(name);
        var reads = new FailingReads(db);
        for (var i = 0; i < 6; i++)
            Assert.Equal(2, await reads.TaskAsync(new Failures(1), Ct));
        Assert.Empty(telemetry.Of("compile_time_routing.node.ejections"));
        Assert.All(telemetry.Of("compile_time_routing.decisions"), m => Assert.Equal($"{name}:replica-1", m.Tags["target"]));
    }

    [Theory]
    [InlineData("select count(*) from far_notes", "08001")]
    [InlineData("select dblink_is_busy('no such connection')", "08003")]
    [InlineData("select length(pg_read_file('no such file'))", "58P01")]
    public async Task What_a_read_meets_elsewhere_is_its_own_failure_and_no_nodes(string sql, string state)
    {
        await cluster.Nodes.Primary.ExecuteAsAdminAsync($"""
            create extension if not exists postgres_fdw;
            create extension if not exists dblink;
            create server if not exists far foreign data wrapper postgres_fdw options (host '127.0.0.1', port '{FreePort.Next()}');
            create user mapping if not exists for app server far options (password_required 'false');
            create foreign table if not exists far_notes (id bigint) server far;
            grant select on far_notes to app;
            grant execute on function pg_read_file(text) to app
            """);
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        var name = $"elsewhere {state}";
        using var telemetry = new Telemetry(name);
        await using var db = await OneReplicaAsync(name);
        var attempts = new Failures(0);
        for (var i = 1; i <= 4; i++)
        {
            var failed = await Assert.ThrowsAsync<PostgresException>(() => new FailingReads(db).FromElsewhereAsync(attempts, sql));
            Assert.Equal((state, i), (failed.SqlState, attempts.Attempts));
        }

        // After three of a node's failures in a row it would be taken out.
        Assert.Empty(telemetry.Of("compile_time_routing.node.ejections"));
        Assert.Empty(telemetry.Of("compile_time_routing.retries"));
    }

    // Nobody answers in its place.
    private async Task<RoutedDataSource> OneReplicaAsync(string name, string settings = "")
    {
        var options = cluster.Options(1);
        options.Name = name;
        options.PrimaryReadLimit = 0;
        options.Replicas[0].ConnectionString += settings;
        var db = RoutedDataSource.Create(options);
        await db.VerifyAsync(Ct);
        return db;
    }

    private async Task<RoutedDataSource> SmallPoolsAsync(int limit)
    {
        var options = cluster.Options();
        options.ReplicaPool = new() { Size = 0, MaxOverflow = 1, Timeout = Timeout };
        options.PrimaryPool = new() { Size = 0, MaxOverflow = 1, Timeout = Timeout };
        options.PrimaryReadLimit = limit;
        var db = RoutedDataSource.Create(options);
        await db.VerifyAsync(Ct);
        return db;
    }

    private static async Task<(ConnectionLease Lease, TimeSpan Time)> OpenAsync(RoutedDataSource db, bool blocking)
    {
        var began = Stopwatch.GetTimestamp();
        var lease = blocking ? await Task.Run(() => db.OpenRead(), Ct) : await db.OpenReadAsync(Ct);
        return (lease, Stopwatch.GetElapsedTime(began));
    }

    // Before, each attempt had a wait of its own.
    private static void AssertOneWait(TimeSpan time) => Assert.InRange(time, Timeout * 0.9, Timeout * 1.8);
}
