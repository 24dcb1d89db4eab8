namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>What cores that take a context of EF Core are told.</summary>
public class Contexts
{
    [Theory]
    [InlineData("CTR104", "db.SaveChanges()")]
    [InlineData("CTR104", "db.SaveChanges(acceptAllChangesOnSuccess: false)")]
    [InlineData("CTR104", "db.SaveChangesAsync().Wait()")]
    [InlineData("CTR104", "db.Notes.Where(n => n.Id == id).ExecuteUpdate(s => s.SetProperty(n => n.Body, \"x\"))")]
    [InlineData("CTR104", "db.Notes.ExecuteUpdateAsync(s => s.SetProperty(n => n.Body, \"x\")).Wait()")]
    [InlineData("CTR104", "db.Set<Note>().ExecuteDelete()")]
    [InlineData("CTR104", "db.Notes.Where(n => n.Id == id).ExecuteDeleteAsync().Wait()")]
    [InlineData("CTR104", "db.Database.Migrate()")]
    [InlineData("CTR104", "db.Database.MigrateAsync().Wait()")]
    [InlineData("CTR104", "db.Database.EnsureCreated()")]
    [InlineData("CTR104", "db.Database.EnsureDeletedAsync().Wait()")]
    [InlineData("CTR104", "db.GetService<IMigrator>().Migrate()")]
    [InlineData("CTR104", "db.GetService<IRelationalDatabaseCreator>().CreateTables()")]
    [InlineData("CTR104", "db.Database.ExecuteSqlRaw(sql)")]
    [InlineData("CTR104", "db.Database.CreateExecutionStrategy().Execute(() => db.SaveChanges())")]
    [InlineData("CTR101", "db.Database.ExecuteSql($\"update notes set body = {sql}\")")]
    [InlineData("CTR101", "db.Database.ExecuteSqlInterpolated($\"delete from notes where id = {id}\")")]
    [InlineData("CTR101", "db.Notes.FromSqlRaw(\"insert into notes (body) values ({0}) returning *\", sql).ToList()")]
    [InlineData("CTR101", "db.Database.SqlQuery<long>($\"delete from notes where id = {id} returning id\").ToList()")]
    [InlineData("CTR102", "db.Notes.FromSql($\"select * from notes where id = {id} for update\").Single()")]
    [InlineData("CTR103", "db.Database.SqlQueryRaw<long>(\"select nextval('notes_id_seq')\").Single()")]
    [InlineData("CTR107", "db.Database.BeginTransaction(IsolationLevel.Serializable)")]
    [InlineData("CTR105", "Helpers.Tidy(db)")]
    [InlineData("CTR105", "db.SaveAll()")]
    [InlineData("CTR105", "Store(db)")]
    [InlineData("CTR110", "db.Notes.Add(new Note())")]
    [InlineData("CTR110", "db.Remove(new Note())")]
    public async Task A_write_in_a_read_is_reported(string id, string call)
    {
        Assert.Equal([id], await IdsAsync($"[ReadQuery] public static void Run(Shop db, long id, string sql) {{ {call}; }}"));
        Assert.Equal([id], await IdsAsync(
            $"[ReadQuery] public partial void Run(long id, string sql); private void Run(Shop db, long id, string sql) {{ {call}; }}"));
        Assert.Empty(await IdsAsync($"[WriteCommand] public static void Run(Shop db, long id, string sql) {{ {call}; }}"));
    }

    [Theory]
    [InlineData("IQueryable<Note>", "db.Notes")]
    [InlineData("DbSet<Note>", "db.Notes")]
    [InlineData("IEnumerable<Note>", "db.Notes")]
    [InlineData("Shop", "db")]
    [InlineData("Task<DbContext>", "Task.FromResult<DbContext>(db)")]
    [InlineData("Task<IQueryable<Note>>", "Task.FromResult(db.Notes.Where(n => n.Id > 0))")]
    [InlineData("IAsyncEnumerable<IQueryable<Note>>", "null!")]
    public async Task What_outlives_the_context_is_reported(string type, string result) =>
        Assert.Equal(["CTR005"], await IdsAsync($"[ReadQuery] public static {type} Run(Shop db) => {result};"));

