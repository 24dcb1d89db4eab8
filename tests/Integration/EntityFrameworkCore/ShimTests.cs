using System.Data;
using System.Runtime.CompilerServices;
using CompileTimeRouting.DevCluster;
using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Routing;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>Generated shims over cores that take a context.</summary>
public sealed class ShimTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Name() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Each_shape_goes_where_its_attribute_says()
    {
        await using var library = Library.Open(cluster);
        var authors = new AuthorRepository(library.Source, library.Contexts);
        var name = Name();
        Assert.True(await authors.IsOnReplicaAsync(Ct));
        Assert.True(authors.IsOnReplica());
        var id = await authors.AddAsync(name, Ct);
        Assert.True(await authors.AddBookAsync(id, "one"));
        Assert.Equal(1, authors.AddTwoBooks(id, "two", "three"));
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);

        Assert.Equal(name, (await authors.FindAsync(id, Ct))!.Name);
        var titles = new List<string>();
        await foreach (var title in authors.TitlesAsync(id, Ct))
            titles.Add(title);
        Assert.Equal(["one", "two", "three"], titles);
        Assert.All(library.Source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_unit_of_work_is_shared_with_shims_over_connections()
    {
        await using var library = Library.Open(cluster);
        var authors = new AuthorRepository(library.Source, library.Contexts);
        var (byContext, bySql) = (Name(), Name());
        await using (var unitOfWork = await library.Source.BeginTransactionAsync(Ct))
        {
            var first = await authors.AddAsync(byContext, Ct);
            Assert.Equal(byContext, await authors.NameAsync(first));
            var second = await authors.InsertAsync(bySql);
            Assert.Equal(bySql, (await authors.FindAsync(second, Ct))!.Name);
            Assert.Equal(1, authors.AddTwoBooks(second, "a", "b"));
            await unitOfWork.CommitAsync(Ct);
        }

        await using var check = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Equal(2, await check.Context.Authors.CountAsync(a => a.Name == byContext || a.Name == bySql, Ct));
    }

    [Fact]
    public async Task In_a_session_contexts_read_what_contexts_wrote()
    {
        await using var nodes = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 }, Ct);
        await using var source = await OpenLibraryAsync(nodes);
        var authors = new AuthorRepository(source, new RoutedDbContextFactory<LibraryContext>(source));
        long id;
        using (source.BeginSession())
        {
            foreach (var replica in nodes.Replicas)
                await replica.PauseReplayAsync(Ct);
            id = await authors.AddAsync(Name(), Ct);
            Assert.NotNull(await authors.FindOwnAsync(id, Ct));
            Assert.Equal(1, authors.AddTwoBooks(id, "a", "b"));
            Assert.Equal(2, await authors.CountOwnBooksAsync(id, Ct));
        }

        // A context by hand counts as well.
        var contexts = new RoutedDbContextFactory<LibraryContext>(source);
        var own = new ReadRoute("Own", ReadConsistency.ReadYourWrites);
        using (source.BeginSession())
        {
            var author = new Author { Name = Name() };
            await using (var write = await contexts.CreateWriteAsync(Ct))
            {
                write.Context.Authors.Add(author);
                await write.Context.SaveChangesAsync(Ct);
            }

            await using (var read = await contexts.CreateReadAsync(own, Ct))
                Assert.True(await read.Context.Authors.AnyAsync(a => a.Id == author.Id, Ct));
            using (var write = contexts.CreateWrite())
                await write.Context.Authors.Where(a => a.Id == author.Id).ExecuteUpdateAsync(static s => s.SetProperty(static a => a.Name, static a => a.Name + "!"), Ct);
            using (var read = contexts.CreateRead(own))
                Assert.Equal(author.Name + "!", read.Context.Authors.Single(a => a.Id == author.Id).Name);
            await using (var stale = await contexts.CreateReadAsync(Ct))
                Assert.False(await stale.Context.Authors.AnyAsync(a => a.Id == author.Id, Ct));
        }

        // Who hasn't written reads what the replicas have, and so would the session without its own level.
        using (source.BeginSession())
            Assert.Null(await authors.FindOwnAsync(id, Ct));
        foreach (var replica in nodes.Replicas)
            await replica.ResumeReplayAsync(Ct);
        await nodes.WaitUntilCaughtUpAsync(Ct);
        Assert.NotNull(await authors.FindAsync(id, Ct));
    }

    [Fact]
    public async Task A_command_that_fails_leaves_nothing()
    {
        await using var library = Library.Open(cluster);
        var authors = new AuthorRepository(library.Source, library.Contexts);
        var name = Name();
        await Assert.ThrowsAsync<DbUpdateException>(() => authors.AddWithBookOfNobodyAsync(name));
        await using var check = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Equal(0, await check.Context.Authors.CountAsync(a => a.Name == name, Ct));
    }

    [Fact]
    public async Task A_read_whose_session_ended_is_tried_again_with_a_fresh_context()
    {
        await using var library = Library.Open(cluster);
        var reads = new FailingContextReads(library.Contexts);
        var failures = new Failures(2);
        var seen = await reads.CountAsync(failures, Ct);
        Assert.Equal(3, failures.Attempts);
        Assert.Equal([0, 0, 0], seen);

        var blocking = new Failures(1);
        reads.Count(blocking);
        Assert.Equal(2, blocking.Attempts);

        var stream = new Failures(1);
        var rows = new List<int>();
        await foreach (var row in reads.StreamAsync(stream, Ct))
            rows.Add(row);
        Assert.Equal([1, 2], rows);
        Assert.All(library.Source.GetSnapshot().Nodes, static n => Assert.Equal(0, n.ActiveLeases));
    }

    [Fact]
    public async Task A_command_that_could_not_be_serialized_starts_anew_with_a_fresh_context()
    {
        await using var library = Library.Open(cluster, replicas: 0);
        var writes = new FailingContextWrites(library.Contexts);
        var name = Name();
        Assert.Equal([0, 0, 0], await writes.AddAsync(new Failures(2), name));
        var failed = await Assert.ThrowsAsync<RoutedCallException>(() => writes.AddAsync(new Failures(3), name));
        Assert.Equal(Enumerable.Repeat(("primary", PostgresErrorCodes.SerializationFailure), 3), failed.Attempts.Select(static a => (a.NodeName, a.SqlState!)));
        await using var check = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Equal(1, await check.Context.Authors.CountAsync(a => a.Name == name, Ct));
    }

    [Fact]
    public async Task No_read_fails_while_a_replica_is_killed()
    {
        await using var nodes = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 }, Ct);
        await using var source = await OpenLibraryAsync(nodes);
        var authors = new AuthorRepository(source, new RoutedDbContextFactory<LibraryContext>(source));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var reads = 0;
            for (; !end.IsCancellationRequested; reads++)
                Assert.Null(await authors.FindAsync(1, Ct));
            return reads;
        }).ToList();
        await Task.Delay(500, Ct);
        await nodes.Replicas[0].KillAsync(Ct);
        await Task.Delay(1500, Ct);
        await end.CancelAsync();
        Assert.All(await Task.WhenAll(readers), static reads => Assert.NotEqual(0, reads));
        Assert.Equal(NodeState.Down, source.GetSnapshot().Nodes.Single(n => n.Name == nodes.Replicas[0].Name).State);
    }

    // For tests that need a cluster of their own.
    private static async Task<RoutedDataSource> OpenLibraryAsync(PostgresCluster nodes)
    {
        await using (var primary = new NpgsqlConnection(nodes.Primary.ConnectionString))
        {
            await primary.OpenAsync(Ct);
            await using var schema = new NpgsqlCommand(RoutedCluster.LibrarySchema, primary);
            await schema.ExecuteNonQueryAsync(Ct);
        }

        await nodes.WaitUntilCaughtUpAsync(Ct);
        var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = nodes.Primary.ConnectionString,
            Replicas = [.. nodes.Replicas.Select(static r => new ReplicaOptions { ConnectionString = r.ConnectionString })],
        });
        await source.VerifyAsync(Ct);
        return source;
    }
}

