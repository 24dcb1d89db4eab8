using System.Data;
using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>A context that was used begins its next loan as if it were new.</summary>
public sealed class PooledContextTests(RoutedCluster cluster)
{
    private static readonly ReadRoute Strong = new("Strong", ReadConsistency.Strong);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_tracks_nothing_and_the_write_after_it_does()
    {
        await using var library = Library.Open(cluster);
        var id = await Library.AddAuthorAsync(cluster, Guid.NewGuid().ToString("N"));
        LibraryContext used;
        await using (var read = await library.Contexts.CreateReadAsync(Ct))
        {
            used = read.Context;
            Assert.Equal(QueryTrackingBehavior.NoTracking, used.ChangeTracker.QueryTrackingBehavior);
            await used.Authors.SingleAsync(a => a.Id == id, Ct);
            Assert.Empty(used.ChangeTracker.Entries());
            await used.Authors.AsTracking().SingleAsync(a => a.Id == id, Ct);
            Assert.Single(used.ChangeTracker.Entries());
        }

        await using (var write = await library.Contexts.CreateWriteAsync(Ct))
        {
            Assert.Same(used, write.Context);
            Assert.Equal(QueryTrackingBehavior.TrackAll, used.ChangeTracker.QueryTrackingBehavior);
            Assert.Empty(used.ChangeTracker.Entries());
            (await used.Authors.SingleAsync(a => a.Id == id, Ct)).Name = "changed and not saved";
            used.Database.SetCommandTimeout(77);
            used.ChangeTracker.AutoDetectChangesEnabled = false;
            used.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTrackingWithIdentityResolution;
        }

        await using var next = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Same(used, next.Context);
        Assert.Empty(used.ChangeTracker.Entries());
        Assert.Null(used.Database.GetCommandTimeout());
        Assert.True(used.ChangeTracker.AutoDetectChangesEnabled);
        Assert.Equal(QueryTrackingBehavior.TrackAll, used.ChangeTracker.QueryTrackingBehavior);
        Assert.Equal(0, await used.SaveChangesAsync(Ct));
    }

    [Fact]
    public async Task A_read_keeps_the_applications_own_way_of_not_tracking()
    {
        await using var library = Library.Open(cluster, configure: static o => o.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTrackingWithIdentityResolution));
        await using var read = await library.Contexts.CreateReadAsync(Ct);
        Assert.Equal(QueryTrackingBehavior.NoTrackingWithIdentityResolution, read.Context.ChangeTracker.QueryTrackingBehavior);
    }

    [Fact]
    public async Task What_a_transaction_of_the_context_left_open_is_rolled_back()
    {
        await using var library = Library.Open(cluster, replicas: 0);
        var name = Guid.NewGuid().ToString("N");
        LibraryContext used;
        await using (var write = await library.Contexts.CreateWriteAsync(Ct))
        {
            used = write.Context;
            await used.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, Ct);
            used.Authors.Add(new Author { Name = name });
            await used.SaveChangesAsync(Ct);
        }

        await using (var read = await library.Contexts.CreateReadAsync(Strong, Ct))
        {
            Assert.Same(used, read.Context);
            Assert.Null(used.Database.CurrentTransaction);
            Assert.Equal(0, await used.Authors.CountAsync(a => a.Name == name, Ct));
            await using var snapshot = await used.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, Ct);
            await used.Authors.CountAsync(Ct);
        }

        await using var next = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Null(next.Context.Database.CurrentTransaction);
        await next.Context.Authors.CountAsync(Ct);
    }

    [Fact]
    public async Task Rows_that_were_not_read_to_the_end_disturb_nobody()
    {
        await using var library = Library.Open(cluster);
        await Library.AddAuthorAsync(cluster, Guid.NewGuid().ToString("N"), books: 5);
        for (var i = 0; i < 3; i++)
        {
            await using var read = await library.Contexts.CreateReadAsync(Ct);
            var rows = read.Context.Books.AsAsyncEnumerable().GetAsyncEnumerator(Ct);
            Assert.True(await rows.MoveNextAsync());
            await read.Context.Database.OpenConnectionAsync(Ct);
        }

        Assert.All(library.Source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_lease_that_ended_gives_nothing_and_can_be_disposed_again()
    {
        await using var library = Library.Open(cluster);
        var lease = await library.Contexts.CreateReadAsync(Ct);
        var context = lease.Context;
        await lease.DisposeAsync();
        await lease.DisposeAsync();
        lease.Dispose();
        Assert.Throws<InvalidOperationException>(() => lease.Context);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => context.Authors.CountAsync(Ct));
        Assert.Throws<InvalidOperationException>(static () => default(RoutedDbContextLease<LibraryContext>).Context);
        Assert.All(library.Source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task Contexts_of_calls_at_the_same_time_are_different_ones()
    {
        const int Calls = 20;
        await using var library = Library.Open(cluster);
        var (open, all) = (0, new TaskCompletionSource());
        var contexts = await Task.WhenAll(Enumerable.Range(0, Calls).Select(async i =>
        {
            await using var lease = i % 5 == 0 ? await library.Contexts.CreateWriteAsync(Ct) : await library.Contexts.CreateReadAsync(Ct);
            if (Interlocked.Increment(ref open) == Calls)
                all.SetResult();
            await all.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);

            // Each is on the node that its lease names. A read may be answered by the primary: other tests keep the replicas busy.
            Assert.True(
                lease.NodeName.StartsWith("replica-", StringComparison.Ordinal) == await lease.Context.IsReplicaAsync(Ct) && (i % 5 != 0 || lease.NodeName == "primary"),
                $"{i}: {lease.NodeName}; {string.Join("; ", library.Source.GetSnapshot().RecentChanges)}");
            Assert.Equal(i % 5 == 0 ? QueryTrackingBehavior.TrackAll : QueryTrackingBehavior.NoTracking, lease.Context.ChangeTracker.QueryTrackingBehavior);
            return lease.Context;
        }));
        Assert.Equal(Calls, contexts.Distinct().Count());
        Assert.All(library.Source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_context_that_was_disposed_by_hand_is_taken_from_no_other_call()
    {
        await using var library = Library.Open(cluster);
        var first = await library.Contexts.CreateReadAsync(Ct);
        var context = first.Context;
        await context.DisposeAsync();
        await using var second = await library.Contexts.CreateReadAsync(Ct);
        Assert.Same(context, second.Context);

        await first.DisposeAsync();
        await second.Context.Authors.CountAsync(Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second.Context.SaveChangesAsync(Ct));
        await using var third = await library.Contexts.CreateReadAsync(Ct);
        Assert.NotSame(context, third.Context);
    }

    [Fact]
    public async Task A_read_is_guarded_however_fast_contexts_change_hands()
    {
        await using var library = Library.Open(cluster);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(
            async () =>
            {
                for (var i = 0; i < 300; i++)
                {
                    var writes = (i + task) % 4 == 0;
                    await using var lease = writes ? await library.Contexts.CreateWriteAsync(Ct) : await library.Contexts.CreateReadAsync(Ct);
                    if (writes)
                        Assert.Equal(0, await lease.Context.SaveChangesAsync(Ct));
                    else
                        await Assert.ThrowsAsync<InvalidOperationException>(() => lease.Context.SaveChangesAsync(Ct));
                }
            },
            Ct)));
    }
}
