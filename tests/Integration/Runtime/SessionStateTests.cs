using System.Transactions;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>What one lease leaves in its session never reaches the next one, on a pool of a single connection.</summary>
public sealed partial class SessionStateTests(RoutedCluster cluster) : IAsyncLifetime
{
    // Stands for a method whose SQL the generator has proved; what it claims here is true where a test doesn't say otherwise.
    private static readonly WriteRoute Proved = new("Proved", leavesSessionClean: true);

    private RoutedDataSource? _source;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RoutedDataSource Source => _source!;

    public async ValueTask InitializeAsync()
    {
        await cluster.ExecuteAsync("create sequence if not exists leftover_ids");
        await using (var admin = NpgsqlDataSource.Create(cluster.Nodes.Primary.AdminConnectionString))
        await using (var grant = admin.CreateCommand($"grant pg_read_all_settings to {new NpgsqlConnectionStringBuilder(cluster.Nodes.Primary.ConnectionString).Username}"))
            await grant.ExecuteNonQueryAsync(Ct);
        var options = cluster.Options(0);
        options.PrimaryPool = new() { Size = 0, MaxOverflow = 1 };
        _source = RoutedDataSource.Create(options);
    }

    public async ValueTask DisposeAsync() => await Source.DisposeAsync();

    [Theory]
    [InlineData("set work_mem = '64kB'", "show work_mem")]
    [InlineData("select set_config('work_mem', '64kB', false)", "show work_mem")]
    [InlineData("set search_path = pg_catalog", "show search_path")]
    [InlineData("set plan_cache_mode = force_generic_plan", "show plan_cache_mode")]
    [InlineData("set default_transaction_read_only = on", "show default_transaction_read_only")]
    [InlineData("set my.own = 'left'", "select coalesce(current_setting('my.own', true), '')")]
    [InlineData("set role pg_read_all_settings", "select current_user::text")]
    [InlineData("create temp table leftover (id int)", "select count(*)::text from pg_class where relname = 'leftover'")]
    [InlineData("create temp view leftover as select 1", "select count(*)::text from pg_class where relname = 'leftover'")]
    [InlineData("declare leftover cursor with hold for select 1", "select count(*)::text from pg_cursors where name = 'leftover'")]
    [InlineData("listen leftover", "select count(*)::text from pg_listening_channels()")]
    [InlineData("select pg_advisory_lock(4711)", "select count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")]
    [InlineData("select pg_advisory_lock_shared(4711)", "select count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")]
    [InlineData("prepare leftover as select 1", "select count(*)::text from pg_prepared_statements where from_sql")]
    [InlineData("select nextval('leftover_ids')", "select lastval()::text")]
    [InlineData("begin; insert into notes (text) values ('leftover')", "select count(*)::text from notes where text = 'leftover'")]
    [InlineData("begin; set local work_mem = '64kB'", "show work_mem")]
    [InlineData("begin; select 1 / 0", "select 'usable'")]
    public async Task Nothing_crosses_leases(string leave, string find)
    {
        await NothingCrossesAsync(leave, find);

        // A session with a statement that was prepared automatically, as nearly all have after a while, is reset in another way.
        await PrepareAutomaticallyAsync();
        if (leave.StartsWith("prepare", StringComparison.Ordinal))
        {
            // The one thing that README's promise leaves out.
            await LeaveAsync(WriteRoute.Default, leave);
            Assert.Equal("1", (await FindAsync(WriteRoute.Default, find)).Value);
            return;
        }

        await NothingCrossesAsync(leave, find);
        Assert.NotEqual("0", (await FindAsync(WriteRoute.Default, PreparedAutomatically)).Value);
    }

    private const string PreparedAutomatically = "select count(*)::text from pg_prepared_statements where not from_sql";

    private async Task PrepareAutomaticallyAsync()
    {
        string? prepared = null;
        for (var i = 0; i < 8; i++)
            prepared = (await FindAsync(WriteRoute.Default, PreparedAutomatically)).Value;
        Assert.NotEqual("0", prepared);
    }

    private async Task NothingCrossesAsync(string leave, string find)
    {
        var clean = await FindAsync(WriteRoute.Default, find);
        Assert.Equal(clean, await FindAsync(Proved, find));

        // On the very connection that a proved lease left as it was, and behind it both kinds of lease.
        foreach (var next in new[] { WriteRoute.Default, Proved })
        {
            await LeaveAsync(WriteRoute.Default, leave);
            Assert.Equal(clean, await FindAsync(next, find));
            Assert.Equal(clean, await FindAsync(WriteRoute.Default, find));
        }
    }

    [Fact]
    public async Task A_proved_lease_hands_its_connection_on_as_it_is()
    {
        // A lie, to see that no reset is sent; the generator tells none.
        await LeaveAsync(Proved, "set work_mem = '64kB'");
        Assert.Equal("64kB", (await FindAsync(Proved, "show work_mem")).Value);
        Assert.Equal("64kB", (await FindAsync(WriteRoute.Default, "show work_mem")).Value);
        Assert.NotEqual("64kB", (await FindAsync(Proved, "show work_mem")).Value);
    }