internal sealed partial class AuthorRepository(RoutedDataSource db, RoutedDbContextFactory<LibraryContext> contexts)
{
    [ReadQuery]
    public partial Task<bool> IsOnReplicaAsync(CancellationToken ct = default);

    private static Task<bool> IsOnReplicaAsync(DbContext context, CancellationToken ct) => context.IsReplicaAsync(ct);

    [ReadQuery]
    public static bool IsOnReplica(LibraryContext library) =>
        library.Database.SqlQuery<bool>($"select pg_is_in_recovery() as \"Value\"").Single();

    [ReadQuery]
    public partial Task<Author?> FindAsync(long id, CancellationToken ct = default);

    private static Task<Author?> FindAsync(LibraryContext library, long id, CancellationToken ct) =>
        library.Authors.FirstOrDefaultAsync(a => a.Id == id, ct);

    [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
    public static Task<Author?> FindOwnAsync(LibraryContext library, long id, CancellationToken ct) =>
        library.Authors.FirstOrDefaultAsync(a => a.Id == id, ct);

    [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
    public static Task<int> CountOwnBooksAsync(LibraryContext library, long author, CancellationToken ct) =>
        library.Books.CountAsync(b => b.Author.Id == author, ct);

    [ReadQuery]
    public partial IAsyncEnumerable<string> TitlesAsync(long author, CancellationToken ct = default);

    private static IAsyncEnumerable<string> TitlesAsync(LibraryContext library, long author) =>
        library.Books.Where(b => b.Author.Id == author).OrderBy(static b => b.Id).Select(static b => b.Title).AsAsyncEnumerable();

    [WriteCommand]
    public partial Task<long> AddAsync(string name, CancellationToken ct = default);

    private static async Task<long> AddAsync(LibraryContext library, string name, CancellationToken ct)
    {
        var author = new Author { Name = name };
        library.Authors.Add(author);
        await library.SaveChangesAsync(ct);
        return author.Id;
    }

    [WriteCommand]
    public partial ValueTask<bool> AddBookAsync(long author, string title);

    private static async ValueTask<bool> AddBookAsync(LibraryContext library, long author, string title)
    {
        library.Books.Add(new Book { Title = title, Author = await library.Authors.SingleAsync(a => a.Id == author) });
        return await library.SaveChangesAsync() == 1;
    }

    [WriteCommand(Transaction = true)]
    public partial int AddTwoBooks(long author, string first, string second);

    private static int AddTwoBooks(LibraryContext library, long author, string first, string second)
    {
        var by = library.Authors.Single(a => a.Id == author);
        library.Books.Add(new Book { Title = first, Author = by });
        library.SaveChanges();
        library.Books.Add(new Book { Title = second, Author = by });
        return library.SaveChanges();
    }

    [WriteCommand(Transaction = true)]
    public partial Task AddWithBookOfNobodyAsync(string name);

    private static async Task AddWithBookOfNobodyAsync(LibraryContext library, string name)
    {
        library.Authors.Add(new Author { Name = name });
        await library.SaveChangesAsync();
        var book = new Book { Title = "of nobody" };
        library.Books.Add(book);
        library.Entry(book).Property("author_id").CurrentValue = -1L;
        await library.SaveChangesAsync();
    }

    [ReadQuery("select name from authors where id = @id")]
    public partial Task<string?> NameAsync(long id);

    [WriteCommand("insert into authors (name) values (@name) returning id")]
    public partial Task<long> InsertAsync(string name);
}

internal sealed partial class FailingContextReads(RoutedDbContextFactory<LibraryContext> contexts)
{
#pragma warning disable CTR103, CTR105 // The reads end their own session.
    /// <returns>How many entities each attempt's context tracked when it began.</returns>
    [ReadQuery]
    public static async Task<List<int>> CountAsync(LibraryContext library, Failures failures, CancellationToken ct)
    {
        failures.Tracked.Add(library.ChangeTracker.Entries().Count());
        library.Attach(new Author { Id = 1 });
        if (failures.Next())
            await library.EndSessionAsync(ct);
        await library.Authors.CountAsync(ct);
        return failures.Tracked;
    }

    [ReadQuery]
    public static int Count(LibraryContext library, Failures failures)
    {
        if (failures.Next())
            library.EndSessionAsync(default).GetAwaiter().GetResult();
        return library.Authors.Count();
    }

    [ReadQuery]
    public static async IAsyncEnumerable<int> StreamAsync(LibraryContext library, Failures failures, [EnumeratorCancellation] CancellationToken ct)
    {
        if (failures.Next())
            await library.EndSessionAsync(ct);
        await foreach (var row in library.Database.SqlQuery<int>($"select n as \"Value\" from generate_series(1, 2) as n").AsAsyncEnumerable().WithCancellation(ct))
            yield return row;
    }
#pragma warning restore CTR103, CTR105
}

internal sealed partial class FailingContextWrites(RoutedDbContextFactory<LibraryContext> contexts)
{
    [WriteCommand(Transaction = true, SerializationRetries = 2, IsolationLevel = IsolationLevel.RepeatableRead)]
    public static async Task<List<int>> AddAsync(LibraryContext library, Failures failures, string name)
    {
        failures.Tracked.Add(library.ChangeTracker.Entries().Count());
        library.Authors.Add(new Author { Name = name });
        await library.SaveChangesAsync();
        if (failures.Next())
            await library.Database.ExecuteSqlRawAsync("do $$ begin raise exception sqlstate '40001'; end $$");
        return failures.Tracked;
    }
}

internal static class Sessions
{
    /// <summary>Ends the context's own session, past EF's guard: the server breaks the connection.</summary>
    public static async Task EndSessionAsync(this DbContext context, CancellationToken ct)
    {
        await using var end = new NpgsqlCommand("select pg_terminate_backend(pg_backend_pid())", (NpgsqlConnection)context.Database.GetDbConnection());
        await end.ExecuteScalarAsync(ct);
    }
}
