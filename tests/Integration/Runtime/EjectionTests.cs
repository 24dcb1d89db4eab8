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

        // Every read is served, elsewhere. Three find out, and then one each time that it may be good again.
        var until = DateTime.UtcNow.AddSeconds(9);
        var count = 0;
        for (; DateTime.UtcNow < until; count++)
            Assert.Equal(1, await reads.DivideAsync(1));
        Assert.True(count > 500, $"{count} reads in nine seconds");
        Assert.Equal(NodeState.Up, db.GetSnapshot().Nodes[1].State);
        var ejections = telemetry.Of("compile_time_routing.node.ejections").Length;
        Assert.InRange(ejections, 2, 4);
        Assert.Equal(ejections + 2, telemetry.Of("compile_time_routing.retries").Length);

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
