using System.Data;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

public class UnitOfWorkTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Text() => Guid.NewGuid().ToString("N");

    private static async Task CommandAsync(RoutedDataSource source, string text, WriteRoute? route = null, bool fail = false)
    {
        await using var scope = await source.BeginCommandAsync(route ?? new WriteRoute("Notes.Add"), Ct);
        await using var command = new NpgsqlCommand("insert into notes (text) values ($1)", scope.Connection) { Parameters = { new() { Value = text } } };
        await command.ExecuteNonQueryAsync(Ct);
        if (fail)
            throw new InvalidOperationException("on purpose");
        await scope.CommitAsync(Ct);
    }

    private async Task<long> StoredAsync(string text)
    {
        await using var connection = new NpgsqlConnection(cluster.Nodes.Primary.ConnectionString);
        await connection.OpenAsync(Ct);
        return (long)(await connection.ScalarAsync($"select count(*) from notes where text = '{text}'"))!;
    }

    [Fact]
    public async Task Inside_reads_see_what_was_written_and_outside_nobody_does()
    {
        await using var source = cluster.Open();
        var text = Text();
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await source.WriteAsync(text);
            Assert.Equal(("primary", 1), await source.CountAsync(text));
            Assert.Equal(0, await StoredAsync(text));
            await unitOfWork.CommitAsync(Ct);
        }

        Assert.Equal(1, await StoredAsync(text));
        Assert.StartsWith("replica-", (await source.CountAsync(text)).Node);
    }

    [Fact]
    public async Task Without_a_commit_nothing_stays()
    {
        await using var source = cluster.Open();
        var text = Text();
        await using (await source.BeginTransactionAsync(Ct))
            await source.WriteAsync(text);
        using (source.BeginTransaction())
            await source.WriteAsync(text);
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await source.WriteAsync(text);
            await unitOfWork.RollbackAsync(Ct);
            Assert.StartsWith("replica-", (await source.CountAsync(text)).Node);
        }

        Assert.Equal(0, await StoredAsync(text));
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_unit_of_work_inside_another_is_refused()
    {
        await using var source = cluster.Open();
        await using var unitOfWork = await source.BeginTransactionAsync(Ct);
        Assert.Contains("no nested transactions", Assert.Throws<InvalidOperationException>(() => source.BeginTransaction()).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await source.BeginTransactionAsync(Ct));
        await unitOfWork.CommitAsync(Ct);

        await using var next = await source.BeginTransactionAsync(Ct);
        await next.RollbackAsync(Ct);
    }

    [Fact]
    public async Task The_ambient_value_follows_the_flow()
    {
        await using var source = cluster.Open();
        var text = Text();
        var begun = new TaskCompletionSource();
        var before = Task.Run(async () =>
        {
            await begun.Task;
            return await source.CountAsync(text);
        }, Ct);

        // An async method's own unit of work isn't its caller's.
        async Task<string> InnerAsync()
        {
            await using var inner = await source.BeginTransactionAsync(Ct);
            var (node, _) = await source.CountAsync(text);
            await inner.CommitAsync(Ct);
            return node;
        }

        var running = InnerAsync();
        Assert.StartsWith("replica-", (await source.CountAsync(text)).Node);
        Assert.Equal("primary", await running);

        var unitOfWork = await source.BeginTransactionAsync(Ct);
        await source.WriteAsync(text);
        await Task.Yield();
        Assert.Equal(("primary", 1), await source.CountAsync(text));
        Assert.Equal(("primary", 1), await Task.Run(() => source.CountAsync(text), Ct));

        begun.SetResult();
        Assert.StartsWith("replica-", (await before).Node);

        await unitOfWork.DisposeAsync();
        Assert.StartsWith("replica-", (await source.CountAsync(text)).Node);
    }

    [Fact]
    public async Task A_flow_that_split_off_inside_is_on_its_own_after_the_end()
    {
        await using var source = cluster.Open();
        var ended = new TaskCompletionSource();
        Task<(string Node, long)> late;
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            late = Task.Run(async () =>
            {
                await ended.Task;
                return await source.CountAsync("none");
            }, Ct);
            await unitOfWork.CommitAsync(Ct);
        }

        ended.SetResult();
        Assert.StartsWith("replica-", (await late).Node);
    }

    [Fact]
    public async Task A_command_has_its_own_transaction_or_joins()
    {
        await using var source = cluster.Open();
        var (alone, failed, joined) = (Text(), Text(), Text());
        await CommandAsync(source, alone);
        await Assert.ThrowsAsync<InvalidOperationException>(() => CommandAsync(source, failed, fail: true));
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await CommandAsync(source, joined);
            Assert.Equal(0, await StoredAsync(joined));
            await unitOfWork.CommitAsync(Ct);
        }

        Assert.Equal((1, 0, 1), (await StoredAsync(alone), await StoredAsync(failed), await StoredAsync(joined)));
    }

    [Fact]
    public async Task A_command_is_a_unit_of_work_for_what_it_calls_sync_and_async()
    {
        await using var source = cluster.Open();
        var text = Text();
        await using (var scope = await source.BeginCommandAsync(WriteRoute.Default, Ct))
        {
            await source.WriteAsync(text);
            Assert.Equal(("primary", 1), await source.CountAsync(text));
            await scope.CommitAsync(Ct);
        }

        using (var scope = source.BeginCommand(WriteRoute.Default))
        {
            await source.WriteAsync(text);
            scope.Commit();
        }

        Assert.Equal(2, await StoredAsync(text));
        Assert.StartsWith("replica-", (await source.CountAsync(text)).Node);
    }

    [Fact]
    public async Task A_command_that_joined_and_failed_keeps_the_unit_of_work_from_committing()
    {
        await using var source = cluster.Open();
        var text = Text();
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await CommandAsync(source, text);
            await Assert.ThrowsAsync<InvalidOperationException>(() => CommandAsync(source, text, new WriteRoute("Notes.Fail"), fail: true));
            var e = await Assert.ThrowsAsync<InvalidOperationException>(() => unitOfWork.CommitAsync(Ct));
            Assert.Contains("'Notes.Fail' took part in it and failed", e.Message);
        }

        Assert.Equal(0, await StoredAsync(text));
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_doomed_unit_of_work_says_so_even_when_its_connection_is_gone()
    {
        await using var source = cluster.Open();
        await using var unitOfWork = await source.BeginTransactionAsync(Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => CommandAsync(source, Text(), fail: true));
        var process = unitOfWork.Connection.ProcessID;
        await using (var other = new NpgsqlConnection(cluster.Nodes.Primary.ConnectionString))
        {
            await other.OpenAsync(Ct);
            await other.ScalarAsync($"select pg_terminate_backend({process}, 5000)");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => unitOfWork.CommitAsync(Ct));
    }

    [Fact]
    public async Task A_commit_that_the_server_turns_into_a_rollback_is_an_error()
    {
        await using var source = cluster.Open();
        var text = Text();
        async Task WriteAndFailAsync(NpgsqlConnection connection)
        {
            await source.WriteAsync(text);
            await Assert.ThrowsAsync<PostgresException>(() => connection.ScalarAsync("select 1/0"));
        }

        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await WriteAndFailAsync(unitOfWork.Connection);
            var e = await Assert.ThrowsAsync<InvalidOperationException>(() => unitOfWork.CommitAsync(Ct));
            Assert.Contains("rolled back instead of committed: a statement in it failed", e.Message);
        }

        await using (var unitOfWork = source.BeginTransaction())
        {
            await WriteAndFailAsync(unitOfWork.Connection);
            Assert.Throws<InvalidOperationException>(unitOfWork.Commit);
        }

        await using (var scope = await source.BeginCommandAsync(WriteRoute.Default, Ct))
        {
            await WriteAndFailAsync(scope.Connection);
            await Assert.ThrowsAsync<InvalidOperationException>(() => scope.CommitAsync(Ct));
        }

        // A savepoint undoes the failure.
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await source.WriteAsync(text);
            await unitOfWork.Transaction.SaveAsync("before", Ct);
            await WriteAndFailAsync(unitOfWork.Connection);
            await unitOfWork.Transaction.RollbackAsync("before", Ct);
            await unitOfWork.CommitAsync(Ct);
        }

        Assert.Equal(1, await StoredAsync(text));
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_commit_after_the_inner_transaction_ended_is_an_error()
    {
        await using var source = cluster.Open();
        var text = Text();
        await using var unitOfWork = await source.BeginTransactionAsync(Ct);
        await source.WriteAsync(text);
        await unitOfWork.Transaction.RollbackAsync(Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => unitOfWork.CommitAsync(Ct));
        Assert.Equal(0, await StoredAsync(text));
    }

    [Fact]
    public async Task A_commit_that_fails_ends_the_unit_of_work()
    {
        await using var source = cluster.Open();
        await cluster.ExecuteAsync("create table if not exists deferred (id int primary key deferrable initially deferred)");
        await using (var unitOfWork = await source.BeginTransactionAsync(Ct))
        {
            await unitOfWork.Connection.ScalarAsync("insert into deferred values (1), (1)");
            var e = await Assert.ThrowsAsync<PostgresException>(() => unitOfWork.CommitAsync(Ct));
            Assert.Equal(PostgresErrorCodes.UniqueViolation, e.SqlState);
            Assert.StartsWith("replica-", (await source.CountAsync("none")).Node);
        }

        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_waits_for_a_statement_of_another_flow(bool sync)
    {
        await using var source = cluster.Open();
        var unitOfWork = await source.BeginTransactionAsync(Ct);
        var connection = unitOfWork.Connection;
        var forgotten = Task.Run(() => connection.ScalarAsync("select 'done' from pg_sleep(0.5)"), Ct);
        while (!connection.FullState.HasFlag(ConnectionState.Executing))
            await Task.Delay(1, Ct);

        var disposing = sync ? Task.Run(unitOfWork.Dispose, Ct) : unitOfWork.DisposeAsync().AsTask();
        await disposing.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        Assert.Equal("done", await forgotten);
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_second_one_is_refused_while_the_first_is_still_being_opened()
    {
        // Nothing is pooled yet: opening takes a while.
        await using var source = cluster.Open();
        var opening = source.BeginTransactionAsync(Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await source.BeginTransactionAsync(Ct));
        await (await opening).DisposeAsync();
        await (await source.BeginTransactionAsync(Ct)).DisposeAsync();
    }

    [Theory]
    [InlineData(IsolationLevel.Unspecified, IsolationLevel.ReadCommitted, true)]
    [InlineData(IsolationLevel.Unspecified, IsolationLevel.ReadUncommitted, true)]
    [InlineData(IsolationLevel.ReadCommitted, IsolationLevel.Unspecified, true)]
    [InlineData(IsolationLevel.Serializable, IsolationLevel.RepeatableRead, true)]
    [InlineData(IsolationLevel.Snapshot, IsolationLevel.RepeatableRead, true)]
    [InlineData(IsolationLevel.Unspecified, IsolationLevel.RepeatableRead, false)]
    [InlineData(IsolationLevel.ReadCommitted, IsolationLevel.Serializable, false)]
    [InlineData(IsolationLevel.RepeatableRead, IsolationLevel.Serializable, false)]
    public async Task A_command_joins_what_is_at_least_as_strong(IsolationLevel open, IsolationLevel asked, bool joins)
    {
        await using var source = cluster.Open();
        await using var unitOfWork = await source.BeginTransactionAsync(open, Ct);
        var route = new WriteRoute("Notes.Add", asked);
        if (joins)
        {
            await CommandAsync(source, Text(), route);
            return;
        }

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => CommandAsync(source, Text(), route));
        Assert.Contains($"'Notes.Add' asks for isolation level {asked}", e.Message);
    }

    [Theory]
    [InlineData(IsolationLevel.Unspecified, "read committed")]
    [InlineData(IsolationLevel.ReadCommitted, "read committed")]
    [InlineData(IsolationLevel.RepeatableRead, "repeatable read")]
    [InlineData(IsolationLevel.Snapshot, "repeatable read")]
    [InlineData(IsolationLevel.Serializable, "serializable")]
    public async Task The_isolation_level_is_the_servers(IsolationLevel level, string name)
    {
        await using var source = cluster.Open();
        await using var unitOfWork = await source.BeginTransactionAsync(level, Ct);
        Assert.Equal(name, await unitOfWork.Connection.ScalarAsync("show transaction_isolation"));
    }

    [Fact]
    public async Task An_unspecified_level_is_read_committed_whatever_the_server_defaults_to()
    {
        var options = cluster.Options();
        options.Primary = cluster.Primary(s => s.Options = "-c default_transaction_isolation=serializable");
        await using var source = RoutedDataSource.Create(options);
        await using var unitOfWork = await source.BeginTransactionAsync(Ct);
        Assert.Equal("serializable", await unitOfWork.Connection.ScalarAsync("show default_transaction_isolation"));
        Assert.Equal("read committed", await unitOfWork.Connection.ScalarAsync("show transaction_isolation"));
    }

    [Fact]
    public async Task Two_data_sources_have_units_of_work_of_their_own()
    {
        await using var one = cluster.Open();
        await using var two = cluster.Open();
        await using var unitOfWork = await one.BeginTransactionAsync(Ct);
        Assert.StartsWith("replica-", (await two.CountAsync("none")).Node);
        await using var other = await two.BeginTransactionAsync(Ct);
        Assert.Equal("primary", (await two.CountAsync("none")).Node);
    }

    [Fact]
    public async Task A_failed_begin_leaves_no_unit_of_work_and_no_lease()
    {
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Primary(s => s.Password = "wrong"),
            Replicas = cluster.Options().Replicas,
        });
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await source.BeginTransactionAsync(Ct));
        Assert.StartsWith("replica-", (await source.CountAsync("none")).Node);
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await source.BeginCommandAsync(WriteRoute.Default, Ct));
        Assert.ThrowsAny<NpgsqlException>(() => source.BeginTransaction());
        Assert.All(source.GetSnapshot().Nodes, n => Assert.Equal(0, n.ActiveLeases));
    }
}
