using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

public class VerificationTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<NodeSnapshot> PrimaryAsync(Action<NpgsqlConnectionStringBuilder> change, Action<RoutingOptions>? options = null)
    {
        var all = new RoutingOptions { Primary = cluster.Primary(change) };
        options?.Invoke(all);
        await using var source = RoutedDataSource.Create(all);
        var node = Assert.Single((await source.VerifyAsync(Ct)).Nodes);
        var password = new NpgsqlConnectionStringBuilder(cluster.Nodes.Primary.ConnectionString).Password;
        Assert.DoesNotContain(password!, node.ToString());
        return node;
    }

    [Fact]
    public async Task Good_nodes_are_up_with_their_version()
    {
        await using var source = cluster.Open();
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal((NodeState.Unverified, null, null), (n.State, n.ServerVersion, n.LastChecked)));

        var snapshot = await source.VerifyAsync(Ct);
        Assert.True(snapshot.IsHealthy);
        Assert.Equal([NodeRole.Primary, NodeRole.Replica, NodeRole.Replica], snapshot.Nodes.Select(n => n.Role));
        Assert.All(snapshot.Nodes, n =>
        {
            Assert.Equal((NodeState.Up, null), (n.State, n.Problem));
            Assert.StartsWith($"{cluster.Nodes.ServerVersion.Major}", n.ServerVersion!);
            Assert.NotNull(n.LastChecked);
        });
        Assert.Equal(cluster.Nodes.Nodes.Select(n => (n.Host, n.Port)), snapshot.Nodes.Select(n => (n.Host, n.Port)));
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        var node = await PrimaryAsync(s => s.Password = "not-the-password");
        Assert.Equal(NodeState.Down, node.State);
        Assert.Contains("refused the password of the role 'app' (28P01)", node.Problem);
        Assert.DoesNotContain("not-the-password", node.Problem);
    }

    [Fact]
    public async Task A_missing_password_is_told() =>
        Assert.Contains("asks for a password, but Primary has none", (await PrimaryAsync(s => s.Password = null)).Problem);

    [Fact]
    public async Task A_missing_database_is_told() =>
        Assert.Contains("has no database 'nowhere' (3D000)", (await PrimaryAsync(s => s.Database = "nowhere")).Problem);

    [Fact]
    public async Task A_role_that_may_not_log_in_is_told()
    {
        await cluster.Nodes.Primary.ExecuteAsAdminAsync("create role sleeper nologin password 'p'");
        var problem = (await PrimaryAsync(s => (s.Username, s.Password) = ("sleeper", "p"))).Problem;
        Assert.Contains("refused the login", problem);
        Assert.Contains("(28000)", problem);
    }

    [Fact]
    public async Task A_closed_port_is_told() =>
        Assert.Contains(":1 refused the connection: nothing listens there", (await PrimaryAsync(s => s.Port = 1)).Problem);

    [Fact]
    public async Task An_unknown_host_is_told() =>
        Assert.Contains("'nowhere.invalid' could not be resolved", (await PrimaryAsync(s => s.Host = "nowhere.invalid")).Problem);

    [Fact]
    public async Task A_server_that_accepts_and_is_silent_costs_no_more_than_the_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var started = DateTimeOffset.UtcNow;
        var node = await PrimaryAsync(
            s => (s.Host, s.Port) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port), o => o.StartupTimeout = TimeSpan.FromMilliseconds(700));
        Assert.Contains("did not answer within 0.7 seconds", node.Problem);
        Assert.InRange(DateTimeOffset.UtcNow - started, TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_check_of_a_silent_server_ends_when_it_is_cancelled()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Primary(s => s.Port = ((IPEndPoint)listener.LocalEndpoint).Port),
            StartupTimeout = TimeSpan.FromMinutes(1),
        });
        using var soon = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.VerifyAsync(soon.Token).WaitAsync(TimeSpan.FromSeconds(20), Ct));
        Assert.Equal(NodeState.Unverified, Assert.Single(source.GetSnapshot().Nodes).State);
    }

    [Fact]
    public async Task A_server_without_a_connection_left_is_told()
    {
        await cluster.Nodes.Primary.ExecuteAsAdminAsync("create role crowded login password 'p' connection limit 0; grant connect on database app to crowded");
        Assert.Contains("no connection left (53300)", (await PrimaryAsync(s => (s.Username, s.Password) = ("crowded", "p"))).Problem);
    }

    [Fact]
    public async Task Roles_come_from_the_servers_whatever_is_configured()
    {
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Nodes.Replicas[0].ConnectionString,
            Replicas = [new() { ConnectionString = cluster.Nodes.Primary.ConnectionString }, new() { ConnectionString = cluster.Nodes.Replicas[1].ConnectionString }],
        });
        var snapshot = await source.VerifyAsync(Ct);
        Assert.True(snapshot.IsHealthy);
        Assert.Equal("replica-1", snapshot.Primary);
        Assert.Equal([NodeRole.Replica, NodeRole.Primary, NodeRole.Replica], snapshot.Nodes.Select(n => n.Role));
        Assert.Equal([NodeRole.Primary, NodeRole.Replica, NodeRole.Replica], snapshot.Nodes.Select(n => n.ConfiguredRole));
        await using (var write = await source.OpenWriteAsync(Ct))
        {
            Assert.Equal("replica-1", write.NodeName);
            Assert.Equal("off", await write.Connection.ScalarAsync("show transaction_read_only"));
        }

        var readers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            await using var lease = await source.OpenReadAsync(Ct);
            readers.Add(lease.NodeName);
        }

        Assert.Equal(["primary-read-only", "replica-2"], readers.Distinct().Order());
    }

    [Fact]
    public async Task Without_a_primary_a_standby_in_its_place_is_told_and_reads_go_on()
    {
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Nodes.Replicas[0].ConnectionString,
            Replicas = [new() { ConnectionString = cluster.Nodes.Replicas[1].ConnectionString }],
        });
        var snapshot = await source.VerifyAsync(Ct);
        Assert.False(snapshot.IsHealthy);
        Assert.Null(snapshot.Primary);
        Assert.Contains("is a standby and takes no writes", snapshot.Nodes[0].Problem);
        var e = await Assert.ThrowsAsync<PrimaryUnavailableException>(async () => await source.OpenWriteAsync(Ct));
        Assert.Contains("is a standby and takes no writes", e.Message);
        await using var lease = await source.OpenReadAsync(Ct);
        Assert.NotEmpty(lease.NodeName);
    }

    [Fact]
    public async Task Where_nothing_listens_as_PostgreSQL_it_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = Task.Run(async () =>
        {
            while (true)
                (await listener.AcceptSocketAsync(Ct)).Dispose();
        }, Ct);
        var problem = (await PrimaryAsync(s => (s.Host, s.Port) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port))).Problem;
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => closing);
        Assert.Contains("closed the connection at once", problem);
    }
}
