using System.Diagnostics;
using System.Transactions;
using CompileTimeRouting.Consistency.Faults;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>Sessions that will be exported: their writes bring the position back, and are otherwise what they are.</summary>
public sealed class ExportTests(SessionCluster shared) : IClassFixture<SessionCluster>, IAsyncLifetime
{
    // Whoever is asked for anything is asked in vain.
    private static readonly CancellationToken NoQuestion = new(canceled: true);

    private RoutedDataSource? _db;

    private PostgresCluster Cluster => shared.Nodes;

    private RoutedDataSource Db => _db!;

    private Exports Exports => new(Db);

    private Counters Counters => new(Db);

    public async ValueTask InitializeAsync()
    {
        _db = await OpenAsync();
        await Exports.CreateAsync(Cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await _db!.DisposeAsync();
        foreach (var replica in Cluster.Replicas)
            await replica.ResumeReplayAsync();
        await Cluster.Primary.ResetAsync("synchronous_commit");
        await Cluster.Primary.ResetAsync("synchronous_standby_names");
        await Cluster.WaitUntilCaughtUpAsync();
    }

    // Rarely probed: what an export doesn't ask for it has from its session.
    private Task<RoutedDataSource> OpenAsync(Action<RoutingOptions>? configure = null) => Clusters.OpenAsync(Cluster, options =>
    {
        options.ProbeInterval = TimeSpan.FromMinutes(1);
        configure?.Invoke(options);
    });

    private ConsistencySession Begin()
    {
        var session = Db.BeginSession();
        session.WillExport = true;
        return session;
    }

    private static async Task AssertNeedsQuestionAsync(ConsistencySession session) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await session.ExportAsync(NoQuestion));

