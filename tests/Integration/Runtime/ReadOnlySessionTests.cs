using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

public class ReadOnlySessionTests(RoutedCluster cluster)
{
    private static readonly ReadRoute Strong = new("Strong", ReadConsistency.Strong);

    private static async Task<string> RefusalAsync(NpgsqlConnection connection, string sql = "insert into notes (text) values ('x')") =>
        (await Assert.ThrowsAsync<PostgresException>(() => connection.ScalarAsync(sql))).SqlState;

    [Fact]
    public async Task A_read_refuses_to_write_wherever_it_was_routed()
    {
        await using var source = cluster.Open();
        foreach (var route in new[] { ReadRoute.Default, ReadRoute.Default, Strong })
        {
            await using var lease = await source.OpenReadAsync(route, TestContext.Current.CancellationToken);
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, await RefusalAsync(lease.Connection));
        }
    }

    [Fact]
    public async Task Reads_alternate_between_replicas_and_writes_and_strong_reads_go_to_the_primary()
    {
        await using var source = cluster.Open();
        var nodes = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            using var read = source.OpenRead();
            Assert.True((bool)(await read.Connection.ScalarAsync("select pg_is_in_recovery()"))!);
            nodes.Add(read.NodeName);
        }

        using var write = source.OpenWrite();
        using var strong = source.OpenRead(Strong);
        Assert.Equal(["replica-1", "replica-2"], nodes.Order());
        Assert.Equal(("primary", "primary-read-only"), (write.NodeName, strong.NodeName));
        Assert.False((bool)(await strong.Connection.ScalarAsync("select pg_is_in_recovery()"))!);
        Assert.Equal("off", await write.Connection.ScalarAsync("show default_transaction_read_only"));
    }

    [Fact]
    public async Task With_replicas_switched_off_the_same_code_reads_on_the_primary_and_still_cant_write()
    {
        var options = cluster.Options();
        options.EnableReadReplicas = false;
        await using var source = RoutedDataSource.Create(options);
        await using var lease = await source.OpenReadAsync(new ReadRoute("Report", group: "analytics"), TestContext.Current.CancellationToken);
        Assert.Equal("primary-read-only", lease.NodeName);
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, await RefusalAsync(lease.Connection));
    }

    [Fact]
    public async Task What_a_caller_lifts_in_a_session_the_next_caller_doesnt_inherit()
    {
        var options = cluster.Options(0);
        options.PrimaryPool = new() { Size = 0, MaxOverflow = 1 };
        await using var source = RoutedDataSource.Create(options);
        int process;
        await using (var lease = await source.OpenReadAsync(TestContext.Current.CancellationToken))
        {
            process = lease.Connection.ProcessID;
            await lease.Connection.ScalarAsync("set default_transaction_read_only = off");
        }

        await using var next = await source.OpenReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(process, next.Connection.ProcessID);
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, await RefusalAsync(next.Connection));
    }

    [Fact]
    public async Task The_users_own_session_options_stay_and_cant_undo_the_default()
    {
        var options = cluster.Options(0);
        options.Primary = cluster.Primary(s => s.Options = "-c statement_timeout=4321 -c default_transaction_read_only=off");
        await using var source = RoutedDataSource.Create(options);
        await using var lease = await source.OpenReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("4321ms", await lease.Connection.ScalarAsync("show statement_timeout"));
        Assert.Equal("on", await lease.Connection.ScalarAsync("show default_transaction_read_only"));
    }

    [Fact]
    public async Task Leases_are_counted_while_they_are_open()
    {
        await using var source = cluster.Open();
        int[] Leases() => [.. source.GetSnapshot().Nodes.Select(n => n.ActiveLeases)];
        var read = await source.OpenReadAsync(TestContext.Current.CancellationToken);
        await using (await source.OpenWriteAsync(TestContext.Current.CancellationToken))
        await using (await source.OpenReadAsync(Strong, TestContext.Current.CancellationToken))
            Assert.Equal([2, 1, 0], Leases());
        Assert.Equal([0, 1, 0], Leases());
        read.Dispose();
        await read.DisposeAsync();
        Assert.Equal([0, 0, 0], Leases());
    }
}
