using System.Diagnostics;
using System.Transactions;
using CompileTimeRouting.Consistency.Faults;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>One session at a time against real standbys, each trap by itself.</summary>
public sealed class SessionTests(SessionCluster shared) : IClassFixture<SessionCluster>, IAsyncLifetime
{
    private RoutedDataSource? _db;

    private PostgresCluster Cluster => shared.Nodes;

    private RoutedDataSource Db => _db!;

    private Counters Counters => new(Db);

    public async ValueTask InitializeAsync() => _db = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _db!.DisposeAsync();
        await ResumeAllAsync();
        await Cluster.Primary.ResetAsync("synchronous_commit");
        await Cluster.WaitUntilCaughtUpAsync();
    }

    // Long enough that a healthy replica has always caught up, whatever else the machine does.
    private Task<RoutedDataSource> OpenAsync(Action<RoutingOptions>? configure = null) => Clusters.OpenAsync(Cluster, options =>
    {
        options.ReadYourWritesWait = TimeSpan.FromSeconds(5);
        configure?.Invoke(options);
    });

    // Where no replica will come in time.
    private Task<RoutedDataSource> OpenImpatientAsync() => OpenAsync(static o => o.ReadYourWritesWait = TimeSpan.FromMilliseconds(50));

    private bool IsReplica(Reading reading) => reading.Port != Cluster.Primary.Port;

    private async Task PauseAllAsync()
    {
        foreach (var replica in Cluster.Replicas)
            await replica.PauseReplayAsync();
    }

    private async Task ResumeAllAsync()
    {
        foreach (var replica in Cluster.Replicas)
            await replica.ResumeReplayAsync();
    }

    [Fact]
    public async Task What_was_written_is_read_from_a_replica_and_what_isnt_replayed_from_the_primary()
    {
        using (Db.BeginSession())
        {
            await Counters.WriteAsync(1, 1);
            var reading = await Counters.ReadAsync(1);
            Assert.Equal(1, reading.Version);
            Assert.True(IsReplica(reading));
        }

        await using var impatient = await OpenImpatientAsync();
        await PauseAllAsync();
        using (impatient.BeginSession())
        {
            var counters = new Counters(impatient);
            Assert.True(IsReplica(await counters.ReadAsync(1)));
            await counters.WriteAsync(1, 2);
            Assert.Equal(new Reading(2, Cluster.Primary.Port), await counters.ReadAsync(1));
            Assert.Equal(new Reading(2, Cluster.Primary.Port), counters.Read(1));
            Assert.True(IsReplica(await counters.ReadEventuallyAsync(1)));
        }

        using (impatient.BeginSession())
            Assert.True(IsReplica(await new Counters(impatient).ReadAsync(1)));
        await ResumeAllAsync();
    }

    [Fact]
    public async Task What_a_read_must_see_is_the_sources_word_where_nobody_else_has_one()
    {
        await using var strong = await OpenAsync(static o => o.DefaultReadConsistency = ReadConsistency.Strong);
        await using var own = await OpenAsync(static o => o.DefaultReadConsistency = ReadConsistency.ReadYourWrites);
        var (byDefault, strongly, ownWrites) = (new Counters(Db), new Counters(strong), new Counters(own));
        Assert.True(IsReplica(await byDefault.ReadAsTheSourceSaysAsync(1)));
        Assert.False(IsReplica(await strongly.ReadAsTheSourceSaysAsync(1)));
        Assert.False(IsReplica(strongly.ReadAsTheSourceSays(1)));
        Assert.True(IsReplica(await strongly.ReadEventuallyAsync(1)));
        await using (var lease = await strong.OpenReadAsync())
            Assert.Equal(Cluster.Primary.Port, lease.Connection.Port);
        Assert.False(IsReplica(await ownWrites.ReadAsTheSourceSaysAsync(1)));
        using var session = own.BeginSession();
        for (var version = 1_001; version <= 1_010; version++)
        {
            await ownWrites.WriteAsync(1, version);
            var reading = await ownWrites.ReadAsTheSourceSaysAsync(1);
            Assert.Equal((version, true), (reading.Version, IsReplica(reading)));
            Assert.Equal(version, ownWrites.ReadAsTheSourceSays(1).Version);
        }

        await ownWrites.WriteAsync(1, 0);
    }

    [Fact]
    public async Task Outside_of_a_session_the_primary_answers()
    {
        Assert.False(IsReplica(await Counters.ReadAsync(1)));
        using (Db.BeginSession())
            Assert.True(IsReplica(await Counters.ReadAsync(1)));
        Assert.False(IsReplica(await Counters.ReadAsync(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_is_begun_inside_a_unit_of_work_reads_what_it_commits(bool afterTheWrite)
    {
        for (var version = 1; version <= 20; version++)
        {
            await using var unitOfWork = await Db.BeginTransactionAsync();
            if (afterTheWrite)
                await Counters.WriteAsync(9, version);
            using var session = Db.BeginSession();
            if (!afterTheWrite)
                await Counters.WriteAsync(9, version);
            await unitOfWork.CommitAsync();
            Assert.True(session.HasWritten);
            Assert.Equal(version, (await Counters.ReadAsync(9)).Version);
        }
    }

    [Fact]
    public async Task Every_kind_of_write_counts_blocking_or_not()
    {
        using var session = Db.BeginSession();
        var version = 0;
        async Task CheckAsync(string kind)
        {
            Assert.True((await Counters.ReadAsync(2)).Version == version, kind);
            Assert.True(Counters.Read(2).Version == version, kind);
        }

        for (var round = 0; round < 5; round++)
        {
            await Counters.WriteAsync(2, ++version);
            await CheckAsync("statement");
            Counters.Write(2, ++version);
            await CheckAsync("blocking statement");
            await Counters.WriteInTransactionAsync(2, ++version);
            await CheckAsync("command in a transaction");
            await using (var unitOfWork = await Db.BeginTransactionAsync())
            {
                await Counters.WriteAsync(2, ++version);
                await unitOfWork.CommitAsync();
                await CheckAsync("unit of work, committed");
            }

            using (var unitOfWork = Db.BeginTransaction())
            {
                Counters.Write(2, ++version);
                unitOfWork.Commit();
            }

            await CheckAsync("blocking unit of work");
            await using (var lease = await Db.OpenWriteAsync())
            {
                await Counters.WriteInTransactionAsync(lease.Connection, 2, ++version, default);
                await CheckAsync("lease that isn't given back yet");
            }

            await CheckAsync("lease");
        }

        Assert.True(session.HasWritten);
    }

    [Fact]
    public async Task A_TransactionScope_counts_when_it_commits()
    {
        using var session = Db.BeginSession();
        for (var version = 1; version <= 10; version++)
        {
            using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                await Counters.WriteAsync(3, version);
                scope.Complete();
            }

            Assert.Equal(version, (await Counters.ReadAsync(3)).Version);
        }
    }

    [Fact]
    public async Task A_commit_that_is_flushed_later_is_waited_for()
    {
        await Cluster.Primary.SetAsync("synchronous_commit", "off");
        using var session = Db.BeginSession();
        for (var version = 1; version <= 20; version++)
        {
            await Counters.WriteAsync(4, version);
            Assert.Equal(version, (await Counters.ReadAsync(4)).Version);
        }
    }

    [Fact]
    public async Task On_an_idle_primary_the_position_behind_a_page_header_is_reached()
    {
        // Filled up to the very end of a page, where the next record's place is behind the next page's header.
        await using var connection = new NpgsqlConnection(Cluster.Primary.AdminConnectionString);
        await connection.OpenAsync();
        async Task<long> OffsetAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
        }

        // A message takes 54 bytes and its text. The server itself writes now and then, too: then it is tried again.
        const string Offset = "select ((pg_current_wal_insert_lsn() - '0/0') % 8192)::bigint";
        var isReached = false;
        for (var attempt = 0; !isReached && attempt < 20; attempt++)
        {
            var left = 8192 - await OffsetAsync(Offset);
            await OffsetAsync($"select pg_logical_emit_message(false, '', repeat('x', {Math.Max(left, 64) - 54})) - '0/0'");
            if (await OffsetAsync(Offset) > 24)
                continue;
            using var session = Db.BeginSession();
            session.Raise(new SessionNeeds(Stopwatch.GetTimestamp()));
            var reading = await Counters.ReadAsync(1);
            isReached = await OffsetAsync(Offset) is 24;
            Assert.True(!isReached || IsReplica(reading), "The primary had to answer.");
        }

        Assert.True(isReached, "No record ended where a page ends.");
    }

    [Fact]
    public async Task A_commit_whose_outcome_nobody_knows_pins_the_session_to_the_primary()
    {
        using var session = Db.BeginSession();
        await Counters.WriteAsync(5, 1);
        Assert.True(IsReplica(await Counters.ReadAsync(5)));
        await using (var unitOfWork = await Db.BeginTransactionAsync())
        {
            await Counters.WriteAsync(5, 2);
            await Cluster.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({unitOfWork.Connection.ProcessID}, 5000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => unitOfWork.CommitAsync());
        }

        Assert.False(IsReplica(await Counters.ReadAsync(5)));

        // The server's process is gone: what came of its commit stays so, and the primary has just said it.
        await Counters.WriteAsync(5, 3);
        var reading = await Counters.ReadAsync(5);
        Assert.Equal(3, reading.Version);
        Assert.True(IsReplica(reading));
        Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
        Assert.False(token.IsUncertain);
    }

    [Fact]
    public async Task A_commit_that_is_under_way_without_its_connection_keeps_the_session_on_the_primary()
    {
        await using var other = await OpenAsync();
        using var session = Db.BeginSession();
        await Counters.WriteAsync(6, 1);
        Assert.True(IsReplica(await Counters.ReadAsync(6)));

        // The server waits for a standby that doesn't exist, whatever becomes of who waits for the server.
        string token;
        try
        {
            await Cluster.Primary.MakeCommitsWaitAsync();
            await using (var unitOfWork = await Db.BeginTransactionAsync())
            {
                await Counters.WriteAsync(6, 2);
                var process = unitOfWork.Connection.ProcessID;
                var commit = unitOfWork.CommitAsync();
                await Waiting.UntilAsync(() => Cluster.Primary.WaitsForStandbyAsync(process), "the commit waits");
                Db.Nodes[0].WritePool.Abandon(breakLeases: true);
                await Assert.ThrowsAnyAsync<Exception>(() => commit);
            }

            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(new Reading(1, Cluster.Primary.Port), await Counters.ReadAsync(6));
                await Task.Delay(120);
            }

            // And so is who goes on from there.
            token = await session.ExportAsync();
            using var heir = other.BeginSession(token);
            Assert.Equal(new Reading(1, Cluster.Primary.Port), await new Counters(other).ReadAsync(6));
        }
        finally
        {
            await Cluster.Primary.ResetAsync("synchronous_standby_names");
        }

        using var late = other.BeginSession(token);
        foreach (var source in new[] { Db, other })
        {
            await Waiting.UntilAsync(async () => IsReplica(await new Counters(source).ReadAsync(6)), "the session comes off the primary");
            Assert.Equal(2, (await new Counters(source).ReadAsync(6)).Version);
        }
    }

    [Fact]
    public async Task A_commit_that_was_sent_by_hand_and_not_acknowledged_is_one_whose_outcome_nobody_knows()
    {
        using var session = Db.BeginSession();
        await Counters.WriteAsync(5, 1);
        await using (var unitOfWork = await Db.BeginTransactionAsync())
        {
            await Counters.WriteAsync(5, 2);
            await Cluster.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({unitOfWork.Connection.ProcessID}, 5000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => unitOfWork.Transaction.CommitAsync());
        }

        Assert.False(IsReplica(await Counters.ReadAsync(5)));
    }

    [Fact]
    public async Task A_TransactionScope_that_is_in_doubt_pins_the_session_to_the_primary()
    {
        using var session = Db.BeginSession();
        await Counters.WriteAsync(19, 1);
        Assert.True(IsReplica(await Counters.ReadAsync(19)));
        try
        {
            await Cluster.Primary.MakeCommitsWaitAsync();
            var process = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            var committing = Task.Run(async () =>
            {
                using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
                await using (var lease = await Db.OpenWriteAsync())
                {
                    await Counters.WriteInTransactionAsync(lease.Connection, 19, 2, default);
                    process.SetResult(lease.Connection.ProcessID);
                }

                scope.Complete();
            });
            var id = await process.Task;
            await Waiting.UntilAsync(() => Cluster.Primary.WaitsForStandbyAsync(id), "the commit waits");
            Db.Nodes[0].WritePool.Abandon(breakLeases: true);
            await Assert.ThrowsAnyAsync<TransactionException>(() => committing);
            Assert.Equal(new Reading(1, Cluster.Primary.Port), await Counters.ReadAsync(19));
        }
        finally
        {
            await Cluster.Primary.ResetAsync("synchronous_standby_names");
        }

        // Nobody can tell when it is over.
        await Waiting.UntilAsync(async () => await Counters.ReadAsync(19) == new Reading(2, Cluster.Primary.Port), "the commit comes into effect");
        await Cluster.WaitUntilCaughtUpAsync();
        Assert.False(IsReplica(await Counters.ReadAsync(19)));
        Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
        Assert.True(token.IsUncertain);
    }

    [Fact]
    public async Task A_write_whose_connection_broke_pins_the_session_to_the_primary()
    {
        using var session = Db.BeginSession();
        await using (var lease = await Db.OpenWriteAsync())
        {
            var process = lease.Connection.ProcessID;
            await Cluster.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({process}, 5000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Counters.WriteInTransactionAsync(lease.Connection, 6, 1, default));
        }

        Assert.False(IsReplica(await Counters.ReadAsync(6)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_read_that_breaks_on_a_replica_goes_to_another_that_has_as_much(bool hasWritten, bool isBlocking)
    {
        await using var relay = new Breaks(Cluster.Replicas[0], "from counters");
        await using var db = await OpenAsync(o => o.Replicas[0].ConnectionString = relay.ConnectionString);
        var counters = new Counters(db);
        var broken = 0;
        for (var i = 1; i <= 6; i++)
        {
            using var session = db.BeginSession();
            if (hasWritten)
                await counters.WriteAsync(7, i);
            await Waiting.UntilAsync(
                () => db.GetSnapshot().Nodes.All(static n => n.State == NodeState.Up) && db.Nodes.Skip(1).All(n => n.ReadPool.CoveredAt > session.Needs().Time),
                "both replicas have all of the session");
            relay.Left = 1;
            var reading = isBlocking ? await Task.Run(() => counters.Read(7)) : await counters.ReadAsync(7);
            Assert.True(IsReplica(reading));
            Assert.True(!hasWritten || reading.Version == i);
            broken += relay.Left == 0 ? 1 : 0;
        }

        // The other one has its turns, too.
        Assert.InRange(broken, 1, 5);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("blocking read")]
    [InlineData("export")]
    public async Task A_connection_that_breaks_where_an_unknown_outcome_is_asked_for_is_replaced(string way)
    {
        await using var relay = new Breaks(Cluster.Primary, "from pg_stat_activity");
        await using var db = await OpenAsync(o => o.Primary = relay.ConnectionString);
        var counters = new Counters(db);
        using var session = db.BeginSession();
        await counters.WriteAsync(6, 2);
        await using (var lease = await db.OpenWriteAsync())
        {
            await Cluster.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({lease.Connection.ProcessID}, 5000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Counters.WriteInTransactionAsync(lease.Connection, 6, 3, default));
        }

        relay.Left = 1;
        if (way == "export")
        {
            Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
            Assert.NotEqual(0UL, token.Position);
        }
        else
        {
            var reading = way == "read" ? await counters.ReadAsync(6) : await Task.Run(() => counters.Read(6));
            Assert.Equal(2, reading.Version);
            Assert.False(IsReplica(reading));
        }

        Assert.Equal(0, relay.Left);
    }

    [Fact]
    public async Task A_commit_that_the_server_refused_is_no_unknown_outcome()
    {
        using var session = Db.BeginSession();
        await using (var unitOfWork = await Db.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("select 1 / 0", unitOfWork.Connection))
                await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(() => unitOfWork.CommitAsync());
        }

        await using (var unitOfWork = await Db.BeginTransactionAsync())
            await unitOfWork.RollbackAsync();
        Assert.True(IsReplica(await Counters.ReadAsync(5)));
    }

    [Fact]
    public async Task Once_read_no_older_state_is_seen_on_another_replica()
    {
        await using var impatient = await OpenImpatientAsync();
        var (ahead, behind) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await behind.PauseReplayAsync();
        var counters = new Counters(impatient);
        using var session = impatient.BeginSession();
        for (var version = 1; version <= 20; version++)
        {
            // Another one's writes: the session need not see them, but once it has, it goes on seeing them.
            using (impatient.UseSession(impatient.CreateSession()))
                await counters.WriteAsync(7, version);
            await ahead.WaitUntilCaughtUpAsync();
            var seen = 0L;
            for (var read = 0; read < 10; read++)
            {
                var reading = await counters.ReadAsync(7);
                Assert.True(reading.Version >= seen, $"{seen} was read, then {reading.Version} on port {reading.Port}, where {behind.Port} is behind.");
                seen = reading.Version;
            }
        }

        await behind.ResumeReplayAsync();
    }

    [Fact]
    public async Task A_strong_read_counts_for_the_session()
    {
        await using var impatient = await OpenImpatientAsync();
        var counters = new Counters(impatient);
        await PauseAllAsync();
        await counters.WriteAsync(8, 1);
        using (impatient.BeginSession())
        {
            Assert.Equal(1, (await counters.ReadStronglyAsync(8)).Version);
            Assert.Equal(1, (await counters.ReadAsync(8)).Version);
        }

        await ResumeAllAsync();
    }

    [Fact]
    public async Task A_covered_read_opens_and_gives_back_its_connection_without_allocation()
    {
        var route = new ReadRoute("Read", ReadConsistency.ReadYourWrites, leavesSessionClean: true);
        using var session = Db.BeginSession();
        await Counters.WriteAsync(20, 1);
        await Cluster.WaitUntilCaughtUpAsync();
        await Waiting.UntilAsync(async () =>
        {
            // Both replicas come to cover the write, and each gets a connection that has told which server it leads to.
            Assert.True(IsReplica(await Counters.ReadAsync(20)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                var opening = Db.OpenReadAsync(route);
                if (!opening.IsCompletedSuccessfully)
                    return await DisposedAsync(opening);
                opening.Result.Dispose();
            }

            return GC.GetAllocatedBytesForCurrentThread() == before;
        }, "a hundred reads allocate nothing");

        static async Task<bool> DisposedAsync(ValueTask<ConnectionLease> opening)
        {
            (await opening).Dispose();
            return false;
        }
    }

    [Fact]
    public async Task Another_process_goes_on_from_a_token()
    {
        await using var other = await OpenImpatientAsync();
        await PauseAllAsync();
        string token;
        using (var session = Db.BeginSession())
        {
            await Counters.WriteAsync(9, 1);
            token = await session.ExportAsync();
        }

        using (other.BeginSession(token))
            Assert.Equal(new Reading(1, Cluster.Primary.Port), await new Counters(other).ReadAsync(9));

        // Who begins from a token that was always replayed needs nothing.
        using (var session = other.BeginSession(ConsistencyToken.None.ToString()))
            Assert.True(IsReplica(await new Counters(other).ReadAsync(9)));

        await ResumeAllAsync();
        foreach (var replica in Cluster.Replicas)
            await replica.WaitUntilCaughtUpAsync();
        await Waiting.UntilAsync(async () =>
        {
            using var session = other.BeginSession(token);
            var reading = await new Counters(other).ReadAsync(9);
            Assert.Equal(1, reading.Version);
            return IsReplica(reading);
        }, "a replica serves a session that went on from a token");
        Assert.True(other.Outcomes.Tokens(TokenOutcome.Accepted) > 0);
    }

    [Fact]
    public async Task A_process_that_knows_nothing_yet_goes_on_from_a_token()
    {
        using var session = Db.BeginSession();
        await PauseAllAsync();
        await Counters.WriteAsync(10, 1);
        var token = await session.ExportAsync();
        await using var fresh = RoutedDataSource.Create(Clusters.Options(Cluster));
        using (fresh.BeginSession(token))
            Assert.Equal(1, (await new Counters(fresh).ReadAsync(10)).Version);
        await ResumeAllAsync();
    }

    [Fact]
    public async Task A_signed_token_counts_where_its_key_is_known()
    {
        var (key, otherKey) = (Convert.ToBase64String(new byte[32]), Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]));
        await using var signs = await OpenAsync(o => o.TokenKeys = [key]);
        await using var knows = await OpenAsync(o => o.TokenKeys = [otherKey, key]);
        await using var knowsNot = await OpenAsync(o => o.TokenKeys = [otherKey]);
        using var session = signs.BeginSession();
        await new Counters(signs).WriteAsync(11, 1);
        var token = await session.ExportSignedAsync(TimeSpan.FromMinutes(1));
        var plain = await session.ExportAsync();
        foreach (var (source, text, outcome) in new[]
        {
            (knows, token, TokenOutcome.Accepted), (knowsNot, token, TokenOutcome.Forged), (knows, plain, TokenOutcome.Forged), (knows, token[..^1], TokenOutcome.Malformed),
        })
        {
            var before = source.Outcomes.Tokens(outcome) + (outcome == TokenOutcome.Accepted ? source.Outcomes.Tokens(TokenOutcome.Ahead) : 0);
            using (source.BeginSession(text, requireSignature: true))
                Assert.Equal(1, (await new Counters(source).ReadAsync(11)).Version);

            // It may be ahead of this process's newest probe.
            Assert.Equal(before + 1, source.Outcomes.Tokens(outcome) + (outcome == TokenOutcome.Accepted ? source.Outcomes.Tokens(TokenOutcome.Ahead) : 0));
        }
    }

    [Fact]
    public async Task A_token_of_another_cluster_asks_for_all_there_is()
    {
        await using var other = await Clusters.StartAsync(replicas: 0);
        string token;
        await using (var foreign = await Clusters.OpenAsync(other))
        using (var session = foreign.BeginSession())
        {
            await new Counters(foreign).WriteAsync(1, 1);
            token = await session.ExportAsync();
        }

        await PauseAllAsync();
        await Counters.WriteAsync(12, 1);
        await using var impatient = await OpenImpatientAsync();
        using (impatient.BeginSession(token))
            Assert.Equal(1, (await new Counters(impatient).ReadAsync(12)).Version);
        Assert.Equal(1, impatient.Outcomes.Tokens(TokenOutcome.OtherHistory));
        await ResumeAllAsync();
    }

    [Fact]
    public async Task A_commit_of_another_cluster_whose_outcome_nobody_knows_pins_nobody_here()
    {
        using var session = Db.BeginSession();
        await Counters.WriteAsync(18, 1);
        Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var own));
        foreach (var (system, isPinned) in new[] { (own.SystemId + 1, false), (own.SystemId, true) })
        {
            using (Db.BeginSession(new ConsistencyToken(system, own.Timeline, own.Position, isUncertain: true).ToString()))
                Assert.Equal(!isPinned, IsReplica(await Counters.ReadAsync(18)));
        }
    }

    [Fact]
    public async Task A_process_that_cant_be_the_one_of_the_commit_pins_nobody()
    {
        // Its number was given again.
        using var session = Db.BeginSession();
        await Counters.WriteAsync(18, 2);
        Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var own));
        var checkpointer = (int)(await Cluster.Primary.ExecuteAsAdminAsync("select pid from pg_stat_activity where backend_type = 'checkpointer'"))!;
        using var going = Db.BeginSession(new ConsistencyToken(own.SystemId, own.Timeline, own.Position, isUncertain: true, checkpointer).ToString());
        await Waiting.UntilAsync(async () => IsReplica(await Counters.ReadAsync(18)), "the session comes off the primary");
    }

    [Fact]
    public async Task What_is_exported_before_the_commit_asks_for_it_all_the_same()
    {
        await using var other = await OpenImpatientAsync();
        var counters = new Counters(other);
        using var session = Db.BeginSession();
        await using var unitOfWork = await Db.BeginTransactionAsync();
        await Counters.WriteAsync(17, 1);
        var token = await session.ExportAsync();

        // What isn't committed is sent with the next commit.
        await Cluster.Primary.ExecuteAsAdminAsync("select pg_logical_emit_message(true, '', '')");
        await Cluster.WaitUntilCaughtUpAsync();
        await Waiting.UntilAsync(async () =>
        {
            using var early = other.BeginSession(token);
            return IsReplica(await counters.ReadAsync(17));
        }, "replicas are known to have all that was there at the export");
        await PauseAllAsync();
        await unitOfWork.CommitAsync();
        using (other.BeginSession(token))
            Assert.Equal(new Reading(1, Cluster.Primary.Port), await counters.ReadAsync(17));
        Assert.NotEqual(token, await session.ExportAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_exported_while_a_write_is_open_has_no_position_whatever_became_of_another(bool isElsewhere)
    {
        using var session = Db.BeginSession();
        session.Raise(new SessionNeeds(
            Stopwatch.GetTimestamp(), isElsewhere ? null : UncertainWrites.Of(UncertainWrites.UnknownBackend),
            Elsewhere: isElsewhere ? new WritesElsewhere(Db.FollowedRun!, null) : null));
        await using (var unitOfWork = await Db.BeginTransactionAsync())
        {
            await Counters.WriteAsync(17, 2);
            Assert.Equal((true, ulong.MaxValue), await ExportedAsync());
            await unitOfWork.CommitAsync();
        }

        var (isUncertain, position) = await ExportedAsync();
        Assert.True(isUncertain);
        Assert.NotEqual(ulong.MaxValue, position);

        async Task<(bool IsUncertain, ulong Position)> ExportedAsync()
        {
            Assert.True(ConsistencyToken.TryParse(await session.ExportAsync(), out var token));
            return (token.IsUncertain, token.Position);
        }
    }

    [Fact]
    public async Task A_session_inside_others_sees_what_they_had_under_way_once_it_is_over()
    {
        await using var impatient = await OpenImpatientAsync();
        var counters = new Counters(impatient);
        using var outer = impatient.BeginSession();
        var writing = await impatient.OpenWriteAsync();
        using var middle = impatient.BeginSession();
        using var inner = impatient.BeginSession();
        await Waiting.UntilAsync(async () => IsReplica(await counters.ReadAsync(24)), "a replica has all that is over");
        await PauseAllAsync();
        await using (var command = new NpgsqlCommand("update counters set version = 1 where id = 24", writing.Connection))
            await command.ExecuteNonQueryAsync();
        Assert.True(ConsistencyToken.TryParse(await inner.ExportAsync(), out var early));
        Assert.Equal(ulong.MaxValue, early.Position);
        await writing.DisposeAsync();
        Assert.False(inner.HasNewWrites);
        Assert.Equal(new Reading(1, Cluster.Primary.Port), await counters.ReadAsync(24));
        Assert.Equal(new Reading(1, Cluster.Primary.Port), counters.Read(24));
        var token = await inner.ExportAsync();
        using (impatient.BeginSession(token))
            Assert.Equal(new Reading(1, Cluster.Primary.Port), await counters.ReadAsync(24));
    }

    [Fact]
    public async Task A_session_inside_another_comes_off_the_primary_and_takes_that_one_along()
    {
        using var outer = Db.BeginSession();
        await using (var unitOfWork = await Db.BeginTransactionAsync())
        {
            await Counters.WriteAsync(25, 1);
            await Cluster.Primary.ExecuteAsAdminAsync($"select pg_terminate_backend({unitOfWork.Connection.ProcessID}, 5000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => unitOfWork.CommitAsync());
        }

        using (Db.BeginSession())
        {
            Assert.False(IsReplica(await Counters.ReadAsync(25)));
            Assert.True(IsReplica(await Counters.ReadAsync(25)));
        }

        Assert.True(IsReplica(await Counters.ReadAsync(25)));
    }

    [Fact]
    public async Task A_session_that_has_ended_takes_part_in_nothing_wherever_it_still_flows()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ticked = new TaskCompletionSource<Reading>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Reading> job;
        Timer timer;
        ConsistencySession session;
        using (session = Db.BeginSession())
        {
            job = Task.Run(async () =>
            {
                Assert.True(IsReplica(await Counters.ReadAsync(13)));
                await go.Task;
                return await Counters.ReadAsync(13);
            });
            timer = new Timer(_ => _ = Task.Run(async () => ticked.TrySetResult(await Counters.ReadAsync(13))));
            await Counters.ReadAsync(13);
        }

        go.SetResult();
        timer.Change(0, Timeout.Infinite);
        Assert.False(IsReplica(await job));
        Assert.False(IsReplica(await ticked.Task));
        await timer.DisposeAsync();
    }

    [Fact]
    public async Task A_session_is_that_of_its_flow_alone()
    {
        // Threads of the pool that worked for a session are used by everybody else.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
            {
                if (i % 2 == 0)
                {
                    using var session = Db.BeginSession();
                    await Task.Yield();
                    Assert.True(IsReplica(await Counters.ReadAsync(14)));
                }
                else
                {
                    await Task.Yield();
                    Assert.False(IsReplica(await Counters.ReadAsync(14)));
                }
            }
        })));
    }

    [Fact]
    public async Task A_session_object_is_used_by_one_flow_after_the_other()
    {
        using var session = Db.CreateSession();
        await PauseAllAsync();
        await using var impatient = await OpenImpatientAsync();
        using var kept = impatient.CreateSession();
        var counters = new Counters(impatient);
        await Task.Run(async () =>
        {
            using var use = impatient.UseSession(kept);
            await counters.WriteAsync(15, 1);
        });
        Assert.False(IsReplica(await counters.ReadAsync(15)));
        await Task.Run(async () =>
        {
            using var use = impatient.UseSession(kept);
            Assert.Equal(1, (await counters.ReadAsync(15)).Version);
        });
        await ResumeAllAsync();
    }

    [Fact]
    public async Task Parallel_calls_of_one_session_see_what_was_written_before_them()
    {
        using var session = Db.BeginSession();
        for (var version = 1; version <= 20; version++)
        {
            await Task.WhenAll(Enumerable.Range(16, 8).Select(id => Counters.WriteAsync(id, version)));
            await Task.WhenAll(Enumerable.Range(16, 8).Select(async id => Assert.Equal(version, (await Counters.ReadAsync(id)).Version)));
        }
    }
}
