using System.Data;
using CompileTimeRouting.Consistency.Load;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>
/// The proof of the checker: with a fault built into the product it finds what it looks for, so that finding nothing means
/// something. What is the same but for the fault is tested beside it, and finds nothing.
/// </summary>
public class MutationTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Control = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(nameof(ConsistencyMutation.CaptureBeforeCommit))]
    [InlineData(nameof(ConsistencyMutation.TimeAfterAnswer))]
    public async Task A_position_that_is_taken_too_early_is_found(string mutation)
    {
        await using var cluster = await Clusters.StartAsync();

        // Between the position and the commit that it misses is a moment: a replica that is behind spends time in it.
        foreach (var replica in cluster.Replicas)
            await replica.SetApplyDelayAsync(TimeSpan.FromMilliseconds(20));
        await using var right = await Clusters.OpenAsync(cluster);
        Assert.Equal(0, await FoundAsync(right, Control));
        await using var wrong = await Clusters.OpenAsync(cluster);
        wrong.Mutation = Enum.Parse<ConsistencyMutation>(mutation);
        Assert.NotEqual(0, await FoundAsync(wrong, Longest));
    }

    [Fact]
    public async Task A_position_that_a_write_brings_back_from_before_its_commit_is_found()
    {
        await using var cluster = await Clusters.StartAsync();
        await Exports.CreateAsync(cluster);
        foreach (var replica in cluster.Replicas)
            await replica.SetApplyDelayAsync(TimeSpan.FromMilliseconds(20));
        await using var reads = await Clusters.OpenAsync(cluster, static o => o.ReadYourWritesWait = TimeSpan.FromSeconds(5));
        await using var right = await Clusters.OpenAsync(cluster);
        Assert.Equal(0, await ExportedInVainAsync(right, reads, Control));
        await using var wrong = await Clusters.OpenAsync(cluster);
        wrong.Mutation = ConsistencyMutation.PositionBeforeCommit;
        Assert.NotEqual(0, await ExportedInVainAsync(wrong, reads, Longest));
    }

    [Fact]
    public async Task A_timeline_that_is_ignored_is_found()
    {
        await using var cluster = await Clusters.StartAsync();
        var (former, heir, stray) = (cluster.Primary, cluster.Replicas[0], cluster.Replicas[1]);
        await using var right = await Clusters.OpenAsync(cluster);
        await using var wrong = await Clusters.OpenAsync(cluster);
        wrong.Mutation = ConsistencyMutation.IgnoreTimeline;
        await FailoverTests.DivergeAsync(former, heir, stray);
        foreach (var source in new[] { right, wrong })
            await Waiting.UntilAsync(() => source.GetSnapshot().Primary == "replica-1", "the promoted standby is the primary");
        Assert.Equal(0, await FoundAsync(right, Control));
        Assert.NotEqual(0, await FoundAsync(wrong, Longest));
    }

    [Fact]
    public async Task A_snapshot_that_is_older_than_the_position_is_found()
    {
        await using var cluster = await Clusters.StartAsync();
        await using var source = await Clusters.OpenAsync(cluster, static o => o.ReadYourWritesWait = TimeSpan.FromSeconds(5));
        Assert.Equal(0, await WithSnapshotAsync(cluster, source, isTooEarly: false));
        Assert.NotEqual(0, await WithSnapshotAsync(cluster, source, isTooEarly: true));
    }

    private static async Task<long> FoundAsync(RoutedDataSource source, TimeSpan atMost)
    {
        await using var load = new SessionLoad([source], workers: 6, ConsistencySettings.Seed);
        var end = DateTime.UtcNow + atMost;
        while (load.Found == 0 && DateTime.UtcNow < end)
            await Task.Delay(20);
        await load.StopAsync();
        Assert.NotEqual(0, load.Reads);
        return load.Found;
    }

    // Writes whose commits take their time, in sessions that go on elsewhere, where meanwhile others ask how far the primary is.
    private static async Task<int> ExportedInVainAsync(RoutedDataSource writes, RoutedDataSource reads, TimeSpan atMost)
    {
        var (found, end) = (0, DateTime.UtcNow + atMost);
        using var stop = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var session = reads.BeginSession();
                session.Raise(new SessionNeeds(System.Diagnostics.Stopwatch.GetTimestamp()));
                await new Counters(reads).ReadAsync(1);
            }
        });
        var exports = new Exports(writes);
        var version = (await exports.ReadSlowAsync(1)).Version;
        for (var kind = 0; found == 0 && DateTime.UtcNow < end; kind = (kind + 1) % 3)
        {
            string token;
            using (var session = writes.BeginSession())
            {
                session.WillExport = true;
                version++;
                await (kind == 0 ? exports.WriteSlowlyAsync(1, version)
                    : kind == 1 ? exports.WriteSlowlyReturningAsync(1, version)
                    : (Task)exports.WriteSlowlyInTransactionAsync(1, version));
                token = await session.ExportAsync(new CancellationToken(canceled: true));
            }

            using (reads.BeginSession(token))
                found += (await new Exports(reads).ReadSlowAsync(1)).Version < version ? 1 : 0;
        }

        await stop.CancelAsync();
        await asking;
        return found;
    }

    // A transaction on each replica, begun before or after the session has found the replica that has its write.
    private static async Task<int> WithSnapshotAsync(PostgresCluster cluster, RoutedDataSource source, bool isTooEarly)
    {
        var (found, counters, history) = (0, new Counters(source), new SessionHistory());
        using var session = source.BeginSession();
        var first = (await counters.ReadStronglyAsync(1)).Version;
        for (var version = first + 1; version <= first + 20; version++)
        {
            await using var early = await SnapshotAsync(cluster.Replicas[0]);
            await using var late = await SnapshotAsync(cluster.Replicas[1]);
            await counters.WriteAsync(1, version);
            history.Wrote(1, version);
            await using var lease = await source.OpenReadAsync(new ReadRoute("Read", ReadConsistency.ReadYourWrites));
            var replica = cluster.Replicas.Single(r => r.Port == lease.Connection.Port);
            await using var own = await SnapshotAsync(replica);
            var connection = !isTooEarly ? own : replica == cluster.Replicas[0] ? early : late;
            await using var command = new NpgsqlCommand("select version from counters where id = 1", connection);
            var reading = new Reading((long)(await command.ExecuteScalarAsync())!, replica.Port);
            found += history.Expect(1, era: 0).Violation(reading) is null ? 0 : 1;
        }

        return found;
    }

    private static async Task<NpgsqlConnection> SnapshotAsync(PostgresNode node)
    {
        var connection = new NpgsqlConnection(node.ConnectionString);
        await connection.OpenAsync();
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync();
        return connection;
    }
}
