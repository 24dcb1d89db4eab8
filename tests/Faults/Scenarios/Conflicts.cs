using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Injection;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>
/// A standby's replay cancels reads that are in its way (40001), or ends the sessions of those that hold a snapshot and run
/// no statement: the node is well, the read belongs elsewhere.
/// </summary>
internal static class Conflicts
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("recovery conflicts", static run => ProvokeAsync(run, CountAsync))
        {
            Mix = new() { Reporters = 4 },
            Expected = new() { NoNodeGoesDown = true, NoWriteFails = true, BackWithin = null },
            Prepare = PrepareAsync,
            Restore = RestoreAsync,
        },
        new("recovery conflicts that end sessions (FATAL)", static run => ProvokeAsync(run, CountFatalAsync))
        {
            Mix = new() { Auditors = 4 },
            Expected = new() { NoNodeGoesDown = true, NoWriteFails = true, BackWithin = null },
            Prepare = PrepareAsync,
            Restore = RestoreAsync,
        },
    ];

    private static async Task ProvokeAsync(FaultRun run, Func<PostgresCluster, Task<long>> count)
    {
        var before = await count(run.Cluster);
        await using (new Churn(run.Primary))
        {
            await run.FaultAsync(run.Cluster.Replicas, () => Task.CompletedTask);

            // How soon the first one comes is chance.
            for (var i = 0; i < 5 && (i == 0 || await count(run.Cluster) == before); i++)
                await run.ForAsync(4, 20);
        }

        // Statistics are written when a session is idle.
        await run.ForAsync(1.5, 2);
        Assert.True(await count(run.Cluster) > before, "No recovery conflict came about: the scenario provoked nothing.");
    }

    private static Task PrepareAsync(PostgresCluster cluster) =>
        Task.WhenAll(cluster.Replicas.Select(static r => r.SetAsync("max_standby_streaming_delay", "50ms")));

    private static Task RestoreAsync(PostgresCluster cluster) =>
        Task.WhenAll(cluster.Replicas.Select(static r => r.ResetAsync("max_standby_streaming_delay")));

    private static async Task<long> CountFatalAsync(PostgresCluster cluster)
    {
        var counts = await Task.WhenAll(cluster.Replicas.Select(static r => r.ExecuteAsAdminAsync(
            "select coalesce(sum(sessions_fatal), 0)::bigint from pg_stat_database")));
        return counts.Sum(static c => (long)c!);
    }

    private static async Task<long> CountAsync(PostgresCluster cluster)
    {
        var counts = await Task.WhenAll(cluster.Replicas.Select(static r => r.ExecuteAsAdminAsync(
            "select coalesce(sum(confl_snapshot + confl_bufferpin + confl_lock), 0)::bigint from pg_stat_database_conflicts")));
        return counts.Sum(static c => (long)c!);
    }
}
