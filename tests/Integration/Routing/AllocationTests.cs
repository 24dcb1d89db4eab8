using CompileTimeRouting.Integration.Runtime;
using Npgsql;

namespace CompileTimeRouting.Integration.Routing;

/// <summary>
/// What a shim allocates beyond its core, against the same call written by hand on a plain data source. The cores talk to
/// no server: what a socket allocates depends on how long it waits.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class AllocationTests(RoutedCluster cluster)
{
    private const int Rounds = 7;
    private const int Calls = 500;

    // What a state machine holds more than one written by hand: the lease's other two fields, an awaiter, the failed attempts.
    private const double StateMachineBytes = 48;

    [Fact]
    public async Task A_blocking_shim_allocates_nothing()
    {
        await using var db = OneReplica();
        await using var plain = NpgsqlDataSource.Create(cluster.Nodes.Replicas[0].ConnectionString);
        var work = new NoWork(db);

        var shim = Measure(() => work.Blocking());
        var byHand = Measure(() =>
        {
            using var connection = plain.OpenConnection();
            return NoWork.Blocking(connection);
        });

        Assert.Equal(byHand, shim);
    }

    [Fact]
    public async Task An_asynchronous_shim_whose_core_does_not_wait_allocates_nothing()
    {
        await using var db = OneReplica();
        await using var plain = NpgsqlDataSource.Create(cluster.Nodes.Replicas[0].ConnectionString);
        var work = new NoWork(db);

        var shim = await MeasureAsync(() => work.CompletedAsync());
        var byHand = await MeasureAsync(async () =>
        {
            await using var connection = await plain.OpenConnectionAsync().ConfigureAwait(false);
            return await NoWork.CompletedAsync(connection).ConfigureAwait(false);
        });

        Assert.Equal(byHand, shim);
    }

    [Fact]
    public async Task An_asynchronous_shim_whose_core_waits_allocates_its_state_machine()
    {
        await using var db = OneReplica();
        await using var plain = NpgsqlDataSource.Create(cluster.Nodes.Replicas[0].ConnectionString);
        var work = new NoWork(db);

        var shim = await MeasureAsync(() => work.YieldingAsync());
        var byHand = await MeasureAsync(async () =>
        {
            await using var connection = await plain.OpenConnectionAsync().ConfigureAwait(false);
            return await NoWork.YieldingAsync(connection).ConfigureAwait(false);
        });

        Assert.InRange(shim, byHand - StateMachineBytes, byHand + StateMachineBytes);
    }

    private RoutedDataSource OneReplica() => RoutedDataSource.Create(new RoutingOptions
    {
        Primary = cluster.Nodes.Primary.ConnectionString,
        Replicas = { new ReplicaOptions { ConnectionString = cluster.Nodes.Replicas[0].ConnectionString } },
    });

    // The least of some rounds: whatever the process does besides only adds.
    private static double Measure<T>(Func<T> call)
    {
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
                call();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls);
        }

        return least;
    }

    private static async Task<double> MeasureAsync<T>(Func<Task<T>> call)
    {
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Calls; i++)
                await call().ConfigureAwait(false);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls);
        }

        return least;
    }
}

internal sealed partial class NoWork(RoutedDataSource db)
{
    private static readonly Task<bool> Done = Task.FromResult(true);

    [ReadQuery]
    public static bool Blocking(NpgsqlConnection connection) => connection is not null;

    [ReadQuery]
    public static Task<bool> CompletedAsync(NpgsqlConnection connection) => connection is null ? Task.FromResult(false) : Done;

    [ReadQuery]
    public static async Task<bool> YieldingAsync(NpgsqlConnection connection)
    {
        await Task.Yield();
        return connection is not null;
    }
}

/// <summary>Tests that count what the whole process allocates: nothing may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "alone";
}
