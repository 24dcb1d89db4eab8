using System.Diagnostics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Runtime.Tests.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Consistency;

/// <summary>Which replicas a session may read from, without a server: what is known of each is set here.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly RoutedDataSource _source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid" });
    private readonly NodePool _a = Pools.Named("a");
    private readonly NodePool _b = Pools.Named("b");
    private readonly ReplicaSet _replicas;
    private readonly ConsistencySession _session;

    public SessionTests()
    {
        _replicas = new ReplicaSet([(_a, 1), (_b, 1)]);
        _session = _source.CreateSession();
        Cover(_a, 1);
        Cover(_b, 1);
    }

    public void Dispose()
    {
        _session.Dispose();
        _source.Dispose();
    }

    private static void Cover(NodePool pool, long at, string server = "") => pool.Cover(server + pool.NodeName, at);

    private string? Taken(out long awaited) => _session.TakeReplica(_replicas, out awaited)?.Pool.NodeName;

    private string? Taken() => Taken(out _);

    private string? Read(string server = "")
    {
        if (_session.TakeReplica(_replicas, out _) is not { } choice)
            return null;
        var confirmed = _session.Confirm(choice.Pool, server + choice.Pool.NodeName);
        if (confirmed)
            _session.Ended(SessionUse.ReplicaRead);
        else
            _session.Abandoned(SessionUse.ReplicaRead);
        return confirmed ? choice.Pool.NodeName : "another server";
    }

    private void Write(UncertainWrites? uncertain = null)
    {
        _session.PrimaryBegins(isWrite: true);
        _session.Ended(SessionUse.Write, uncertain);
    }

    [Fact]
    public void After_an_attempt_that_failed_another_replica_is_taken_as_if_it_had_not_been()
    {
        var first = _session.TakeReplica(_replicas, out _)!.Value.Pool;
        using var connection = new Npgsql.NpgsqlConnection();
        _session.AttemptFailed(connection);
        _session.ReadEnded(connection);
        var attempts = new CallAttempts();
        attempts.Add(first.NodeName, new IOException());
        var second = _session.TakeReplica(_replicas, out _, null, attempts)!.Value.Pool;
        Assert.NotSame(first, second);

        // What this one has seen the other one needn't have.
        using var other = new Npgsql.NpgsqlConnection();
        _session.ReadEnded(other);
        attempts = new CallAttempts();
        attempts.Add(second.NodeName, new IOException());
        Assert.Null(_session.TakeReplica(_replicas, out _, null, attempts));
        Assert.NotNull(_session.TakeReplica(_replicas, out _));
    }

    [Fact]
    public void Before_anything_happened_every_replica_will_do()
    {
        Cover(_a, 0);
        Cover(_b, 0);
        Assert.Equal(["a", "b"], Enumerable.Range(0, 4).Select(_ =>
        {
            using var session = _source.CreateSession();
            return session.TakeReplica(_replicas, out var _)!.Value.Pool.NodeName;
        }).Distinct().Order());
        Assert.False(_session.HasWritten);
    }

    [Fact]
    public void After_a_write_a_replica_must_cover_its_end()
    {
        Write();
        Assert.True(_session.HasWritten);
        Assert.Null(Taken(out var awaited));
        Assert.InRange(awaited, 1, Stopwatch.GetTimestamp());
        Cover(_b, awaited - 1);
        Assert.Null(Taken());
        Cover(_b, awaited);
        Assert.Equal("b", Read());
    }

    private void Write(TakenPosition? taken)
    {
        _session.PrimaryBegins(isWrite: true);
        _session.Ended(SessionUse.Write, taken: taken);
    }

    private static TakenPosition Taken(ulong position, long askedAt, uint timeline = 1) => new(askedAt, new ConsistencyToken(1, timeline, position));

    // Nobody can be asked here.
    private async Task<ulong?> ExportedAsync()
    {
        try
        {
            return ConsistencyToken.TryParse(await _session.ExportAsync(new CancellationToken(canceled: true)), out var token) ? token.Position : null;
        }
        catch (Exception e) when (e is OperationCanceledException or PrimaryUnavailableException or RoutedCallException)
        {
            return null;
        }
    }

    [Fact]
    public async Task A_position_that_a_write_brought_back_is_exported_until_something_else_ends()
    {
        Action[] ends =
        [
            () => Write((TakenPosition?)null),
            () => Read(),
            () =>
            {
                _session.PrimaryBegins(isWrite: false);
                _session.Ended(SessionUse.PrimaryRead);
            },
            () => _session.Raise(new SessionNeeds(Stopwatch.GetTimestamp())),
            () => Write(UncertainWrites.Of(7)),
            () => _session.PrimaryBegins(isWrite: false),
        ];
        foreach (var end in ends)
        {
            Write(Taken(100, Stopwatch.GetTimestamp()));
            Assert.Equal(100UL, await ExportedAsync());
            Assert.Equal(100UL, await ExportedAsync());
            Cover(_a, long.MaxValue);
            end();
            Assert.Null(await ExportedAsync());
            _session.Settle(UncertainWrites.Of(7));
            Assert.Null(await ExportedAsync());
        }
    }

    [Fact]
    public async Task Of_writes_at_once_the_position_behind_all_of_them_is_exported()
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var (first, second, exported) in new (TakenPosition?, TakenPosition?, ulong?)[]
        {
            (Taken(100, begun), Taken(90, begun), 100), (Taken(90, begun), Taken(100, begun), 100),
            (null, Taken(100, begun), null), (Taken(100, begun), null, null), (Taken(100, begun), Taken(100, begun, timeline: 2), null),
        })
        {
            // What was before is behind either.
            Write(Taken(1, Stopwatch.GetTimestamp()));
            var now = Stopwatch.GetTimestamp();
            _session.PrimaryBegins(isWrite: true);
            _session.PrimaryBegins(isWrite: true);
            _session.Ended(SessionUse.Write, taken: first is null ? null : first with { AskedAt = now });
            _session.Ended(SessionUse.Write, taken: second is null ? null : second with { AskedAt = now });
            Assert.Equal(exported, await ExportedAsync());
        }
    }

    [Fact]
    public async Task A_position_that_was_asked_for_before_something_else_ended_is_not_behind_it()
    {
        var asked = Stopwatch.GetTimestamp();
        Write((TakenPosition?)null);
        Write(Taken(100, asked));
        Assert.Null(await ExportedAsync());
        Write(Taken(101, Stopwatch.GetTimestamp()));
        Assert.Equal(101UL, await ExportedAsync());
    }

    [Fact]
    public void While_a_write_is_open_only_the_primary_will_do()
    {
        _session.PrimaryBegins(isWrite: true);
        Cover(_a, long.MaxValue);
        Assert.Null(Taken(out var awaited));
        Assert.Equal(0, awaited);
        _session.Ended(SessionUse.Write);
        Assert.Equal("a", Read());
    }

    [Fact]
    public void A_write_that_never_began_asks_for_nothing()
    {
        _session.PrimaryBegins(isWrite: true);
        _session.Abandoned(SessionUse.Write);
        Assert.NotNull(Read());
    }

    [Fact]
    public void After_an_unknown_outcome_only_the_primary_will_do()
    {
        Write(UncertainWrites.Of(7));
        Cover(_a, long.MaxValue);
        Assert.Null(Taken(out var awaited));
        Assert.Equal(0, awaited);
        Write();
        Assert.Null(Taken());
    }

    [Fact]
    public void Once_its_end_is_known_a_replica_must_cover_the_present()
    {
        Write(UncertainWrites.Of(7));
        Write(UncertainWrites.Of(8));
        var asked = _session.UncertainToAsk()!;
        Assert.Null(_session.UncertainToAsk());
        Assert.Equal(UncertainWrites.UnknownBackend, asked.Backend);
        _session.Settle(UncertainWrites.Of(7));
        Cover(_a, long.MaxValue);
        Assert.Null(Taken());
        Assert.Equal(8, _session.Needs().Uncertain!.Backend);
        Cover(_a, Stopwatch.GetTimestamp());
        _session.Settle(UncertainWrites.Of(8));
        Assert.Null(Taken(out var awaited));
        Cover(_a, awaited);
        Assert.Equal("a", Read());
    }

    [Fact]
    public void An_unknown_outcome_whose_end_cant_be_told_stays_so_and_goes_to_the_session_around()
    {
        using var use = _source.UseSession(_session);
        using (var inner = _source.BeginSession())
        {
            inner.PrimaryBegins(isWrite: true);
            inner.Ended(SessionUse.Write, UncertainWrites.Of(UncertainWrites.UnknownBackend));
            Assert.Null(inner.UncertainToAsk());
        }

        Cover(_a, long.MaxValue);
        Assert.Null(Taken(out var awaited));
        Assert.Equal(0, awaited);
    }

    [Fact]
    public void Reads_stay_where_they_read_until_another_replica_covers_their_end()
    {
        var first = Read();
        var other = first == "a" ? _b : _a;
        for (var i = 0; i < 10; i++)
            Assert.Equal(first, Read());
        Cover(other, Stopwatch.GetTimestamp());
        Assert.Equal(other.NodeName, Read());

        // Nor back, although the first has more than it had.
        Assert.Equal(other.NodeName, Read());
    }

    [Fact]
    public void While_a_read_is_open_the_next_stays_with_it()
    {
        var first = Taken();
        Cover(_a, long.MaxValue);
        Cover(_b, long.MaxValue);
        for (var i = 0; i < 10; i++)
            Assert.Equal(first, Taken());
    }

    [Fact]
    public void A_replica_that_is_cloned_anew_is_another_one()
    {
        var first = Read();
        Assert.Equal("another server", Read("cloned "));

        // Nothing is known of it but that it may be behind.
        Assert.Null(Taken(out var awaited));
        Cover(first == "a" ? _a : _b, awaited, "cloned ");
        Assert.Equal(first, Read("cloned "));
    }

    [Fact]
    public void What_one_server_has_isnt_taken_for_what_another_at_its_address_has()
    {
        Write();
        Cover(_a, long.MaxValue, "old ");
        Assert.Equal("another server", Read("new "));
        Cover(_a, 1, "new ");
        Assert.Null(Taken());
    }

    [Fact]
    public void Those_farther_away_serve_where_none_that_is_near_can()
    {
        var far = Pools.Named("far");
        var farther = new ReplicaSet([(far, 1)]);
        string? Taken() => _session.TakeReplica(_replicas, out _, farther)?.Pool.NodeName;

        Write();
        Assert.Null(Taken());
        Cover(far, Stopwatch.GetTimestamp());
        Assert.Equal("far", Taken());
        Assert.True(_session.Confirm(far, "far"));
        _session.Ended(SessionUse.ReplicaRead);

        // It has what it read there, the near ones may not.
        Assert.Equal("far", Taken());
        Assert.True(_session.Confirm(far, "far"));
        _session.Ended(SessionUse.ReplicaRead);
        Cover(_b, Stopwatch.GetTimestamp());
        Assert.Equal("b", Taken());
    }

    [Fact]
    public void A_replica_out_of_service_isnt_stayed_with()
    {
        var first = Read();
        var left = new ReplicaSet([(first == "a" ? _b : _a, 1)]);
        Assert.Null(_session.TakeReplica(left, out var awaited));
        Assert.NotEqual(0, awaited);
    }

    [Fact]
    public void A_write_ends_the_stay_until_it_is_replayed()
    {
        var first = Read() == "a" ? _a : _b;
        Write();
        Assert.Null(Taken(out var awaited));
        Cover(first, awaited);
        Assert.Equal(first.NodeName, Read());
    }

    [Fact]
    public void A_read_on_the_primary_counts_as_a_write()
    {
        _session.PrimaryBegins(isWrite: false);
        _session.Ended(SessionUse.PrimaryRead);
        Assert.Null(Taken());
        Assert.False(_session.HasWritten);
    }

    [Fact]
    public void A_session_inside_another_takes_over_and_hands_back()
    {
        Write();
        using var use = _source.UseSession(_session);
        using (var inner = _source.BeginSession())
        {
            Assert.Null(inner.TakeReplica(_replicas, out var awaited));
            Cover(_a, awaited);
            Assert.Equal("a", Read());
            inner.PrimaryBegins(isWrite: true);
            inner.Ended(SessionUse.Write);
            Assert.Equal("a", Read());
        }

        Assert.Null(Taken());
    }

    [Fact]
    public async Task The_session_of_a_flow_is_the_innermost_that_hasnt_ended()
    {
        Assert.Null(_source.CurrentSession);
        using var other = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid" });
        Task<ConsistencySession?> late;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var outer = _source.BeginSession())
        {
            Assert.Same(outer, _source.CurrentSession);
            Assert.Null(other.CurrentSession);
            using (var use = _source.UseSession(_session))
                Assert.Same(_session, await Task.Run(() => _source.CurrentSession, TestContext.Current.CancellationToken));
            Assert.Same(outer, _source.CurrentSession);
            using var inner = _source.BeginSession();
            late = Task.Run(async () =>
            {
                await go.Task;
                return _source.CurrentSession;
            });
        }

        Assert.Null(_source.CurrentSession);
        go.SetResult();
        Assert.Null(await late);
    }

    [Fact]
    public void Sessions_that_end_in_another_order_than_they_began_lose_no_write()
    {
        using var use = _source.UseSession(_session);
        var middle = _source.BeginSession();
        var inner = _source.BeginSession();
        middle.Dispose();
        inner.PrimaryBegins(isWrite: true);
        inner.Ended(SessionUse.Write);
        inner.Dispose();
        Assert.Null(Taken(out var awaited));
        Assert.NotEqual(0, awaited);
        Assert.True(_session.HasWritten);
    }

    [Fact]
    public void Whether_it_has_written_is_told_inwards_and_outwards()
    {
        using var use = _source.UseSession(_session);
        using (var reads = _source.BeginSession())
        {
            Assert.False(reads.HasWritten);
            reads.PrimaryBegins(isWrite: false);
            reads.Ended(SessionUse.PrimaryRead);
        }

        Assert.False(_session.HasWritten);
        using (var writes = _source.BeginSession())
        {
            writes.PrimaryBegins(isWrite: true);
            writes.Ended(SessionUse.Write);
        }

        Assert.True(_session.HasWritten);
        using var later = _source.BeginSession();
        Assert.True(later.HasWritten);
    }

    [Fact]
    public void A_write_counts_while_it_is_open_and_not_where_it_never_was()
    {
        _session.PrimaryBegins(isWrite: true);
        Assert.Equal((true, true), (_session.HasWritten, _session.HasNewWrites));
        _session.Abandoned(SessionUse.Write);
        Assert.Equal((false, false), (_session.HasWritten, _session.HasNewWrites));
        Write();
        Assert.Equal((true, true), (_session.HasWritten, _session.HasNewWrites));
    }

    [Fact]
    public void What_it_wrote_itself_is_told_apart_from_what_it_began_from()
    {
        using var use = _source.UseSession(_session);
        using (var begun = _source.BeginSessionForRefusedToken(RefusedToken.Forged))
        {
            Assert.True(begun.HasWritten);
            Assert.False(begun.HasNewWrites);
            Assert.Null(begun.TakeReplica(_replicas, out _));
        }

        Assert.False(_session.HasNewWrites);
        using (var writes = _source.BeginSession())
        {
            writes.PrimaryBegins(isWrite: true);
            writes.Ended(SessionUse.Write);
        }

        Assert.True(_session.HasNewWrites);
        using var later = _source.BeginSession();
        Assert.True(later.HasWritten);
        Assert.False(later.HasNewWrites);
    }

    [Theory]
    [InlineData(RefusedToken.Malformed, (int)TokenOutcome.Malformed)]
    [InlineData(RefusedToken.Forged, (int)TokenOutcome.Forged)]
    [InlineData(RefusedToken.Expired, (int)TokenOutcome.Expired)]
    public void A_token_that_others_refused_is_counted(RefusedToken refused, int outcome)
    {
        using var session = _source.BeginSessionForRefusedToken(refused);
        Assert.Equal(1, _source.Outcomes.Tokens((TokenOutcome)outcome));
    }

    [Fact]
    public void That_reads_go_to_the_primary_is_told_inwards_only()
    {
        using var use = _source.UseSession(_session);
        _session.ReadsFromPrimary = true;
        using (var inner = _source.BeginSession())
        {
            Assert.True(inner.ReadsFromPrimary);
            inner.ReadsFromPrimary = false;
        }

        Assert.True(_session.ReadsFromPrimary);
    }

    [Fact]
    public void Replicas_in_turn_cost_no_allocation()
    {
        for (var i = 0; i < 2; i++)
            Alternate();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Alternate();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Alternate()
        {
            foreach (var pool in (ReadOnlySpan<NodePool>)[_a, _b])
                _ = _session.OwnerOf(pool, SessionUse.ReplicaRead);
        }
    }

    [Fact]
    public void A_lease_that_outlives_its_session_counts_for_the_one_around()
    {
        using var use = _source.UseSession(_session);
        var inner = _source.BeginSession();
        inner.PrimaryBegins(isWrite: true);
        inner.Dispose();
        Cover(_a, Stopwatch.GetTimestamp());
        inner.Ended(SessionUse.Write);
        Assert.Null(Taken());
    }

    [Fact]
    public void Of_calls_in_parallel_none_is_lost()
    {
        Cover(_a, 1);
        Cover(_b, 1);
        Parallel.For(0, 20_000, i =>
        {
            if (i % 3 == 0)
                Write();
            else
                Read();
        });
        Assert.Null(Taken(out var awaited));
        Assert.InRange(awaited, 1, Stopwatch.GetTimestamp());
        Cover(_a, awaited);
        Assert.Equal("a", Read());
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("1.AAAA")]
    [InlineData("9.AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1s.AAAA")]
    public void A_token_that_isnt_known_asks_for_all_there_is(string text)
    {
        var before = Stopwatch.GetTimestamp();
        using var session = _source.CreateSession(text);
        Assert.Null(session.TakeReplica(_replicas, out var awaited));
        Assert.InRange(awaited, before, Stopwatch.GetTimestamp());
        Assert.Equal(1, _source.Outcomes.Tokens(TokenOutcome.Malformed));
    }

    [Fact]
    public void Where_a_signature_is_required_one_without_is_forged()
    {
        var text = new ConsistencyToken(1, 1, 1).ToString();
        using var signed = _source.CreateSession(text, requireSignature: true);
        Assert.Equal(1, _source.Outcomes.Tokens(TokenOutcome.Forged));
        using var trusted = _source.CreateSession(text);
        Assert.Equal(1, _source.Outcomes.Tokens(TokenOutcome.OtherHistory));
        using var none = _source.CreateSession(ConsistencyToken.None.ToString());
        Assert.NotNull(none.TakeReplica(_replicas, out _));
    }

    [Fact]
    public void A_forged_token_pins_nobody_to_the_primary()
    {
        var text = new ConsistencyToken(1, 1, 1, isUncertain: true).ToString();
        using var session = _source.CreateSession(text, requireSignature: true);
        Assert.Null(session.TakeReplica(_replicas, out var awaited));
        Cover(_a, awaited);
        Assert.Equal("a", session.TakeReplica(_replicas, out _)?.Pool.NodeName);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_signed()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _session.ExportSignedAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Contains("RoutingOptions.TokenKeys", e.Message);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _session.ExportSignedAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_token_may_be_good_for_ever()
    {
        using var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid", TokenKeys = [Convert.ToBase64String(new byte[32])] });
        using var session = source.CreateSession();
        var token = await session.ExportSignedAsync(TimeSpan.MaxValue, TestContext.Current.CancellationToken);
        using var later = source.CreateSession(token, requireSignature: true);
        Assert.NotNull(later.TakeReplica(_replicas, out _));
    }

    [Fact]
    public async Task A_session_that_did_nothing_has_nothing_to_export() =>
        Assert.Equal(ConsistencyToken.None.ToString(), await _session.ExportAsync(TestContext.Current.CancellationToken));

    [Fact]
    public void A_session_of_another_data_source_or_one_that_has_ended_isnt_used()
    {
        using var other = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid" });
        Assert.Throws<ArgumentException>(() => other.UseSession(_session));
        _session.Dispose();
        Assert.Throws<ArgumentException>(() => _source.UseSession(_session));
    }
}
