using System.Diagnostics;
using CompileTimeRouting.Integration.Routing;

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
        var options = cluster.Options(1);
        options.Name = name;
        options.PrimaryReadLimit = 0;
        options.Replicas[0].ConnectionString += ";Options=-c idle_session_timeout=200;Maximum Pool Size=2";
        await using var db = RoutedDataSource.Create(options);
        await db.VerifyAsync(Ct);
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
        var options = cluster.Options(1);
        options.Name = name;
        options.PrimaryReadLimit = 0;
        await using var db = RoutedDataSource.Create(options);
        await db.VerifyAsync(Ct);
        var reads = new FailingReads(db);
        for (var i = 0; i < 6; i++)
            Assert.Equal(2, await reads.TaskAsync(new Failures(1), Ct));
        Assert.Empty(telemetry.Of("compile_time_routing.node.ejections"));
        Assert.All(telemetry.Of("compile_time_routing.decisions"), m => Assert.Equal($"{name}:replica-1", m.Tags["target"]));
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
