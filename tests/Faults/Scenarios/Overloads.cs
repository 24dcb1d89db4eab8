using CompileTimeRouting.Faults.Injection;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>Nothing is broken, but there is no connection to be had.</summary>
internal static class Overloads
{
    private const int PoolSize = 8;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("max_connections reached on a replica (53300)", async run =>
        {
            await using (var crowd = await Crowd.GatherAsync(run.First))
            {
                await run.FaultAsync(run.First, crowd.TakeAllAsync);
                await run.ForAsync(3, 10);
                await run.HealAsync(async () => await crowd.DisposeAsync());
            }

            await run.ForAsync(3, 10);
        })
        {
            Expected = new() { NoWriteFails = true, LongestRead = TimeSpan.FromSeconds(1), ReadsToPeers = 0.8 },
        },
        new("pool of a replica exhausted", async run =>
        {
            List<IAsyncDisposable> leases = [];
            await run.FaultAsync(run.First, async () =>
            {
                foreach (var client in run.Clients)
                {
                    for (var i = 0; i < PoolSize; i++)
                        leases.Add(await client.BorrowAsync(run.First));
                }
            });
            await run.ForAsync(3, 10);
            await run.HealAsync(async () =>
            {
                foreach (var lease in leases)
                    await lease.DisposeAsync();
            });
            await run.ForAsync(2, 10);
        })
        {
            Connections = static settings => settings.MaxPoolSize = PoolSize,
            Expected = new() { NoNodeGoesDown = true, NoWriteFails = true, LongestRead = TimeSpan.FromSeconds(2) },
        },
        new("pools of all nodes exhausted", async run =>
        {
            List<IAsyncDisposable> leases = [];
            await run.FaultAsync(run.Cluster.Nodes, async () =>
            {
                foreach (var borrowed in await Task.WhenAll(run.Clients.Select(c => c.BorrowAllAsync(run.Cluster, PoolSize))))
                    leases.AddRange(borrowed);
            });

            // All wait, for less than the pools' time-out of 15 s.
            await run.ForAsync(3, 6);
            await run.HealAsync(async () =>
            {
                foreach (var lease in leases)
                    await lease.DisposeAsync();
            });
            await run.ForAsync(2, 10);
        })
        {
            Connections = static settings => settings.MaxPoolSize = PoolSize,
            Expected = new() { NoNodeGoesDown = true, NoWriteFails = true },
        },
    ];
}
