using CompileTimeRouting.Integration.Routing;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>A replica that answers every probe and fails calls.</summary>
public class EjectionTests(RoutedCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_taken_out_for_longer_each_time_and_one_read_lets_it_back()
    {
        var name = $"eject {Guid.NewGuid():N}";
        var role = $"flaky_{Guid.NewGuid():N}";
        await cluster.Nodes.Primary.ExecuteAsAdminAsync($"create role {role} nologin password 'p'; grant connect on database app to {role}");
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        using var telemetry = new Telemetry(name);
        var options = cluster.Options();
        options.Name = name;
        options.Replicas[0].Probe = options.Replicas[0].ConnectionString;
        options.Replicas[0].ConnectionString += $";Username={role};Password=p";
        await using var db = RoutedDataSource.Create(options);
        await db.VerifyAsync(Ct);
        Assert.Equal(NodeState.Up, db.GetSnapshot().Nodes[1].State);
        var reads = new FailingReads(db);

        // Every read is served, elsewhere.
        (int Ejections, int Retries) Seen() => (telemetry.Of("compile_time_routing.node.ejections").Length, telemetry.Of("compile_time_routing.retries").Length);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var counts = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                var count = 0;
                for (; !end.IsCancellationRequested; count++)
                    Assert.Equal(1, await reads.DivideAsync(1));
                return count;
            }, Ct)));
        while (Seen().Ejections == 0)
        {
            Assert.False(end.IsCancellationRequested, "it isn't taken out");
            await Task.Delay(10, Ct);
        }

        // Whoever was on the way there comes back. From then on one read each time finds out whether it is good again.
        await Task.Delay(500, Ct);
        var first = Seen();
        var read = await counts;
        var last = Seen();
        Assert.True(read.Sum() > 1000, $"{read.Sum()} reads");
        Assert.Equal(1, first.Ejections);
        Assert.InRange(last.Ejections, 2, 4);
        Assert.Equal(last.Ejections - first.Ejections, last.Retries - first.Retries);
        Assert.Equal(NodeState.Up, db.GetSnapshot().Nodes[1].State);

        await cluster.Nodes.Primary.ExecuteAsAdminAsync($"alter role {role} login");
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        using var patience = new CancellationTokenSource(Patience);
        var node = "";
        while (node != $"{name}:replica-1")
        {
            Assert.False(patience.IsCancellationRequested, "it takes too long");
            await using var lease = await db.OpenReadAsync(Ct);
            node = lease.NodeName;
        }
    }
}
