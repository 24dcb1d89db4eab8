using System.Data.Common;
using System.Transactions;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using IsolationLevel = System.Data.IsolationLevel;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>The context of a read refuses to write before anything is sent, and says whose context it is.</summary>
public sealed class ReadContextTests(RoutedCluster cluster)
{
    private const string Route = "Library.CountAsync";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Writes() => [.. WriteCalls.Keys];

    private static readonly Dictionary<string, Func<LibraryContext, Task>> WriteCalls = new()
    {
        ["SaveChanges"] = static db =>
        {
            db.Authors.Add(new Author { Name = "never" });
            db.SaveChanges();
            return Task.CompletedTask;
        },
        ["SaveChangesAsync"] = static db =>
        {
            db.Authors.Add(new Author { Name = "never" });
            return db.SaveChangesAsync(Ct);
        },
        ["SaveChanges of nothing"] = static db => db.SaveChangesAsync(Ct),
        ["ExecuteUpdate"] = static db => Task.FromResult(db.Authors.ExecuteUpdate(static s => s.SetProperty(static a => a.Name, "never"))),
        ["ExecuteUpdateAsync"] = static db => db.Authors.ExecuteUpdateAsync(static s => s.SetProperty(static a => a.Name, "never"), Ct),
        ["ExecuteDelete"] = static db => Task.FromResult(db.Authors.ExecuteDelete()),
        ["ExecuteDeleteAsync"] = static db => db.Authors.ExecuteDeleteAsync(Ct),
        ["ExecuteSql"] = static db => Task.FromResult(db.Database.ExecuteSql($"update authors set name = {"never"}")),
        ["ExecuteSqlRawAsync"] = static db => db.Database.ExecuteSqlRawAsync("delete from authors", Ct),
        ["ExecuteSql of something"] = static db => db.Database.ExecuteSqlRawAsync("select tidy_up()", Ct),
        ["ExecuteSql of the session"] = static db => db.Database.ExecuteSqlRawAsync("set statement_timeout = 5", Ct),
        ["FromSql"] = static db => db.Authors.FromSqlRaw("insert into authors (name) values ('never') returning *").ToListAsync(Ct),
        ["FromSql that locks"] = static db => db.Authors.FromSqlRaw("select * from authors for update").ToListAsync(Ct),
        ["SqlQuery"] = static db => db.Database.SqlQueryRaw<long>("select nextval('authors_id_seq') as \"Value\"").ToListAsync(Ct),
        ["FromSql that locks, composed"] = static db => db.Authors.FromSqlRaw("select * from authors for update").Where(static a => a.Id == 1).ToListAsync(Ct),
        ["SqlQuery, composed"] = static db => db.Database.SqlQueryRaw<long>("select nextval('authors_id_seq') as \"Value\"").SingleAsync(Ct),
        ["SqlQuery, composed and blocking"] = static db => Task.FromResult(db.Database.SqlQueryRaw<long>("select nextval('authors_id_seq') as \"Value\"").First()),
        ["a mapped function"] = static db => db.Authors.Select(static a => LibraryContext.NextValue("authors_id_seq")).ToListAsync(Ct),
        ["serializable"] = static db => db.Database.BeginTransactionAsync(IsolationLevel.Serializable, Ct),
        ["Migrate"] = static db => db.Database.MigrateAsync(Ct),
        ["EnsureCreated"] = static db => db.Database.EnsureCreatedAsync(Ct),
        ["EnsureDeleted"] = static db => Task.FromResult(db.Database.EnsureDeleted()),
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_is_refused_before_anything_is_sent(string write)
    {
        using var log = new CommandLog();
        await using var library = Library.Open(cluster, logs: log);
        await using var read = await library.Contexts.CreateReadAsync(new ReadRoute(Route), Ct);
        log.Watch();
        Assert.True(await read.Context.IsReplicaAsync(Ct));
        var before = log.Sent;
        Assert.Single(before);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => WriteCalls[write](read.Context));

        Assert.Contains($"'{Route}'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, log.Sent);
    }

    [Fact]
    public async Task What_an_interceptor_makes_of_a_query_is_judged()
    {
        using var log = new CommandLog();
        await using var library = Library.Open(cluster, logs: log, configure: static o => o.AddInterceptors(new LockingInterceptor()));
        await using var read = await library.Contexts.CreateReadAsync(new ReadRoute(Route), Ct);
        log.Watch();

        await Assert.ThrowsAsync<InvalidOperationException>(() => read.Context.Authors.TagWith(LockingInterceptor.Tag).ToListAsync(Ct));
        Assert.Empty(log.Sent);
        await read.Context.Authors.Take(1).ToListAsync(Ct);

        await using var write = await library.Contexts.CreateWriteAsync(Ct);
        await write.Context.Authors.TagWith(LockingInterceptor.Tag).Take(1).ToListAsync(Ct);
        Assert.EndsWith("FOR UPDATE", log.Sent[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_unit_of_work_a_read_stays_one()
    {
        await using var library = Library.Open(cluster);
        await using var unitOfWork = await library.Source.BeginTransactionAsync(Ct);
        await using var read = await library.Contexts.CreateReadAsync(new ReadRoute(Route), Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => read.Context.Authors.ExecuteDeleteAsync(Ct));
        Assert.NotEqual(-1, await read.Context.Authors.CountAsync(Ct));
    }

    [Fact]
    public async Task Sql_that_only_reads_runs()
    {
        await using var library = Library.Open(cluster);
        await using var read = await library.Contexts.CreateReadAsync(Ct);
        await read.Context.Database.ExecuteSqlAsync($"select count(*) from authors where id = {1}", Ct);
        await read.Context.Authors.FromSql($"select * from authors where id = {1}").ToListAsync(Ct);
        await read.Context.Authors.FromSql($"select * from authors").Where(static a => a.Name == "").ToListAsync(Ct);
        await read.Context.Database.SqlQuery<DateTime>($"select now() as \"Value\"").SingleAsync(Ct);
    }

    [Fact]
    public async Task The_server_refuses_what_is_sent_past_the_context()
    {
        await using var library = Library.Open(cluster, replicas: 0);
        await using var read = await library.Contexts.CreateReadAsync(new ReadRoute(Route, ReadConsistency.Strong), Ct);
        await using var past = new NpgsqlCommand("delete from authors", (NpgsqlConnection)read.Context.Database.GetDbConnection());
        var refused = await Assert.ThrowsAsync<PostgresException>(() => past.ExecuteNonQueryAsync(Ct));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    /// <summary>EF has no way to lock rows, so applications add it like this.</summary>
    private sealed class LockingInterceptor : DbCommandInterceptor
    {
        public const string Tag = "for update";

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.StartsWith($"-- {Tag}", StringComparison.Ordinal))
                command.CommandText += " FOR UPDATE";
            return new ValueTask<InterceptionResult<DbDataReader>>(result);
        }
    }

    [Fact]
    public async Task An_interceptor_of_the_application_does_nothing_for_a_save_that_is_refused()
    {
        var saves = new CountedSaves();
        await using var library = Library.Open(cluster, configure: o => o.AddInterceptors(saves));
        await using (var read = await library.Contexts.CreateReadAsync(Ct))
            await Assert.ThrowsAsync<InvalidOperationException>(() => read.Context.SaveChangesAsync(Ct));
        Assert.Equal(0, saves.Count);

        await using var write = await library.Contexts.CreateWriteAsync(Ct);
        await write.Context.SaveChangesAsync(Ct);
        Assert.Equal(1, saves.Count);
    }

    [Fact]
    public async Task With_repeatable_read_several_queries_have_one_view()
    {
        await using var library = Library.Open(cluster);
        foreach (var (level, isOneView) in new[] { (IsolationLevel.ReadCommitted, false), (IsolationLevel.RepeatableRead, true) })
        {
            await using var read = await library.Contexts.CreateReadAsync(Ct);
            await using var transaction = await read.Context.Database.BeginTransactionAsync(level, Ct);
            var name = $"view {level} {Guid.NewGuid():N}";
            Assert.False(await read.Context.Authors.AnyAsync(a => a.Name == name, Ct));
            await Library.AddAuthorAsync(cluster, name);
            Assert.NotEqual(isOneView, await read.Context.Authors.AnyAsync(a => a.Name == name, Ct));
        }
    }

    [Fact]
    public async Task In_a_transaction_scope_a_read_takes_no_part_and_a_write_does()
    {
        await using var library = Library.Open(cluster);
        foreach (var isCompleted in new[] { false, true })
        {
            var name = $"scope {isCompleted} {Guid.NewGuid():N}";
            using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                // The scope is serializable, which a standby isn't.
                await using (var read = await library.Contexts.CreateReadAsync(Ct))
                    Assert.False(await read.Context.Authors.AnyAsync(a => a.Name == name, Ct));
                await using (var write = await library.Contexts.CreateWriteAsync(Ct))
                {
                    write.Context.Authors.Add(new Author { Name = name });
                    await write.Context.SaveChangesAsync(Ct);
                }

                using (var read = library.Contexts.CreateRead())
                    Assert.False(read.Context.Authors.Any(a => a.Name == name));
                if (isCompleted)
                    scope.Complete();
            }

            await using var primary = await library.Contexts.CreateReadAsync(new ReadRoute("Strong", ReadConsistency.Strong), Ct);
            Assert.Equal(isCompleted, await primary.Context.Authors.AnyAsync(a => a.Name == name, Ct));
        }
    }

    private sealed class CountedSaves : SaveChangesInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return new ValueTask<InterceptionResult<int>>(result);
        }
    }
}
