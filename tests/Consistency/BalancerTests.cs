using CompileTimeRouting.Consistency.Faults;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency;

/// <summary>Addresses behind which it isn't always the same server: what was asked of one says nothing of another.</summary>
public sealed class BalancerTests(SessionCluster shared) : IClassFixture<SessionCluster>
{
    private PostgresCluster Cluster => shared.Nodes;

    private async Task<RoutedDataSource> OpenAsync(string primary, string replica, Action<RoutingOptions>? configure = null)
    {
        var options = new RoutingOptions
        {
            Primary = primary,
            Replicas = [new ReplicaOptions { ConnectionString = replica }],
            ReadYourWritesWait = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(options);
        var source = RoutedDataSource.Create(options);
        await source.VerifyAsync();
        return source;
    }

    // The probes have their connections to the first one, so that it is known as fresh; the pool gets some to each.
    private static async Task LeadTwoWaysAsync(RoutedDataSource source, Balancer balancer, PostgresNode ahead, PostgresNode behind)
    {
        var counters = new Counters(source);
        await Waiting.UntilAsync(async () =>
        {
            using var session = source.BeginSession();
            await counters.WriteAsync(60, 1);
            return (await counters.ReadAsync(60)).Port == ahead.Port && (await counters.ReadFreshAsync(60)).Port == ahead.Port;
        }, "the probes run");
        balancer.LeadTo(ahead, behind);
        source.Nodes[1].ReadPool.Clear();
    }

    [Fact]
    public async Task Sessions_read_what_they_wrote_whichever_replica_answers()
    {
        var (ahead, behind) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var balancer = new Balancer(ahead);
        await using var source = await OpenAsync(Cluster.Primary.ConnectionString, balancer.ConnectionString + ";Maximum Pool Size=4");
        var counters = new Counters(source);
        await LeadTwoWaysAsync(source, balancer, ahead, behind);
        await behind.PauseReplayAsync();
        try
        {
            var (version, replicaReads) = (0, 0);
            await Task.WhenAll(Enumerable.Range(40, 4).Select(async id =>
            {
                var served = 0;
                for (var end = DateTime.UtcNow.AddSeconds(4); DateTime.UtcNow < end;)
                {
                    using var session = source.BeginSession();
                    var written = Interlocked.Increment(ref version);
                    await counters.WriteAsync(id, written);
                    for (var read = 0; read < 5; read++)
                    {
                        var reading = served % 2 == 0 ? await counters.ReadAsync(id) : await Task.Run(() => counters.Read(id));
                        Assert.True(reading.Version == written, $"{reading.Version} was read on port {reading.Port} after {written} was written; {behind.Port} is behind.");
                        served++;
                        if (reading.Port == ahead.Port)
                            Interlocked.Increment(ref replicaReads);
                    }
                }

                Assert.NotEqual(0, served);
            }));
            Assert.NotEqual(0, replicaReads);
        }
        finally
        {
            await behind.ResumeReplayAsync();
        }
    }

    [Fact]
    public async Task A_read_with_a_bound_is_no_older_whichever_replica_answers()
    {
        var (ahead, behind) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var balancer = new Balancer(ahead);
        await using var source = await OpenAsync(Cluster.Primary.ConnectionString, balancer.ConnectionString + ";Maximum Pool Size=8");
        var counters = new Counters(source);
        await LeadTwoWaysAsync(source, balancer, ahead, behind);
        await counters.WriteAsync(50, 1);
        await Cluster.WaitUntilCaughtUpAsync();
        await behind.PauseReplayAsync();
        try
        {
            await counters.WriteAsync(50, 2);

            // From here on a bound of one second rules the older state out.
            await Task.Delay(1_200);
            var ports = new HashSet<int>();
            for (var round = 0; round < 30; round++)
            {
                var readings = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => i % 2 == 0 ? counters.ReadFreshAsync(50) : Task.FromResult(counters.ReadFresh(50)))));
                Assert.All(readings, static reading => Assert.Equal(2, reading.Version));
                ports.UnionWith(readings.Select(static r => r.Port));
            }