    [Fact]
    public async Task Every_write_that_can_brings_its_position_back_and_the_result_is_its_own()
    {
        var version = 0L;
        (string Kind, Func<Task> Write)[] writes =
        [
            ("rows affected", async () => Assert.Equal(1, await Exports.WriteAsync(1, ++version))),
            ("no row affected", async () => Assert.Equal(0, await Exports.WriteAsync(-1, version))),
            ("rows affected, blocking", () =>
            {
                Assert.Equal(1, Exports.Write(1, ++version));
                return Task.CompletedTask;
            }),
            ("no result", () => Exports.WriteSilentlyAsync(1, ++version)),
            ("a row", async () => Assert.Equal(++version, await Exports.WriteReturningAsync(1, version))),
            ("a row, blocking", () =>
            {
                Assert.Equal(++version, Exports.WriteReturning(1, version));
                return Task.CompletedTask;
            }),
            ("one row or none", async () => Assert.Equal(++version, await Exports.WriteIfThereAsync(1, version))),
            ("none", async () => Assert.Null(await Exports.WriteIfThereAsync(-1, version))),
            ("rows", async () =>
            {
                ++version;
                Assert.Equal([(1, version), (2, version), (3, version)], (await Exports.WriteManyAsync([1, 2, 3], version)).Order());
            }),
            ("no rows", async () => Assert.Empty(await Exports.WriteManyAsync([], version))),
            ("in a WITH", async () => Assert.Equal(++version, await Exports.WriteInWithAsync(1, version))),
            ("statement in a transaction", async () => Assert.Equal(1, await Exports.WriteInTransactionAsync(1, ++version))),
            ("core in a transaction, blocking", () =>
            {
                Exports.WriteInTransaction(1, ++version);
                return Task.CompletedTask;
            }),
            ("unit of work", async () =>
            {
                await using var unitOfWork = await Db.BeginTransactionAsync();
                await Exports.WriteAsync(1, ++version);
                Assert.Equal(version, await Exports.WriteReturningAsync(1, version));
                await unitOfWork.CommitAsync();
            }),
            ("unit of work, blocking", () =>
            {
                using var unitOfWork = Db.BeginTransaction();
                Exports.Write(1, ++version);
                unitOfWork.Commit();
                return Task.CompletedTask;
            }),
        ];
        await using var other = await OpenAsync(static o => o.ReadYourWritesWait = TimeSpan.FromMilliseconds(50));
        foreach (var replica in Cluster.Replicas)
            await replica.PauseReplayAsync();

        // The second time prepared, the third with what was kept of the second.
        for (var round = 0; round < 8; round++)
        {
            foreach (var (kind, write) in writes)
            {
                using var session = Begin();
                await write();
                string token;
                try
                {
                    token = await session.ExportAsync(NoQuestion);
                }
                catch (OperationCanceledException)
                {
                    throw new InvalidOperationException($"{kind}: the export asked for the position.");
                }

                Assert.True(ConsistencyToken.TryParse(token, out var taken));
                session.Raise(new SessionNeeds(Stopwatch.GetTimestamp()));
                Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var asked));
                Assert.True(taken.IsComparableTo(asked) && taken.Position <= asked.Position, kind);
                using (other.BeginSession(token))
                    Assert.Equal(new Reading(version, Cluster.Primary.Port), await new Counters(other).ReadAsync(1));
            }
        }
    }

    [Fact]
    public async Task A_write_and_its_position_are_one_question()
    {
        await using var relay = new Questions(Cluster.Primary);
        await using var db = await OpenAsync(o => o.Primary = relay.ConnectionString);
        var exports = new Exports(db);
        foreach (var willExport in new[] { true, false })
        {
            using var session = db.BeginSession();
            session.WillExport = willExport;
            await exports.WriteAsync(2, 1);
            await session.ExportAsync();
            relay.Take("");
            for (var version = 2; version <= 10; version++)
            {
                await exports.WriteAsync(2, version);
                await session.ExportAsync();
                var asked = Assert.Single(relay.Take("pg_current_wal_insert_lsn"));
                Assert.Equal(willExport, asked.Contains("update counters", StringComparison.Ordinal));

                await exports.WriteInTransactionAsync(2, version);
                await session.ExportAsync();
                asked = Assert.Single(relay.Take("pg_current_wal_insert_lsn"));
                Assert.Equal(willExport, asked.Contains("commit", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task What_is_read_after_the_write_counts_for_the_token()
    {
        using var session = Begin();
        await Exports.WriteAsync(3, 1);
        Assert.NotEmpty(await session.ExportAsync(NoQuestion));
        await Counters.ReadStronglyAsync(3);
        await AssertNeedsQuestionAsync(session);
        await session.ExportAsync();
        await Exports.WriteAsync(3, 2);
        Assert.NotEmpty(await session.ExportAsync(NoQuestion));
    }

    [Fact]
    public async Task A_write_that_fails_fails_as_it_does_otherwise_and_leaves_nothing_open()
    {
        for (var round = 0; round < 8; round++)
        {
            foreach (var (sqlState, write) in new (string, Func<Task>)[]
            {
                (PostgresErrorCodes.UniqueViolation, () => Exports.InsertAsync(4, 1)),
                (PostgresErrorCodes.DivisionByZero, Exports.DivideAsync),
                (PostgresErrorCodes.CheckViolation, () => Exports.WriteSlowlyAsync(4, -1)),
                (PostgresErrorCodes.CheckViolation, () => Exports.WriteSlowlyReturningAsync(4, -1)),
                (PostgresErrorCodes.CheckViolation, () => Exports.WriteSlowlyInTransactionAsync(4, -1)),
            })
            {
                var plain = await Assert.ThrowsAsync<PostgresException>(write);
                using var session = Begin();
                var exported = await Assert.ThrowsAsync<PostgresException>(write);
                Assert.Equal(sqlState, exported.SqlState);
                Assert.Equal(plain.MessageText, exported.MessageText);
                await AssertNeedsQuestionAsync(session);
                await session.ExportAsync();
                await using (var lease = await Db.OpenWriteAsync())
                await using (var command = new NpgsqlCommand("select version from counters where id = 6", lease.Connection))
                    Assert.Equal(0L, await command.ExecuteScalarAsync());
                Assert.Equal(1, await Exports.WriteAsync(4, round));
                Assert.NotEmpty(await session.ExportAsync(NoQuestion));
            }
        }

        Assert.Equal(0L, await Cluster.Primary.ExecuteAsAdminAsync("select version from slow where id = 4"));
        Assert.Equal(0L, await Cluster.Primary.ExecuteAsAdminAsync("select count(*) from pg_stat_activity where state like 'idle in transaction%'"));
    }

    [Fact]
    public async Task A_result_that_does_not_fit_is_written_all_the_same()
    {
        using var session = Begin();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Exports.WriteReturningAsync(-1, 1));
        await Exports.WriteAsync(7, 1);
        Assert.NotEmpty(await session.ExportAsync(NoQuestion));
        Assert.Equal(1, (await Counters.ReadAsync(7)).Version);
    }

    [Fact]
    public async Task A_write_that_is_cancelled_is_rolled_back_before_its_connection_goes_on()
    {
        using var session = Begin();
        for (var round = 1; round <= 3; round++)
        {
            await using (var blocker = new NpgsqlConnection(Cluster.Primary.ConnectionString))
            {
                await blocker.OpenAsync();
                await using var transaction = await blocker.BeginTransactionAsync();
                await using (var command = new NpgsqlCommand("select from counters where id = 8 for update", blocker))
                    await command.ExecuteNonQueryAsync();
                using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Exports.WriteAsync(8, 1000, cancel.Token));
            }

            Assert.Equal(round - 1, (await Counters.ReadAsync(8)).Version);
            await Exports.WriteAsync(8, round);
            Assert.NotEmpty(await session.ExportAsync(NoQuestion));
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Exports.WriteAsync(8, 1000, NoQuestion));
        Assert.Equal(3, (await Counters.ReadAsync(8)).Version);
    }

    [Fact]
    public async Task Writes_at_once_are_all_before_what_is_exported()
    {
        await using var other = await OpenAsync(static o => o.ReadYourWritesWait = TimeSpan.FromMilliseconds(50));
        using var session = Begin();
        foreach (var replica in Cluster.Replicas)
            await replica.SetApplyDelayAsync(TimeSpan.FromMilliseconds(20));
        for (var version = 1; version <= 20; version++)
        {
            await Task.WhenAll(Enumerable.Range(10, 8).Select(id => id % 2 == 0 ? Exports.WriteAsync(id, version) : Exports.WriteInTransactionAsync(id, version)));
            var token = await session.ExportAsync(NoQuestion);
            for (var id = 10; id < 18; id++)
            {
                using (other.BeginSession(token))
                    Assert.Equal(version, (await new Counters(other).ReadAsync(id)).Version);
            }
        }

        foreach (var replica in Cluster.Replicas)
            await replica.SetApplyDelayAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_commit_that_is_flushed_later_is_before_its_position()
    {
        await Cluster.Primary.SetAsync("synchronous_commit", "off");
        await using var other = await OpenAsync(static o => o.ReadYourWritesWait = TimeSpan.FromSeconds(5));
        for (var version = 1; version <= 20; version++)
        {
            using var session = Begin();
            await Exports.WriteAsync(20, version);
            using var going = other.BeginSession(await session.ExportAsync(NoQuestion));
            Assert.Equal(version, (await new Counters(other).ReadAsync(20)).Version);
        }
    }

    [Fact]
    public async Task In_a_TransactionScope_the_commit_is_the_scopes()
    {
        using var session = Begin();
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal(1, await Exports.WriteAsync(21, 1));
            Assert.Equal(2, await Exports.WriteReturningAsync(21, 2));
        }

        // The thread's own, and a connection that comes on another one.
        await Task.Run(() =>
        {
            using (new TransactionScope())
                Assert.Equal(1, Exports.Write(21, 3));
            Db.Nodes[0].WritePool.Clear();
            using (new TransactionScope())
                Assert.Equal(1, Exports.WriteAsync(21, 4).GetAwaiter().GetResult());
        });
        Assert.Equal(0, (await Counters.ReadAsync(21)).Version);
    }

    [Fact]
    public async Task What_runs_in_no_transaction_block_runs_in_none()
    {
        using var session = Begin();
        await Exports.VacuumAsync();
        await AssertNeedsQuestionAsync(session);
    }

    [Fact]
    public async Task A_position_that_the_server_refuses_fails_no_write()
    {
        using var session = Begin();
        await Exports.WriteAsync(22, 1);
        await Cluster.Primary.ExecuteAsAdminAsync("revoke execute on function pg_walfile_name(pg_lsn) from public");
        try
        {
            Assert.Equal(1, await Exports.WriteAsync(22, 2));
            Assert.Equal(3, await Exports.WriteReturningAsync(22, 3));
            Assert.Equal(1, await Exports.WriteInTransactionAsync(22, 4));
            await AssertNeedsQuestionAsync(session);
        }
        finally
        {
            await Cluster.Primary.ExecuteAsAdminAsync("grant execute on function pg_walfile_name(pg_lsn) to public");
        }

        Assert.Equal(4, (await Counters.ReadAsync(22)).Version);
        await Exports.WriteAsync(22, 5);
        Assert.NotEmpty(await session.ExportAsync(NoQuestion));
    }

    [Fact]
    public async Task A_position_is_not_behind_a_write_that_went_to_another_server()
    {
        await using var db = await OpenAsync(static o => o.ProbeInterval = TimeSpan.FromMilliseconds(100));
        using var session = db.BeginSession();
        session.WillExport = true;
        await new Exports(db).WriteAsync(24, 1);
        Assert.NotEmpty(await session.ExportAsync(NoQuestion));

        // On another of the session's connections, and then one where it belongs.
        var followed = db.FollowedRun!;
        session.PrimaryBegins(isWrite: true);
        session.Ended(SessionUse.Write, elsewhere: new WritesElsewhere(followed, null));
        await new Exports(db).WriteAsync(24, 2);
        var broughtBack = (ulong)(long)(await Cluster.Primary.ExecuteAsAdminAsync("select (pg_current_wal_insert_lsn() - '0/0')::bigint"))!;

        // Now another run is followed, as the other server would be, of whose writes that position says nothing.
        await Cluster.Primary.CrashAsync();
        await Waiting.UntilAsync(() => db.FollowedRun is { } run && run != followed, "another run is followed");
        Assert.Null(session.Needs().Elsewhere);
        Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
        Assert.True(token.Position > broughtBack, $"{token.Position} was exported, {broughtBack} is where the log was after the write.");
    }

    [Fact]
    public async Task A_commit_whose_outcome_nobody_knows_pins_the_session_and_its_token()
    {
        using var session = Begin();
        await Exports.WriteAsync(23, 1);
        try
        {
            await Cluster.Primary.MakeCommitsWaitAsync();
            var writing = Exports.WriteAsync(23, 2);
            await Waiting.UntilAsync(
                async () => await Cluster.Primary.ExecuteAsAdminAsync("select count(*) from pg_stat_activity where wait_event = 'SyncRep'") is > 0L, "the commit waits");
            Db.Nodes[0].WritePool.Abandon(breakLeases: true);
            await Assert.ThrowsAnyAsync<Exception>(() => writing);
            Assert.Equal(new Reading(1, Cluster.Primary.Port), await Counters.ReadAsync(23));
            Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
            Assert.True(token.IsUncertain);
        }
        finally
        {
            await Cluster.Primary.ResetAsync("synchronous_standby_names");
        }

        await Waiting.UntilAsync(async () => (await Counters.ReadAsync(23)).Version == 2, "the commit comes into effect");
    }
}
