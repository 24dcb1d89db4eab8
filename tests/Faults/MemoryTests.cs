using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Load;
using CompileTimeRouting.Faults.Reporting;

namespace CompileTimeRouting.Faults;

/// <summary>Failures leave nothing behind.</summary>
public class MemoryTests
{
    private const int WarmUp = 1_000;
    private const int Failures = 10_000;

    // What ten thousand failures may leave: less than 100 bytes each, so no failure is kept.
    private const long Allowed = 1_000_000;

    [Fact]
    public async Task Ten_thousand_failures_leave_no_memory_and_no_connection()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, TestContext.Current.CancellationToken);
        await using var client = new RoutedClient(RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = cluster.Replicas[0].ConnectionString }],
        }));
        await client.Db.VerifyAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(cluster.Nodes.Select(static n => n.KillAsync()));

        await FailAsync(client, WarmUp);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FailAsync(client, Failures);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < Allowed, $"{Failures} failures left {growth} bytes.");
        Assert.Null(await Leaks.FindAsync(client.Db));
    }

    private static Task FailAsync(RoutedClient client, int times) => Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
    {
        Task call = i % 2 == 0 ? client.WriteAsync(i, ct) : client.ReadAsync(i, ct);
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    });
}
