using CompileTimeRouting.Cluster;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class NodePoolTests
{
    private const string ReadOnly = "-c default_transaction_read_only=on";

    private static Dictionary<string, NpgsqlConnectionStringBuilder> Build(RoutingOptions options)
    {
        // The callback sees each builder before it is built; what was built in the end is read from the data sources' leases.
        using var source = RoutedDataSource.Create(options);
        return source.Nodes
            .SelectMany(n => new[]
            {
                (n.ConfiguredRole == NodeRole.Primary ? n.Name : $"{n.Name}-read-write", n.WritePool.DataSource),
                (n.ReadPool.NodeName, n.ReadPool.DataSource), ($"{n.Name}-check", n.Probe), ($"{n.Name}-patient-check", n.PatientProbe),
            })
            .ToDictionary(p => p.Item1, p => new NpgsqlConnectionStringBuilder(p.Item2.ConnectionString));
    }

    [Fact]
    public async Task A_lease_that_fails_to_open_counts_as_none()
    {
        await using var pool = new NodePool("gone", NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1"), new ConnectGate(8));
        Assert.ThrowsAny<NpgsqlException>(() => pool.Open());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => pool.OpenAsync(leavesSessionClean: true, CancellationToken.None).AsTask());
        Assert.Equal((0, 0L), (pool.Leases, pool.LeasesOpened));
    }

    [Fact]
    public void Each_node_has_its_pools_and_reads_run_on_sessions_that_cant_write()
    {
        var pools = Build(new RoutingOptions
        {
            Primary = "Host=a;Options=-c work_mem=64MB",
            Replicas = [new() { ConnectionString = "postgresql://u@b/d?options=-c%20default_transaction_read_only%3Doff" }, new() { ConnectionString = "Host=c", Name = "west" }],
        });

        Assert.Equal(["primary", "primary-check", "primary-patient-check", "primary-read-only", "replica-1", "replica-1-check", "replica-1-patient-check", "replica-1-read-write", "west", "west-check", "west-patient-check", "west-read-write"], pools.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("-c work_mem=64MB", pools["primary"].Options);
        Assert.Equal($"-c work_mem=64MB {ReadOnly}", pools["primary-read-only"].Options);
        Assert.Equal($"-c default_transaction_read_only=off {ReadOnly}", pools["replica-1"].Options);
        Assert.Equal(ReadOnly, pools["west"].Options);
        Assert.All(pools.Where(p => p.Key.EndsWith("-check", StringComparison.Ordinal)), p => Assert.Contains(ReadOnly, p.Value.Options));
    }

    [Fact]
    public void Behind_pgbouncer_nothing_is_set_for_a_session_and_none_is_reset()
    {
        var pools = Build(new RoutingOptions
        {
            Primary = "Host=a;Max Auto Prepare=7",
            Pooler = Pooler.PgBouncerTransaction,
            PrimaryProbe = "Host=direct;Username=watch",
            Replicas = [new() { ConnectionString = "Host=b" }, new() { ConnectionString = "Host=c", Pooler = Pooler.None }],
        });

        foreach (var name in new[] { "primary", "primary-read-only", "replica-1", "replica-1-read-write", "replica-1-check" })
            Assert.Equal((true, null), (pools[name].NoResetOnClose, pools[name].Options));
        Assert.Equal((7, 0, 200), (pools["primary"].MaxAutoPrepare, pools["replica-1"].MaxAutoPrepare, pools["replica-2"].MaxAutoPrepare));
        Assert.Equal((false, ReadOnly), (pools["replica-2"].NoResetOnClose, pools["replica-2"].Options));
        Assert.Equal(("direct", "watch", ReadOnly, false), (pools["primary-check"].Host, pools["primary-check"].Username, pools["primary-check"].Options, pools["primary-check"].NoResetOnClose));
    }

    [Fact]
    public void The_application_name_is_kept_or_filled_in()
    {
        var pools = Build(new RoutingOptions { Primary = "Host=a;Application Name=shop", Replicas = [new() { ConnectionString = "Host=b" }] });
        Assert.Equal("shop", pools["primary"].ApplicationName);
        Assert.Equal("shop", pools["primary-read-only"].ApplicationName);
        Assert.Equal(AppDomain.CurrentDomain.FriendlyName, pools["replica-1"].ApplicationName);
    }

    [Fact]
    public void Switched_off_only_the_primary_is_left_and_its_read_only_pool_stays_warm()
    {
        var options = new RoutingOptions { Primary = "Host=a", PrimaryPool = new() { Size = 5 }, Replicas = [new() { ConnectionString = "Host=b" }] };
        using (var source = RoutedDataSource.Create(options))
            Assert.Equal((5, 0), (source.Nodes[0].WritePool.MinSize, source.Nodes[0].ReadPool.MinSize));

        options.EnableReadReplicas = false;
        var pools = Build(options);
        Assert.Equal(["primary", "primary-check", "primary-patient-check", "primary-read-only"], pools.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(5, pools["primary-read-only"].MinPoolSize);
        using var alone = RoutedDataSource.Create(options);
        Assert.Equal(5, alone.Nodes[0].ReadPool.MinSize);
    }

    [Fact]
    public void Nodes_are_made_anew_for_probes_that_wait_longer_than_their_connections()
    {
        ClusterPlan Plan(double probe) => ClusterPlan.Create(new RoutingOptions { Primary = "Host=a", ProbeTimeout = TimeSpan.FromSeconds(probe) });
        using var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=a" });
        var node = source.Nodes[0];
        Assert.Equal(5, new NpgsqlConnectionStringBuilder(node.Probe.ConnectionString).Timeout);
        Assert.True(node.Serves(Plan(5).Primary, Plan(5)));
        Assert.False(node.Serves(Plan(5.1).Primary, Plan(5.1)));
    }

    [Fact]
    public void The_callback_configures_every_pool_but_cant_undo_what_routing_needs()
    {
        var names = new List<string?>();
        var options = new RoutingOptions
        {
            Primary = "Host=a",
            ConfigureDataSource = b =>
            {
                names.Add(b.Name);
                b.Name = "mine";
                b.ConnectionStringBuilder.Options = "-c default_transaction_read_only=off";
            },
        };

        Assert.Equal($"-c default_transaction_read_only=off {ReadOnly}", Build(options)["primary-read-only"].Options);
        Assert.Equal(["primary", "primary-read-only", "primary-check", "primary-patient-check"], names);

        options.ConfigureDataSource = b => b.ConnectionStringBuilder.Host = "other";
        Assert.Contains("changed the host", Assert.Throws<OptionsValidationException>(() => RoutedDataSource.Create(options)).Message);
        options.ConfigureDataSource = b => b.ConnectionStringBuilder.Multiplexing = true;
        Assert.Contains("Multiplexing", Assert.Throws<OptionsValidationException>(() => RoutedDataSource.Create(options)).Message);
        options.ConfigureDataSource = b => b.ConnectionStringBuilder.MinPoolSize = 5000;
        Assert.Contains("Npgsql refuses", Assert.Throws<OptionsValidationException>(() => RoutedDataSource.Create(options)).Message);
    }

    [Fact]
    public void A_failed_open_leaves_no_lease_behind()
    {
        using var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=127.0.0.1;Port=1;Timeout=1" });
        var failed = Assert.ThrowsAny<NpgsqlException>(() => source.OpenWrite());

        // The monitor may have been sooner, and then there was no attempt.
        var attempts = failed is RoutedCallException { Attempts: var all } ? all : Assert.IsType<PrimaryUnavailableException>(failed).Attempts;
        Assert.False(failed is RoutedCallException && attempts.IsEmpty);
        Assert.All(attempts, static a =>
        {
            Assert.Equal("primary", a.NodeName);
            Assert.Contains(a.Problem, (string[])["it could not be reached (ConnectionRefused)", new CompileTimeRouting.Cluster.NodeLostException("primary").Message]);
        });
        Assert.ThrowsAny<NpgsqlException>(() => source.OpenRead());
        Assert.ThrowsAny<NpgsqlException>(() => source.BeginTransaction());

        // The unit of work that failed to begin is none: another one may.
        Assert.ThrowsAny<NpgsqlException>(() => source.BeginTransaction());
        Assert.Equal(0, Assert.Single(source.GetSnapshot().Nodes).ActiveLeases);
    }
}
