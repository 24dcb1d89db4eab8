namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A read tracks a change that it can't save.</summary>
public class CTR110
{
    private static readonly Surroundings Shop = new()
    {
        Files =
        [
            """
            using Microsoft.EntityFrameworkCore;

            public class Note
            {
                public long Id { get; set; }

                public string? Body { get; set; }
            }

            public class Shop : DbContext
            {
                public DbSet<Note> Notes => Set<Note>();
            }
            """,
        ],
    };

    [Fact]
    public Task Add() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, Shop shop) => {|CTR110:shop.Notes.Add(new Note())|};
        }
        """,
        Notes("Add"));

    [Fact]
    public Task Remove_of_the_context() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, Shop shop, Note note) => {|CTR110:shop.Remove(note)|};
        }
        """,
        Notes("Remove"));

    [Theory]
    [InlineData("{|CTR110:shop.Entry(note).State = EntityState.Modified|};", "State")]
    [InlineData("{|CTR110:shop.Entry(note).State = EntityState.Added|};", "State")]
    [InlineData("{|CTR110:shop.Entry((object)note).State = EntityState.Deleted|};", "State")]
    [InlineData("var entry = shop.Entry(note); {|CTR110:entry.State = EntityState.Deleted|};", "State")]
    [InlineData("{|CTR110:shop.Entry(note).Property(n => n.Body).IsModified = true|};", "IsModified")]
    [InlineData("{|CTR110:shop.Entry(note).State = note.Id == 0 ? EntityState.Added : EntityState.Modified|};", "State")]
    [InlineData("{|CTR110:shop.Entry(note).State = note.Id switch { 0 => EntityState.Unchanged, _ => EntityState.Deleted }|};", "State")]
    public Task Entry(string statements, string name) => Rule.Reports(Shop, Run(statements), Notes(name));

    [Theory]
    [InlineData("shop.Entry(note).State = EntityState.Detached;")]
    [InlineData("shop.Entry(note).State = EntityState.Unchanged;")]
    [InlineData("shop.Entry(note).Property(n => n.Body).IsModified = false;")]
    [InlineData("shop.Entry(note).State = note.Id == 0 ? EntityState.Detached : EntityState.Unchanged;")]
    [InlineData("Console.WriteLine(shop.Entry(note).State == EntityState.Modified);")]
    [InlineData("new Machine().State = EntityState.Modified;")]
    public Task NoFalsePositive_Entry(string statements) => Rule.ReportsNothing(Shop, Run(statements));

    /// <summary>EF takes what has no key yet for new.</summary>
    [Theory]
    [InlineData("{|CTR110:shop.Attach(new Note())|};", "Attach")]
    [InlineData("{|CTR110:shop.Notes.Attach(new Note { Body = \"a\" })|};", "Attach")]
    [InlineData("{|CTR110:shop.Notes.AttachRange(note, new Note())|};", "AttachRange")]
    [InlineData("{|CTR110:shop.AttachRange(new Note { Id = 1 }, new Note())|};", "AttachRange")]
    public Task Attach_of_a_new_one(string statements, string name) => Rule.Reports(Shop, Run(statements), Notes(name));

    /// <summary>What is attached as it is in the table may be for loading what belongs to it.</summary>
    [Theory]
    [InlineData("shop.Attach(note);")]
    [InlineData("shop.Notes.Attach(new Note { Id = 1, Body = \"a\" });")]
    [InlineData("shop.AttachRange(new Note { Id = 1 }, note);")]
    [InlineData("shop.Attach(note); shop.Entry(note).Reload();")]
    [InlineData("shop.Attach(new Own());")]
    [InlineData("new Machine().Attach(new Note());")]
    public Task NoFalsePositive_Attach(string statements) => Rule.ReportsNothing(Shop, Run(statements));

    [Theory]
    [InlineData("shop.ChangeTracker.TrackGraph(note, n => {|CTR110:n.Entry.State = EntityState.Added|});")]
    [InlineData("shop.ChangeTracker.TrackGraph(note, n => {|CTR110:n.Entry.State = n.Entry.IsKeySet ? EntityState.Modified : EntityState.Added|});")]
    [InlineData("shop.ChangeTracker.TrackGraph<object?>(note, null, n => { {|CTR110:n.Entry.State = EntityState.Modified|}; return true; });")]
    [InlineData("foreach (var entry in shop.ChangeTracker.Entries()) {|CTR110:entry.State = EntityState.Deleted|};")]
    [InlineData("foreach (var entry in shop.ChangeTracker.Entries<Note>()) {|CTR110:entry.State = EntityState.Modified|};")]
    public Task ChangeTracker(string statements) => Rule.Reports(Shop, Run(statements), Notes("State"));

    [Theory]
    [InlineData("shop.ChangeTracker.TrackGraph(note, n => n.Entry.State = EntityState.Unchanged);")]
    [InlineData("shop.ChangeTracker.Clear();")]
    [InlineData("shop.ChangeTracker.DetectChanges(); Console.WriteLine(shop.ChangeTracker.HasChanges());")]
    [InlineData("shop.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking; shop.ChangeTracker.AutoDetectChangesEnabled = true;")]
    [InlineData("foreach (var entry in shop.ChangeTracker.Entries()) entry.State = EntityState.Detached;")]
    public Task NoFalsePositive_ChangeTracker(string statements) => Rule.ReportsNothing(Shop, Run(statements));

    private static string Run(string statements) =>
        $$"""
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, Shop shop, Note note) { {{statements}} }
        }

        public sealed class Machine { public EntityState State { get; set; } public void Attach(Note note) { } }

        public sealed class Own { [System.ComponentModel.DataAnnotations.Schema.DatabaseGenerated(System.ComponentModel.DataAnnotations.Schema.DatabaseGeneratedOption.None)] public long Id { get; set; } }
        """;

    [Fact]
    public Task Update_of_several() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, Shop shop, List<Note> notes)
            {
                {|CTR110:shop.Notes.UpdateRange(notes)|};
            }
        }
        """,
        Notes("UpdateRange"));

    [Fact]
    public Task In_a_loop_and_asynchronous() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static async Task Run(NpgsqlConnection connection, Shop shop, List<Note> notes)
            {
                foreach (var note in notes)
                    await {|CTR110:shop.AddAsync(note)|};
            }
        }
        """,
        Notes("AddAsync"));

    [Fact]
    public Task Through_a_helper() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, Shop shop, Note note) => {|CTR110:Forget(shop, note)|};

            private static void Forget(Shop shop, Note note) => {|1:shop.Notes.Remove(note)|};
        }
        """,
        Notes("Remove"));

    [Fact]
    public Task NoFalsePositive_query() => Rule.ReportsNothing(
        Shop,
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<Note?> RunAsync(NpgsqlConnection connection, Shop shop, long id) =>
                shop.Notes.AsNoTracking().Where(n => n.Id == id).FirstOrDefaultAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_list() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static List<string> Run(NpgsqlConnection connection)
            {
                var bodies = new List<string>();
                bodies.Add("a");
                bodies.AddRange(["b"]);
                bodies.Remove("a");
                return bodies;
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_types_of_that_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, DbSet<string> set) => set.Add("a");
        }

        public sealed class DbSet<T>
        {
            private readonly HashSet<T> _all = [];

            public bool Add(T item) => _all.Add(item);
        }
        """);

    [Fact]
    public Task NoFalsePositive_change_that_is_saved() => Rule.Reports(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Shop shop)
            {
                shop.Notes.Add(new Note());
                return {|CTR104:shop.SaveChangesAsync()|};
            }
        }
        """,
        "'RunAsync' calls 'SaveChangesAsync', which writes; mark the method [WriteCommand], or take the call out");

    [Fact]
    public Task NoFalsePositive_command() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static void Run(NpgsqlConnection connection, Shop shop) => shop.Notes.Add(new Note());
        }
        """);

    [Fact]
    public Task NoFalsePositive_parameter_of_a_command() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static object? Run(NpgsqlConnection connection)
            {
                using var command = new NpgsqlCommand("select body from notes where id = @id", connection);
                command.Parameters.Add(new NpgsqlParameter("id", 1L));
                return command.ExecuteScalar();
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_implementation_that_saves_beside_one_that_reads() => Rule.ReportsNothing(
        Shop,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection, IStep step) => step.Run(connection);
        }

        public interface IStep
        {
            void Run(NpgsqlConnection connection);
        }

        public sealed class Keep(Shop shop) : IStep
        {
            public void Run(NpgsqlConnection connection)
            {
                shop.Notes.Add(new Note());
                shop.SaveChanges();
            }
        }

        public sealed class Count : IStep
        {
            public void Run(NpgsqlConnection connection) => connection.QuerySingle<int>("select 1");
        }
        """);

    private static string Notes(string call) =>
        $"'Run' notes a change with '{call}', which is never saved; mark the method [WriteCommand] and save it, or take the call out";
}