            Assert.Contains(ahead.Port, ports);
        }
        finally
        {
            await behind.ResumeReplayAsync();
        }
    }

    [Fact]
    public async Task What_a_second_primary_at_the_primarys_address_wrote_is_not_looked_for_on_a_replica_of_the_first()
    {
        await using var cluster = await Clusters.StartAsync();
        var (former, heir, stray) = (cluster.Primary, cluster.Replicas[0], cluster.Replicas[1]);
        await using var balancer = new Balancer(former);

        // The probes' connections stay where they lead, however often they are asked.
        var sources = new List<RoutedDataSource>();
        for (var i = 0; i < 5; i++)
            sources.Add(await OpenAsync(balancer.ConnectionString, stray.ConnectionString, static o => o.ReadYourWritesWait = TimeSpan.FromSeconds(1)));
        try
        {
            foreach (var source in sources)
            {
                using var session = source.BeginSession();
                await new Counters(source).WriteAsync(52, 0);
                Assert.Equal(stray.Port, (await new Counters(source).ReadAsync(52)).Port);
            }

            var before = sources[0].FollowedRun;
            await heir.PromoteAsync();
            balancer.LeadTo(heir);
            foreach (var source in sources)
            {
                source.Nodes[0].WritePool.Clear();
                source.Nodes[0].ReadPool.Clear();
            }

            string? token = null;
            for (var kind = 0; kind < 4; kind++)
            {
                using var session = sources[kind].BeginSession();
                var counters = new Counters(sources[kind]);
                await WriteAsync(sources[kind], kind, version: kind + 1);
                token = await session.ExportAsync();
                Assert.Equal(new Reading(kind + 1, heir.Port), await counters.ReadAsync(52));
                Assert.True(ConsistencyToken.TryParse(token, out var exported));
                Assert.False(exported.IsUncertain);
                await Waiting.UntilAsync(() => sources[kind].FollowedRun != before, "the monitor follows the other server");
            }

            // Who goes on from there where nothing is known of it yet.
            using (sources[4].BeginSession(token))
                Assert.Equal(new Reading(4, heir.Port), await new Counters(sources[4]).ReadAsync(52));
        }
        finally
        {
            foreach (var source in sources)
                await source.DisposeAsync();
        }
    }

    private static async Task WriteAsync(RoutedDataSource source, int kind, long version)
    {
        var counters = new Counters(source);
        if (kind == 0)
            await counters.WriteAsync(52, version);
        else if (kind == 1)
            await Task.Run(() => counters.Write(52, version));
        else if (kind == 2)
            await counters.WriteInTransactionAsync(52, version);
        else
        {
            using var unitOfWork = source.BeginTransaction();
            counters.Write(52, version);
            unitOfWork.Commit();
        }
    }

    [Fact]
    public async Task A_strong_read_is_none_of_a_standbys_at_the_primarys_address()
    {
        await using var balancer = new Balancer(Cluster.Primary);

        // Probes go past the balancer: it isn't noticed that the address leads to a standby meanwhile.
        await using var source = await OpenAsync(
            balancer.ConnectionString, Cluster.Replicas[0].ConnectionString, o =>
            {
                o.ProbeInterval = TimeSpan.FromMinutes(10);
                o.PrimaryProbe = Cluster.Primary.ConnectionString;
            });
        var counters = new Counters(source);
        await counters.WriteAsync(51, 1);
        await Cluster.WaitUntilCaughtUpAsync();
        await Cluster.Replicas[1].PauseReplayAsync();
        try
        {
            await counters.WriteAsync(51, 2);
            // So often that no read comes to the primary but by another connection for each of its attempts.
            balancer.LeadTo(Cluster.Replicas[1], Cluster.Replicas[1], Cluster.Replicas[1], Cluster.Primary);
            source.Nodes[0].ReadPool.Clear();
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(2, (await counters.ReadStronglyAsync(51)).Version);
                Assert.Equal(2, counters.ReadStrongly(51).Version);
                Assert.Equal(2, (await counters.ReadAsync(51)).Version);
                source.Nodes[0].ReadPool.Clear();
            }
        }
        finally
        {
            await Cluster.Replicas[1].ResumeReplayAsync();
        }
    }
}
