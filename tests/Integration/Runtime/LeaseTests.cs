using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

public class LeaseTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_threads_share_exactly_by_weight_and_give_everything_back()
    {
        var options = cluster.Options();
        (options.Replicas[0].Weight, options.Replicas[1].Weight) = (0.6, 0.4);
        await using var source = RoutedDataSource.Create(options);
        var reads = new int[2];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 125; i++)
            {
                using var lease = i % 2 == 0 ? source.OpenRead() : await source.OpenReadAsync(Ct);
                Interlocked.Increment(ref reads[lease.NodeName == "replica-1" ? 0 : 1]);
            }
        })));

        Assert.Equal([600, 400], reads);
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_routed_open_allocates_what_a_bare_one_does()
    {
        await using var source = cluster.Open(replicas: 1);
        await using var bare = NpgsqlDataSource.Create(cluster.Nodes.Replicas[0].ConnectionString);
        var route = new ReadRoute("Notes.Count");
        (await source.OpenReadAsync(route, Ct)).Dispose();
        await (await bare.OpenConnectionAsync(Ct)).DisposeAsync();

        long Bare()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var opening = bare.OpenConnectionAsync(Ct);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(opening.IsCompletedSuccessfully);
            opening.Result.Dispose();
            return allocated;
        }

        long Routed()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var opening = source.OpenReadAsync(route, Ct);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(opening.IsCompletedSuccessfully);
            opening.Result.Dispose();
            return allocated;
        }

        // The least: what else runs on the thread now and then only adds.
        var (ofBare, ofRouted) = (long.MaxValue, long.MaxValue);
        for (var i = 0; i < 100; i++)
            (ofBare, ofRouted) = (Math.Min(ofBare, Bare()), Math.Min(ofRouted, Routed()));
        Assert.Equal(ofBare, ofRouted);
    }

    [Fact]
    public async Task A_cancelled_open_leaves_nothing_behind()
    {
        var options = cluster.Options();
        options.PrimaryPool = options.ReplicaPool = new() { Size = 0, MaxOverflow = 1 };
        await using var source = RoutedDataSource.Create(options);
        await using (await source.OpenWriteAsync(Ct))
        {
            using var soon = new CancellationTokenSource(100);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.OpenWriteAsync(soon.Token));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.BeginTransactionAsync(soon.Token));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.BeginCommandAsync(WriteRoute.Default, soon.Token));
            Assert.StartsWith("replica-", (await source.CountAsync("none")).Node);
        }

        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
        await using var unitOfWork = await source.BeginTransactionAsync(Ct);
        Assert.Equal("primary", (await source.CountAsync("none")).Node);
    }
}
