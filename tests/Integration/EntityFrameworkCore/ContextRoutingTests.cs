using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>Where contexts run, what they share, and what EF does on them as ever.</summary>
public sealed class ContextRoutingTests(RoutedCluster cluster)
{
    private static readonly Func<LibraryContext, long, Task<Author?>> FindAuthor =
        EF.CompileAsyncQuery((LibraryContext db, long id) => db.Authors.FirstOrDefault(a => a.Id == id));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Name() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Reads_are_answered_by_replicas_and_writes_by_the_primary()
    {
        await using var library = Library.Open(cluster);
        var nodes = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            await using var read = await library.Contexts.CreateReadAsync(Ct);
            nodes.Add(read.NodeName);
            Assert.True(await read.Context.IsReplicaAsync(Ct));
        }

        Assert.Equal(["replica-1", "replica-2"], nodes.Order());
        await using var write = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Equal("primary", write.NodeName);
        Assert.False(await write.Context.IsReplicaAsync(Ct));
        await using var strong = await library.Contexts.CreateReadAsync(new ReadRoute("Strong", ReadConsistency.Strong), Ct);
        Assert.False(await strong.Context.IsReplicaAsync(Ct));
    }

    [Fact]
    public async Task What_is_written_is_stored_and_replicated()
    {
        await using var library = Library.Open(cluster);
        var name = Name();
        await using (var write = await library.Contexts.CreateWriteAsync(Ct))
        {
            write.Context.Authors.Add(new Author { Name = name, Books = { new Book { Title = "first" } } });
            Assert.Equal(2, await write.Context.SaveChangesAsync(Ct));
        }

        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        await using var read = await library.Contexts.CreateReadAsync(Ct);
        Assert.Equal("first", (await read.Context.Books.SingleAsync(b => b.Author.Name == name, Ct)).Title);
    }

    [Fact]
    public async Task Blocking_calls_are_routed_alike()
    {
        await using var library = Library.Open(cluster);
        var name = Name();
        using (var write = library.Contexts.CreateWrite())
        {
            Assert.Equal("primary", write.NodeName);
            write.Context.Authors.Add(new Author { Name = name });
            write.Context.SaveChanges();
        }

        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        using var read = library.Contexts.CreateRead();
        Assert.StartsWith("replica-", read.NodeName, StringComparison.Ordinal);
        Assert.Equal(1, read.Context.Authors.Count(a => a.Name == name));
    }

    [Fact]
    public async Task All_nodes_share_one_model_and_one_internal_service_provider()
    {
        await using var source = cluster.Open();
        CountedContext.ModelsBuilt = 0;
        var contexts = new RoutedDbContextFactory<CountedContext>(source, static o => o.ConfigureWarnings(
            static w => w.Throw(CoreEventId.ManyServiceProvidersCreatedWarning)));
        var (models, providers, nodes) = (new HashSet<object>(ReferenceEqualityComparer.Instance), new HashSet<object>(ReferenceEqualityComparer.Instance), new HashSet<string>());
        for (var i = 0; i < 40; i++)
        {
            await using var lease = i % 4 == 0 ? await contexts.CreateWriteAsync(Ct) : await contexts.CreateReadAsync(Ct);
            nodes.Add(lease.NodeName);
            models.Add(lease.Context.Model);
            providers.Add(lease.Context.GetService<IModelSource>());
        }

        Assert.Superset(new HashSet<string> { "primary", "replica-1", "replica-2" }, nodes);
        Assert.Single(models);
        Assert.Single(providers);
        Assert.Equal(1, CountedContext.ModelsBuilt);
    }

    [Fact]
    public async Task Compiled_queries_run_on_every_node()
    {
        await using var library = Library.Open(cluster);
        var id = await Library.AddAuthorAsync(cluster, Name());
        var nodes = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            await using var lease = i % 3 == 0 ? await library.Contexts.CreateWriteAsync(Ct) : await library.Contexts.CreateReadAsync(Ct);
            nodes.Add(lease.NodeName);
            Assert.Equal(id, (await FindAuthor(lease.Context, id))!.Id);
        }

        Assert.Superset(new HashSet<string> { "primary", "replica-1", "replica-2" }, nodes);
    }

    [Fact]
    public async Task Split_queries_and_streams_run_on_one_connection()
    {
        await using var library = Library.Open(cluster);
        var id = await Library.AddAuthorAsync(cluster, Name(), books: 3);
        await using var read = await library.Contexts.CreateReadAsync(Ct);
        var author = await read.Context.Authors.Include(a => a.Books).AsSplitQuery().SingleAsync(a => a.Id == id, Ct);
        Assert.Equal(3, author.Books.Count);

        var titles = new List<string>();
        await foreach (var book in read.Context.Books.Where(b => b.Author.Id == id).OrderBy(b => b.Id).AsAsyncEnumerable())
            titles.Add(book.Title);
        Assert.Equal(author.Books.Select(static b => b.Title).Order(), titles.Order());
    }

    [Fact]
    public async Task The_applications_interceptors_run()
    {
        var tags = new TaggingInterceptor();
        await using var library = Library.Open(cluster, configure: o => o.AddInterceptors(tags));
        await using var read = await library.Contexts.CreateReadAsync(Ct);
        await read.Context.Authors.CountAsync(Ct);
        Assert.Equal(1, tags.Seen);
    }

    [Fact]
    public async Task Lazy_loading_works_while_the_lease_lives_and_not_after()
    {
        var id = await Library.AddAuthorAsync(cluster, Name(), books: 2);
        await using var library = Library.Open(cluster, configure: static o => o.UseLazyLoadingProxies());
        Author unread;
        await using (var read = await library.Contexts.CreateReadAsync(Ct))
        {
            unread = await read.Context.Authors.SingleAsync(a => a.Id == id, Ct);
            var author = await read.Context.Authors.SingleAsync(a => a.Id == id, Ct);
            Assert.Equal(2, author.Books.Count);
            Assert.NotSame(unread, author);
        }

        // Another call has the context now: what was read before must not load through it.
        await using var other = await library.Contexts.CreateReadAsync(Ct);
        Assert.ThrowsAny<InvalidOperationException>(() => unread.Books.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nor_does_it_where_the_entity_was_tracked(bool isWrite)
    {
        var id = await Library.AddAuthorAsync(cluster, Name(), books: 2);
        await using var library = Library.Open(cluster, configure: static o => o.UseLazyLoadingProxies());
        LibraryContext used;
        Author unread, read;
        await using (var lease = isWrite ? await library.Contexts.CreateWriteAsync(Ct) : await library.Contexts.CreateReadAsync(Ct))
        {
            used = lease.Context;
            unread = await used.Authors.AsTracking().SingleAsync(a => a.Id == id, Ct);
            Assert.Single(used.ChangeTracker.Entries());
        }

        Assert.ThrowsAny<InvalidOperationException>(() => unread.Books.Count);

        // Nor through the context when it is another call's.
        await using (var other = await library.Contexts.CreateWriteAsync(Ct))
        {
            Assert.Same(used, other.Context);
            Assert.ThrowsAny<InvalidOperationException>(() => unread.Books.Count);
            read = await used.Authors.SingleAsync(a => a.Id == id, Ct);
            Assert.Equal(2, read.Books.Count);
        }

        // What was loaded in time is there.
        Assert.Equal(2, read.Books.Count);
    }

    [Fact]
    public async Task Inside_a_unit_of_work_contexts_use_its_transaction()
    {
        await using var library = Library.Open(cluster);
        var (kept, undone) = (Name(), Name());
        await using (var unitOfWork = await library.Source.BeginTransactionAsync(Ct))
        {
            Assert.Same(unitOfWork, library.Source.CurrentTransaction);
            await using (var write = await library.Contexts.CreateWriteAsync(Ct))
            {
                Assert.Same(unitOfWork.Connection, write.Context.Database.GetDbConnection());
                write.Context.Authors.Add(new Author { Name = kept });
                await write.Context.SaveChangesAsync(Ct);
            }

            await using (var read = await library.Contexts.CreateReadAsync(Ct))
                Assert.Equal(1, await read.Context.Authors.CountAsync(a => a.Name == kept, Ct));
            await using (var select = new NpgsqlCommand($"select count(*) from authors where name = '{kept}'", unitOfWork.Connection))
                Assert.Equal(1L, await select.ExecuteScalarAsync(Ct));
            await using (var outside = cluster.Open())
            {
                await using var elsewhere = await outside.OpenWriteAsync(Ct);
                Assert.Equal(0L, await elsewhere.Connection.ScalarAsync($"select count(*) from authors where name = '{kept}'"));
            }

            await unitOfWork.CommitAsync(Ct);
        }

        Assert.Null(library.Source.CurrentTransaction);
        await using (await library.Source.BeginTransactionAsync(Ct))
        {
            using var write = library.Contexts.CreateWrite();
            write.Context.Authors.Add(new Author { Name = undone });
            write.Context.SaveChanges();
        }

        await using var check = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Equal([kept], await check.Context.Authors.Where(a => a.Name == kept || a.Name == undone).Select(static a => a.Name).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_command_has_a_transaction_of_its_own_or_joins()
    {
        await using var library = Library.Open(cluster);
        var route = new WriteRoute("Library.Add");
        var (committed, dropped) = (Name(), Name());
        await using (var scope = await library.Contexts.BeginCommandAsync(route, Ct))
        {
            Assert.NotNull(scope.Context.Database.CurrentTransaction);
            scope.Context.Authors.Add(new Author { Name = committed });
            await scope.Context.SaveChangesAsync(Ct);
            await scope.CommitAsync(Ct);
        }

        using (var scope = library.Contexts.BeginCommand(route))
        {
            scope.Context.Authors.Add(new Author { Name = dropped });
            scope.Context.SaveChanges();
        }

        await using (var unitOfWork = await library.Source.BeginTransactionAsync(Ct))
        {
            await using (var scope = await library.Contexts.BeginCommandAsync(route, Ct))
                await scope.Context.Authors.CountAsync(Ct);
            await Assert.ThrowsAsync<InvalidOperationException>(() => unitOfWork.CommitAsync(Ct));
        }

        await using var check = await library.Contexts.CreateWriteAsync(Ct);
        Assert.Equal([committed], await check.Context.Authors.Where(a => a.Name == committed || a.Name == dropped).Select(static a => a.Name).ToListAsync(Ct));
        Assert.All(library.Source.GetSnapshot().Nodes, static n => Assert.True(n.ActiveLeases <= 1));
    }

    [Fact]
    public async Task The_schema_can_be_made_and_changed_on_the_primary()
    {
        await using var library = Library.Open(cluster);
        await using var write = await library.Contexts.CreateWriteAsync(Ct);
        Assert.True(await write.Context.Database.CanConnectAsync(Ct));
        Assert.False(await write.Context.Database.EnsureCreatedAsync(Ct));
        await write.Context.Database.MigrateAsync(Ct);
        await write.Context.Database.ExecuteSqlAsync($"create temporary table scratch (id int)", Ct);
    }

    public class CountedContext(DbContextOptions<CountedContext> options) : LibraryContext(options)
    {
        public static int ModelsBuilt { get; set; }

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            ModelsBuilt++;
            base.OnModelCreating(modelBuilder);
        }
    }

    private sealed class TaggingInterceptor : DbCommandInterceptor
    {
        public int Seen { get; private set; }

        public override ValueTask<InterceptionResult<System.Data.Common.DbDataReader>> ReaderExecutingAsync(
            System.Data.Common.DbCommand command, CommandEventData eventData, InterceptionResult<System.Data.Common.DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Seen++;
            return new ValueTask<InterceptionResult<System.Data.Common.DbDataReader>>(result);
        }
    }
}
