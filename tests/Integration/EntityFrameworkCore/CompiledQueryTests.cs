using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Integration.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
#pragma warning disable EF1001 // A library's compiler around EF's.
using Microsoft.EntityFrameworkCore.Query.Internal;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>
/// A compiled query is one delegate for reads and writes, whichever runs it first. EF alone fixes at that call whether it tracks,
/// and what a write changes of untracked entities is lost without a word.
/// </summary>
public sealed class CompiledQueryTests(RoutedCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Name() => Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_row_is_tracked_where_it_is_written(bool readFirst)
    {
        var find = EF.CompileAsyncQuery((LibraryContext db, long id, CancellationToken ct) => db.Authors.Include(a => a.Books).First(a => a.Id == id));
        await RunAsync(readFirst, async (context, id) => await find(context, id, Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Blocking_too(bool readFirst)
    {
        var find = EF.CompileQuery(static (LibraryContext db, long id) => db.Authors.Include(a => a.Books).First(a => a.Id == id));
        await RunAsync(readFirst, (context, id) => Task.FromResult(find(context, id)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Streams_too(bool readFirst)
    {
        var stream = EF.CompileAsyncQuery(static (LibraryContext db, long id) => db.Set<Author>().Include(a => a.Books).Where(a => a.Id == id));
        await RunAsync(readFirst, async (context, id) => await stream(context, id).SingleAsync(Ct));
    }

    [Fact]
    public async Task Each_way_of_tracking_has_its_own()
    {
        var books = EF.CompileQuery(static (LibraryContext db, long author) => db.Books.Include(b => b.Author).Where(b => b.Author.Id == author));
        await using var library = Library.Open(cluster);
        var id = await Library.AddAuthorAsync(cluster, Name(), books: 2);
        var instances = new Dictionary<QueryTrackingBehavior, int>();
        foreach (var behavior in Enum.GetValues<QueryTrackingBehavior>())
        {
            await using var lease = await library.Contexts.CreateReadAsync(Ct);
            lease.Context.ChangeTracker.QueryTrackingBehavior = behavior;
            instances[behavior] = books(lease.Context, id).ToList().Select(static b => b.Author).Distinct().Count();
            Assert.Equal(behavior == QueryTrackingBehavior.TrackAll ? 3 : 0, lease.Context.ChangeTracker.Entries().Count());
        }

        Assert.Equal((1, 2, 1), (
            instances[QueryTrackingBehavior.TrackAll], instances[QueryTrackingBehavior.NoTracking], instances[QueryTrackingBehavior.NoTrackingWithIdentityResolution]));
    }

    [Fact]
    public async Task What_the_query_says_itself_counts()
    {
        var find = EF.CompileQuery(static (LibraryContext db, long id) => db.Authors.AsTracking().First(a => a.Id == id));
        await using var library = Library.Open(cluster);
        var id = await Library.AddAuthorAsync(cluster, Name());
        await using var write = await library.Contexts.CreateWriteAsync(Ct);
        await using var read = await library.Contexts.CreateReadAsync(Ct);
        find(write.Context, id);
        find(read.Context, id);
        Assert.Single(read.Context.ChangeTracker.Entries());
    }

    [Fact]
    public async Task A_librarys_compiler_stays_in_use()
    {
        var library = new CountingExtension();
        await using var source = cluster.Open();
        var contexts = new RoutedDbContextFactory<LibraryContext>(
            source,
            options =>
            {
                options.UseNpgsql();
                ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(library);
            });
        var count = EF.CompileQuery(static (LibraryContext db) => db.Authors.AsTracking().FirstOrDefault());
        await using (var read = await contexts.CreateReadAsync(Ct))
        {
            count(read.Context);
            await read.Context.Authors.CountAsync(Ct);
        }

        await using (var write = await contexts.CreateWriteAsync(Ct))
            count(write.Context);
        Assert.Equal((2, 1), (library.Compiled, library.Run));
    }

    private async Task RunAsync(bool readFirst, Func<LibraryContext, long, Task<Author>> find)
    {
        await using var library = Library.Open(cluster);
        var id = await Library.AddAuthorAsync(cluster, Name(), books: 1);

        // Two contexts, and that of the first call is in use for something else, or nothing, when the query is compiled again.
        var read = await library.Contexts.CreateReadAsync(Ct);
        var write = await library.Contexts.CreateWriteAsync(Ct);
        Assert.NotSame(read.Context, write.Context);
        if (readFirst)
        {
            await ReadAsync();
            await WriteAsync();
        }
        else
        {
            await WriteAsync();
            await ReadAsync();
        }

        async Task ReadAsync()
        {
            await using (read)
            {
                Assert.Single((await find(read.Context, id)).Books);
                Assert.Empty(read.Context.ChangeTracker.Entries());
            }
        }

        async Task WriteAsync()
        {
            await using (write)
            {
                for (var i = 0; i < 2; i++)
                {
                    var author = await find(write.Context, id);
                    author.Name = $"renamed {i}";
                    author.Books.Single().Title = $"retitled {i}";
                    Assert.Equal(2, await write.Context.SaveChangesAsync(Ct));
                }
            }
        }
    }

    private sealed class CountingExtension : IDbContextOptionsExtension
    {
        public int Compiled { get; set; }

        public int Run { get; set; }

        public DbContextOptionsExtensionInfo Info => new ExtensionInfo(this);

        public void ApplyServices(IServiceCollection services)
        {
            services.AddScoped<QueryCompiler>();
            services.AddScoped<IQueryCompiler>(provider => new CountingCompiler(this, provider.GetRequiredService<QueryCompiler>()));
        }

        public void Validate(IDbContextOptions options)
        {
        }

        private sealed class ExtensionInfo(CountingExtension extension) : DbContextOptionsExtensionInfo(extension)
        {
            public override bool IsDatabaseProvider => false;

            public override string LogFragment => "";

            public override int GetServiceProviderHashCode() => extension.GetHashCode();

            public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => ReferenceEquals(other.Extension, extension);

            public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
            {
            }
        }
    }

    private sealed class CountingCompiler(CountingExtension counts, IQueryCompiler inner) : IQueryCompiler
    {
        public TResult Execute<TResult>(System.Linq.Expressions.Expression query) => inner.Execute<TResult>(query);

        public TResult ExecuteAsync<TResult>(System.Linq.Expressions.Expression query, CancellationToken cancellationToken)
        {
            counts.Run++;
            return inner.ExecuteAsync<TResult>(query, cancellationToken);
        }

        public Func<QueryContext, TResult> CreateCompiledQuery<TResult>(System.Linq.Expressions.Expression query)
        {
            counts.Compiled++;
            return inner.CreateCompiledQuery<TResult>(query);
        }

        public Func<QueryContext, TResult> CreateCompiledAsyncQuery<TResult>(System.Linq.Expressions.Expression query) =>
            inner.CreateCompiledAsyncQuery<TResult>(query);

#pragma warning disable EF9100
        public System.Linq.Expressions.Expression<Func<QueryContext, TResult>> PrecompileQuery<TResult>(System.Linq.Expressions.Expression query, bool async) =>
            inner.PrecompileQuery<TResult>(query, async);
#pragma warning restore EF9100
    }
}
