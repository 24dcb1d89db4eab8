using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>Routed calls through a real pgbouncer in transaction mode, with fewer server connections than calls.</summary>
public sealed class PgBouncerTests(RoutedCluster cluster) : IAsyncLifetime
{
    private PgBouncer? _bouncer;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private PgBouncer Bouncer => _bouncer!;

    public async ValueTask InitializeAsync()
    {
        if (PgBouncer.Unavailable is null)
            _bouncer = await PgBouncer.StartAsync(cluster.Nodes, poolSize: 2, Ct);
    }

    public ValueTask DisposeAsync() => _bouncer?.DisposeAsync() ?? default;

    private RoutingOptions Options(bool replicas = true) => new()
    {
        Primary = Bouncer.ConnectionString(cluster.Nodes.Primary),
        Replicas = replicas ? [.. cluster.Nodes.Replicas.Select(r => new ReplicaOptions { ConnectionString = Bouncer.ConnectionString(r) })] : [],
        Pooler = Pooler.PgBouncerTransaction,
    };

    private async Task<RoutedDataSource> OpenAsync(Action<RoutingOptions>? change = null, bool replicas = true)
    {
        Assert.SkipWhen(PgBouncer.Unavailable is not null, PgBouncer.Unavailable ?? "");
        var options = Options(replicas);
        change?.Invoke(options);
        var source = RoutedDataSource.Create(options);
        await source.VerifyAsync(Ct);
        return source;
    }

    [Fact]
    public async Task Reads_writes_and_units_of_work_share_few_server_connections()
    {
        await using var db = await OpenAsync();
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Equal((NodeState.Up, null), (n.State, n.Problem)));
        Assert.Equal([NodeRole.Primary, NodeRole.Replica, NodeRole.Replica], db.GetSnapshot().Nodes.Select(n => n.Role));
        var text = $"bounced {Guid.NewGuid():N}";
        var route = new ReadRoute("clean", leavesSessionClean: true);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                if (i % 4 == 0)
                {
                    await db.WriteAsync(text);
                }
                else if (i % 4 == 1)
                {
                    await using var unitOfWork = await db.BeginTransactionAsync(Ct);
                    await unitOfWork.Connection.ScalarAsync($"insert into notes (text) values ('{text}')");
                    await unitOfWork.CommitAsync(Ct);
                }
                else
                {
                    await using var lease = await db.OpenReadAsync(route, Ct);
                    await using var read = new NpgsqlCommand("select pg_is_in_recovery() and $1 >= 0", lease.Connection) { Parameters = { new() { Value = round } } };
                    Assert.True((bool)(await read.ExecuteScalarAsync(Ct))!);
                }
            }
        }, Ct)));
        await using var strong = await db.OpenReadAsync(new ReadRoute("strong", ReadConsistency.Strong), Ct);
        Assert.Equal(120L, await strong.Connection.ScalarAsync($"select count(*) from notes where text = '{text}'"));
    }

    [Fact]
    public async Task A_read_on_the_primary_cant_write()
    {
        await using var db = await OpenAsync(replicas: false);
        for (var i = 0; i < 3; i++)
        {
            await using var lease = await db.OpenReadAsync(Ct);
            Assert.Equal("on", await lease.Connection.ScalarAsync("show transaction_read_only"));
            var refused = await Assert.ThrowsAsync<PostgresException>(() => lease.Connection.ScalarAsync("insert into notes (text) values ('never')"));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
        }

        using (var lease = db.OpenRead())
            Assert.Equal("on", await lease.Connection.ScalarAsync("show transaction_read_only"));

        // The transaction ended with the lease: nothing of it reaches the next session's user.
        await db.WriteAsync("after the reads");
        await using var node = await db.OpenNodeAsync("primary", Ct);
        Assert.Equal("on", await node.Connection.ScalarAsync("show transaction_read_only"));
    }

    [Fact]
    public async Task Before_a_replica_has_answered_it_may_be_no_standby()
    {
        Assert.SkipWhen(PgBouncer.Unavailable is not null, PgBouncer.Unavailable ?? "");
        var options = Options();

        // The configuration takes the primary for a replica.
        (options.Primary, options.Replicas[0].ConnectionString) = (options.Replicas[0].ConnectionString, options.Primary!);
        options.Replicas.RemoveAt(1);
        await using var db = RoutedDataSource.Create(options);
        await using var lease = await db.OpenReadAsync(Ct);
        Assert.Equal(false, await lease.Connection.ScalarAsync("select pg_is_in_recovery()"));
        Assert.Equal("on", await lease.Connection.ScalarAsync("show transaction_read_only"));
    }

    [Fact]
    public async Task Probes_can_go_past_it()
    {
        await using var db = await OpenAsync(o =>
        {
            o.PrimaryProbe = cluster.Nodes.Primary.ConnectionString;
            o.Replicas[0].Probe = cluster.Nodes.Replicas[0].ConnectionString;
            o.Replicas[1].Probe = "Host=127.0.0.1;Port=1;Username=nobody";
        });
        Assert.Equal([NodeState.Up, NodeState.Up, NodeState.Down], db.GetSnapshot().Nodes.Select(n => n.State));
    }

    [Fact]
    public async Task Without_the_setting_it_is_told_what_to_set()
    {
        await using var db = await OpenAsync(o => o.Pooler = Pooler.None);
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Contains("set Pooler to PgBouncerTransaction", n.Problem));
    }
}
