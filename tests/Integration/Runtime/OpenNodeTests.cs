namespace CompileTimeRouting.Integration.Runtime;

public class OpenNodeTests(RoutedCluster cluster)
{
    [Fact]
    public async Task Each_node_is_reached_by_its_name_on_a_read_only_session()
    {
        await using var source = cluster.Open();
        var ports = new List<int>();
        foreach (var node in source.GetSnapshot().Nodes)
        {
            await using var lease = await source.OpenNodeAsync(node.Name, TestContext.Current.CancellationToken);
            ports.Add(lease.Connection.Port);
            Assert.Equal("on", await lease.Connection.ScalarAsync("show default_transaction_read_only"));
        }

        Assert.Equal(cluster.Nodes.Nodes.Select(static node => node.Port), ports);
    }

    [Fact]
    public async Task An_unknown_name_is_refused_with_the_names_there_are()
    {
        await using var source = cluster.Open();
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await using var lease = await source.OpenNodeAsync("replica-9", TestContext.Current.CancellationToken);
        });
        Assert.Contains("primary, replica-1, replica-2", refused.Message, StringComparison.Ordinal);
    }
}