    [Theory]
    [InlineData("Task<List<Note>>", "db.Notes.Include(n => n.Lines).AsSplitQuery().ToListAsync()")]
    [InlineData("IAsyncEnumerable<Note>", "db.Notes.AsAsyncEnumerable()")]
    [InlineData("Note?", "db.Find<Note>(1L)")]
    [InlineData("Task<int>", "db.Database.ExecuteSqlAsync($\"select 1\")")]
    [InlineData("Task<List<long>>", "db.Database.SqlQuery<long>($\"select id from notes\").ToListAsync()")]
    public async Task NoFalsePositive_A_read(string type, string result) => Assert.Empty(await IdsAsync($"[ReadQuery] public static {type} Run(Shop db) => {result};"));

    [Fact]
    public async Task A_method_that_takes_a_context_is_offered_its_attribute()
    {
        var reported = await TestCode.Analyze(TestCode.From(Source("public static Task<List<Note>> AllAsync(Shop db) => db.Notes.ToListAsync();")).Compile());
        Assert.Equal("CTR302", Assert.Single(reported).Id);
    }

    [Theory]
    [InlineData("CTR104", "db.Notes.Upsert(new Note()).On().RunAsync()")]
    [InlineData(null, "db.Notes.Upsert(new Note()).On().CountAsync()")]
    public async Task An_upsert_of_a_package_writes(string? id, string call)
    {
        var beside = new Surroundings
        {
            Library =
                """
                namespace FlexLabs.EntityFrameworkCore.Upsert
                {
                    public class UpsertCommandBuilder<T>
                    {
                        public UpsertCommandBuilder<T> On() => this;
                        public Task<int> CountAsync() => Task.FromResult(0);
                        public Task<int> RunAsync() => Task.FromResult(0);
                    }
                }

                namespace Microsoft.EntityFrameworkCore
                {
                    public static class UpsertExtensions
                    {
                        public static FlexLabs.EntityFrameworkCore.Upsert.UpsertCommandBuilder<T> Upsert<T>(this DbSet<T> set, params T[] entities)
                            where T : class => new();
                    }
                }
                """,
        };
        var code = TestCode.From(Source($"[ReadQuery] public static Task<int> Run(Shop db) => {call};"), beside: beside);
        Assert.Equal(id, (await TestCode.Analyze(code.Compile(), beside)).Select(static d => d.Id).SingleOrDefault(static d => d != "CTR108"));
    }

    private static async Task<string[]> IdsAsync(string members)
    {
        var compilation = TestCode.From(Source(members)).Compile();
        Assert.Empty(TestCode.Errors(TestCode.Generate(compilation).Output));
        return [.. (await TestCode.Analyze(compilation)).Select(static d => d.Id).Where(static id => id is not ("CTR108" or "CTR302")).Distinct()];
    }

    private static string Source(string members) => $$"""
        using CompileTimeRouting.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore.Infrastructure;
        using Microsoft.EntityFrameworkCore.Migrations;
        using Microsoft.EntityFrameworkCore.Storage;

        public class Line { public long Id { get; set; } }

        public class Note { public long Id { get; set; } public string? Body { get; set; } public List<Line> Lines { get; } = []; }

        public class Shop(DbContextOptions<Shop> options) : DbContext(options)
        {
            public DbSet<Note> Notes => Set<Note>();

            public void SaveAll() => SaveChanges();
        }

        public static class Helpers { public static void Tidy(DbContext db) => db.SaveChanges(); }

        public abstract class Repository { protected static void Store(Shop db) { db.Notes.Add(new Note()); db.SaveChanges(); } }

        public sealed partial class Notes(RoutedDbContextFactory<Shop> contexts) : Repository
        {
            {{members}}
        }
        """;
}