    [Fact]
    public async Task A_lease_that_is_reset_leaves_what_is_kept_to_proved_ones_while_its_pool_has_an_idle_one()
    {
        var options = cluster.Options(0);
        options.PrimaryPool = new() { Size = 0, MaxOverflow = 20 };
        await using var source = RoutedDataSource.Create(options);
        var proved = await source.OpenWriteAsync(Proved, Ct);
        var other = await source.OpenWriteAsync(Ct);
        var (kept, idle) = (proved.Connection.ProcessID, other.Connection.ProcessID);
        await proved.DisposeAsync();
        await other.DisposeAsync();
        await using (var lease = await source.OpenWriteAsync(Ct))
        {
            Assert.Equal(idle, lease.Connection.ProcessID);

            // None is idle now.
            using var second = source.OpenWrite();
            Assert.Equal(kept, second.Connection.ProcessID);
        }

        Assert.Equal(2, source.GetSnapshot().Nodes[0].OpenConnections);
    }

    [Fact]
    public async Task What_is_kept_goes_back_to_its_pool_after_a_while()
    {
        await LeaveAsync(Proved, "set work_mem = '64kB'");
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);
        Assert.NotEqual("64kB", (await FindAsync(Proved, "show work_mem")).Value);
    }

    [Fact]
    public async Task A_lease_that_ends_in_the_midst_of_its_rows_is_clean_all_the_same()
    {
        await using (var lease = await Source.OpenWriteAsync(Proved, Ct))
        {
            var command = new NpgsqlCommand("select generate_series(1, 100000)", lease.Connection);
            var reader = await command.ExecuteReaderAsync(Ct);
            Assert.True(await reader.ReadAsync(Ct));
        }

        Assert.Equal("1", (await FindAsync(Proved, "select 1::text")).Value);
    }

    [Fact]
    public async Task Generated_methods_claim_what_is_true()
    {
        var settings = new Settings(Source);
        var before = await settings.WorkMemAsync();
        var process = await settings.ProcessAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("64kB", await settings.SetWorkMemAsync("64kB"));
            Assert.Equal(before, await settings.WorkMemAsync());
            Assert.Equal(before, settings.WorkMem());
            Assert.Equal(process, await settings.ProcessAsync());
        }
    }

    [Fact]
    public async Task Whoever_waits_for_a_connection_gets_the_one_that_would_be_kept()
    {
        var settings = new Settings(Source);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 100; n++)
            {
                if (i % 2 == 0)
                    await settings.ProcessAsync();
                else
                    await settings.SetWorkMemAsync("64kB");
            }
        })));
        Assert.All(Source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
        Assert.NotEqual("64kB", await settings.WorkMemAsync());
    }

    [Fact]
    public async Task One_broken_connection_empties_what_is_kept()
    {
        var options = cluster.Options(0);
        options.PrimaryPool = new() { Size = 0, MaxOverflow = 4 };
        await using var source = RoutedDataSource.Create(options);
        var processes = new List<int>();
        var leases = new List<ConnectionLease>();
        for (var i = 0; i < 3; i++)
        {
            leases.Add(await source.OpenWriteAsync(Proved, Ct));
            processes.Add(leases[i].Connection.ProcessID);
        }

        foreach (var lease in leases)
            await lease.DisposeAsync();
        await cluster.ExecuteAsync($"select pg_terminate_backend(pid, 5000) from unnest(array[{string.Join(", ", processes)}]) pid");

        var failures = 0;
        for (var i = 0; i < 4; i++)
        {
            try
            {
                await using var lease = await source.OpenWriteAsync(Proved, Ct);
                await lease.Connection.ScalarAsync("select 1");
            }
            catch (NpgsqlException)
            {
                failures++;
            }
        }

        Assert.Equal(1, failures);
    }

    [Fact]
    public async Task A_connection_that_takes_part_in_a_TransactionScope_is_not_kept()
    {
        var options = cluster.Options(0);
        options.PrimaryPool = new() { Size = 0, MaxOverflow = 2 };
        await using var source = RoutedDataSource.Create(options);
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            int enlisted;
            await using (var lease = await source.OpenWriteAsync(Proved, Ct))
            {
                enlisted = lease.Connection.ProcessID;
                await lease.Connection.ScalarAsync("insert into notes (text) values ('scope')");
            }

            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            await using (var outside = await source.OpenWriteAsync(Proved, Ct))
                Assert.NotEqual(enlisted, outside.Connection.ProcessID);
        }

        Assert.Equal(0, (await source.CountAsync("scope")).Count);
    }

    private async Task LeaveAsync(WriteRoute route, string sql)
    {
        await using var lease = await Source.OpenWriteAsync(route, Ct);
        try
        {
            await lease.Connection.ScalarAsync(sql);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            // What one of the cases is about: a transaction that has failed.
        }
    }

    private async Task<(int Process, string? Value)> FindAsync(WriteRoute route, string sql)
    {
        await using var lease = await Source.OpenWriteAsync(route, Ct);
        try
        {
            return (lease.Connection.ProcessID, (string?)await lease.Connection.ScalarAsync(sql));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            return (lease.Connection.ProcessID, e.MessageText);
        }
    }

    private sealed partial class Settings(RoutedDataSource db)
    {
        [WriteCommand("select pg_backend_pid()")]
        public partial Task<int> ProcessAsync();

        [WriteCommand("select current_setting('work_mem')")]
        public partial Task<string> WorkMemAsync();

        [WriteCommand("select current_setting('work_mem')")]
        public partial string WorkMem();

        [WriteCommand("select set_config('work_mem', @value, false)")]
        public partial Task<string> SetWorkMemAsync(string value);
    }
}
