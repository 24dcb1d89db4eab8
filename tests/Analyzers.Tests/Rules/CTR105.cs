namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A read reaches a write through the methods it calls.</summary>
public class CTR105
{
    [Fact]
    public Task Helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Helper(connection)|};

            private static Task<int> Helper(NpgsqlConnection connection) => connection.ExecuteAsync("{|1:delete|} from notes");
        }
        """,
        Through("'Helper'", "DELETE"));

    [Fact]
    public Task Chain_of_three_with_its_places() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:First(connection)|};

            private static Task<int> First(NpgsqlConnection connection) => {|1:Second(connection)|};

            private static async Task<int> Second(NpgsqlConnection connection) => await {|2:Third(connection)|};

            private static Task<int> Third(NpgsqlConnection connection) => connection.ExecuteAsync("{|3:delete|} from notes");
        }
        """,
        Through("'First' → 'Second' → 'Third'", "DELETE"));

    [Fact]
    public Task Core_of_a_shim() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync(long id);

            private Task<int> RunAsync(NpgsqlConnection connection, long id) => {|CTR105:Helper(connection, id)|};

            private Task<int> Helper(NpgsqlConnection connection, long id) => connection.ExecuteAsync("update notes set seen = now() where id = @id", new { id });
        }
        """,
        Through("'Helper'", "UPDATE"));

    [Fact]
    public Task Local_function() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection)
            {
                return {|CTR105:Delete()|};

                Task<int> Delete() => connection.ExecuteAsync("{|1:delete|} from notes");
            }
        }
        """,
        Through("'Delete'", "DELETE"));

    [Fact]
    public Task Lambda_that_is_handed_to_a_helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Retry(() => {|CTR105:Delete(connection)|});

            private static Task<int> Retry(Func<Task<int>> action) => action();

            private static Task<int> Delete(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        Through("'Delete'", "DELETE"));

    [Fact]
    public Task Method_group() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection, List<NpgsqlConnection> others) => others.Sum({|CTR105:Delete|});

            private static int Delete(NpgsqlConnection connection) => connection.Execute("{|1:delete|} from notes");
        }
        """,
        Through("'Delete'", "DELETE"));

    [Fact]
    public Task Extension_method() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:connection.PurgeAsync()|};
        }

        internal static class NoteExtensions
        {
            public static Task<int> PurgeAsync(this NpgsqlConnection connection) => connection.ExecuteAsync("{|1:delete|} from notes");
        }
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Base_class() => Rule.Reports(
        """
        public abstract class Repository
        {
            protected static Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("{|1:delete|} from notes");
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:PurgeAsync(connection)|};
        }
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Template_method_with_an_abstract_member() => Rule.Reports(
        """
        public abstract class Repository
        {
            protected Task<int> ApplyAsync(NpgsqlConnection connection) => {|1:StepAsync(connection)|};

            protected abstract Task<int> StepAsync(NpgsqlConnection connection);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:ApplyAsync(connection)|};

            protected override Task<int> StepAsync(NpgsqlConnection connection) => connection.ExecuteAsync("{|2:delete|} from notes");
        }
        """,
        Through("'ApplyAsync' → 'StepAsync'", "DELETE"));

    [Fact]
    public Task Template_method_with_abstract_text() => Rule.Reports(
        """
        public abstract class Repository
        {
            protected abstract string Sql { get; }

            protected Task<int> ApplyAsync(NpgsqlConnection connection) => connection.ExecuteAsync(Sql);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            protected override string Sql => "delete from notes";

            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:ApplyAsync(connection)|};
        }

        public sealed class Others : Repository
        {
            protected override string Sql => "select body from notes";
        }
        """,
        Through("'ApplyAsync'", "DELETE"));

    [Fact]
    public Task Generic_repository() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:new Repository<Note>().PurgeAsync(connection)|};
        }

        public sealed record Note(long Id);

        public class Repository<T>
        {
            public Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync($"delete from {typeof(T).Name}");
        }
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Interface_with_one_implementation() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR105:store.PurgeAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> PurgeAsync(NpgsqlConnection connection);
        }

        public sealed class Store : IStore
        {
            public Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("{|1:delete|} from notes");
        }
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Interface_with_two_implementations_that_both_write() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR105:store.PurgeAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> PurgeAsync(NpgsqlConnection connection);
        }

        public sealed class Store : IStore
        {
            public Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }

        public sealed class MarkingStore : IStore
        {
            public Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("update notes set gone = true");
        }
        """,
        Through("'Store.PurgeAsync'", "DELETE"));

    [Fact]
    public Task One_implementation_of_a_member_that_is_named_for_a_change() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR105:store.SaveAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> SaveAsync(NpgsqlConnection connection);
        }

        public sealed class MemoryStore : IStore
        {
            private readonly Ledger _ledger = new();

            public Task<int> SaveAsync(NpgsqlConnection connection) => Task.FromResult(_ledger.Note());
        }

        public sealed class CountingStore : IStore
        {
            public Task<int> SaveAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select count(*)::int from notes");
        }

        public sealed class DatabaseStore : IStore
        {
            public Task<int> SaveAsync(NpgsqlConnection connection) => connection.ExecuteAsync("{|1:insert|} into notes default values");
        }

        public sealed class Ledger
        {
            private int _notes;

            public int Note() => ++_notes;
        }
        """,
        Through("'DatabaseStore.SaveAsync'", "INSERT"));

    [Fact]
    public Task One_of_two_implementations_beside_one_that_asks_no_database() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStep step) => {|CTR105:step.RunAsync(connection)|};
        }

        public interface IStep
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class Log : IStep
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => Task.FromResult(Count());

            private static int Count() => 1;
        }

        public sealed class Purge : IStep
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        Through("'Purge.RunAsync'", "DELETE"));

    [Fact]
    public Task Decorator() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR105:store.PurgeAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> PurgeAsync(NpgsqlConnection connection);
        }

        public sealed class LoggingStore(IStore inner) : IStore
        {
            public Task<int> PurgeAsync(NpgsqlConnection connection)
            {
                Console.WriteLine("purge");
                return inner.PurgeAsync(connection);
            }
        }

        public sealed class Store : IStore
        {
            public Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        Through("'Store.PurgeAsync'", "DELETE"));

    [Fact]
    public Task Explicit_implementation_of_an_interface() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR105:store.PurgeAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> PurgeAsync(NpgsqlConnection connection);
        }

        public sealed class Store : IStore
        {
            Task<int> IStore.PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Default_method_of_an_interface() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => {|CTR105:store.PurgeAsync(connection)|};
        }

        public interface IStore
        {
            Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }

        public sealed class Store : IStore;
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Property_getter() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static long RunAsync(NpgsqlConnection connection) => {|CTR105:new Counter(connection).Next|};
        }

        public sealed class Counter(NpgsqlConnection connection)
        {
            public long Next => connection.ExecuteScalar<long>("{|1:insert|} into ticks default values returning id");
        }
        """,
        Through("'Next'", "INSERT"));

    [Fact]
    public Task Constructor() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static object RunAsync(NpgsqlConnection connection) => {|CTR105:new Visit(connection)|};
        }

        public sealed class Visit
        {
            public Visit(NpgsqlConnection connection) => connection.Execute("{|1:insert|} into visits default values");
        }
        """,
        Through("'new Visit'", "INSERT"));

    [Fact]
    public Task Disposal_at_the_end_of_a_using() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void RunAsync(NpgsqlConnection connection)
            {
                {|CTR105:using var visit = new Visit(connection);|}
            }
        }

        public sealed class Visit(NpgsqlConnection connection) : IDisposable
        {
            public void Dispose() => connection.Execute("update visits set ended = now()");
        }
        """,
        Through("'Dispose'", "UPDATE"));

    [Fact]
    public Task Delegate_in_a_static_field() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Purge|}(connection);

            private static readonly Func<NpgsqlConnection, Task<int>> Purge = static connection => connection.ExecuteAsync("{|1:delete|} from notes");
        }
        """,
        Through("'lambda expression'", "DELETE"));

    [Fact]
    public Task Recursion() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection) => {|CTR105:Down(connection, 3)|};

            private static int Down(NpgsqlConnection connection, int depth) => depth == 0 ? connection.Execute("{|1:delete|} from notes") : Down(connection, depth - 1);
        }
        """,
        Through("'Down'", "DELETE"));

    [Fact]
    public Task Mutual_recursion() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int RunAsync(NpgsqlConnection connection) => {|CTR105:Even(connection, 3)|};

            private static int Even(NpgsqlConnection connection, int n) => n == 0 ? 0 : {|1:Odd(connection, n - 1)|};

            private static int Odd(NpgsqlConnection connection, int n) => n == 0 ? connection.Execute("{|2:delete|} from notes") : Even(connection, n - 1);
        }
        """,
        Through("'Even' → 'Odd'", "DELETE"));

    [Fact]
    public Task Text_given_to_a_helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Run(connection, "delete from notes")|};

            private static Task<int> Run(NpgsqlConnection connection, string sql, int timeout = 30) => connection.ExecuteAsync(sql, commandTimeout: timeout);
        }
        """,
        Through("'Run'", "DELETE"));

    [Fact]
    public Task Text_given_to_a_helper_by_name() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Run(timeout: 5, sql: "delete from notes", connection: connection)|};

            private static Task<int> Run(NpgsqlConnection connection, string sql, int timeout = 30) => connection.ExecuteAsync(sql, commandTimeout: timeout);
        }
        """,
        Through("'Run'", "DELETE"));

    [Fact]
    public Task Optional_text_of_a_helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Run(connection)|};

            private static Task<int> Run(NpgsqlConnection connection, string sql = "delete from notes") => connection.ExecuteAsync(sql);
        }
        """,
        Through("'Run'", "DELETE"));

    [Fact]
    public Task Texts_of_a_params_helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Run(connection, "select 1", "delete from notes")|};

            private static async Task<int> Run(NpgsqlConnection connection, params string[] statements)
            {
                var rows = 0;
                foreach (var statement in statements)
                    rows += await connection.ExecuteAsync(statement);
                return rows;
            }
        }
        """,
        Through("'Run'", "DELETE"));

    [Fact]
    public Task Part_of_the_text_given_to_a_helper() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Run(connection, "delete")|};

            private static Task<int> Run(NpgsqlConnection connection, string verb) => connection.ExecuteAsync($"{verb} from notes");
        }
        """,
        Through("'Run'", "DELETE"));

    [Fact]
    public Task Text_handed_on_twice() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Outer(connection, "delete from notes")|};

            private static Task<int> Outer(NpgsqlConnection connection, string sql) => Inner(connection, sql);

            private static Task<int> Inner(NpgsqlConnection connection, string sql) => connection.ExecuteAsync(sql);
        }
        """,
        Through("'Outer' → 'Inner'", "DELETE"));

    [Fact]
    public Task Helper_in_another_file() => Rule.Reports(
        new Surroundings { Files = ["internal static class Purge { public static Task<int> AllAsync(NpgsqlConnection c) => c.ExecuteAsync(\"delete from notes\"); }"] },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Purge.AllAsync(connection)|};
        }
        """,
        Through("'AllAsync'", "DELETE"));

    [Fact]
    public Task Other_half_of_a_partial_class_in_another_file() => Rule.Reports(
        new Surroundings { Files = ["public sealed partial class Notes { private static Task<int> PurgeAsync(NpgsqlConnection c) => c.ExecuteAsync(\"delete from notes\"); }"] },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:PurgeAsync(connection)|};
        }
        """,
        Through("'PurgeAsync'", "DELETE"));

    [Fact]
    public Task Api_that_writes() => Rule.Reports(
        """
        using Microsoft.EntityFrameworkCore;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:SaveAsync(new Shop())|};

            private static Task<int> SaveAsync(Shop shop) => {|1:shop.SaveChangesAsync()|};
        }

        public sealed class Shop : DbContext;
        """,
        Through("'SaveAsync'", "SaveChangesAsync", "which writes"));

    [Fact]
    public Task Write_command() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync();

            private Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Helper()|};

            private Task<int> Helper() => {|1:TouchAsync()|};

            [WriteCommand("update notes set seen = now()")]
            public partial Task<int> TouchAsync();
        }
        """,
        Through("'Helper'", "TouchAsync", "which is marked [WriteCommand]"));

    [Fact]
    public Task Lock() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<string> RunAsync(NpgsqlConnection connection) => {|CTR105:Helper(connection)|};

            private static Task<string> Helper(NpgsqlConnection connection) => connection.QuerySingleAsync<string>("select body from notes {|1:for update|}");
        }
        """,
        Through("'Helper'", "FOR UPDATE"));

    [Fact]
    public Task Function() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection) => {|CTR105:Helper(connection)|};

            private static Task<long> Helper(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select {|1:nextval|}('n')");
        }
        """,
        Through("'Helper'", "nextval"));

    [Fact]
    public Task Routed_read_that_is_called() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync();

            private static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR105:Helper.DeepAsync(connection)|};
        }

        internal static class Helper
        {
            public static Task<int> DeepAsync(NpgsqlConnection connection) => Task.FromResult(All(connection));

            private static int All(NpgsqlConnection connection)
            {
                using var command = connection.CreateCommand();
                command.CommandText = "truncate notes";
                return command.ExecuteNonQuery();
            }
        }
        """,
        Through("'DeepAsync' → 'All'", "TRUNCATE"));

    [Fact]
    public Task NoFalsePositive_helper_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection) => Helper(connection);

            private static Task<long> Helper(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select count(*) from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_helper_that_is_given_a_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Run(connection, "select body from notes");

            public static Task<int> PurgeAsync(NpgsqlConnection connection) => Run(connection, "delete from notes");


            private static Task<int> Run(NpgsqlConnection connection, string sql, int timeout = 30) => connection.ExecuteAsync(sql, commandTimeout: timeout);
        }
        """);

    [Fact]
    public Task NoFalsePositive_text_given_by_name() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Run(timeout: 5, sql: "select body from notes", connection: connection);


            private static Task<int> Run(NpgsqlConnection connection, string sql, int timeout = 30) => connection.ExecuteAsync(sql, commandTimeout: timeout);
        }
        """);

    [Fact]
    public Task NoFalsePositive_optional_text_that_is_replaced() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Run(connection, "select body from notes");

            private static Task<int> Run(NpgsqlConnection connection, string sql = "delete from notes") => connection.ExecuteAsync(sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_params_of_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Run(connection, "select 1", "select 2");

            private static async Task<int> Run(NpgsqlConnection connection, params string[] statements)
            {
                var rows = 0;
                foreach (var statement in statements)
                    rows += await connection.ExecuteAsync(statement);
                return rows;
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_text_that_only_looks_like_a_write() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<List<string>> RunAsync(NpgsqlConnection connection) => Helper(connection, "delete from notes");

            private static async Task<List<string>> Helper(NpgsqlConnection connection, string body) =>
                [.. await connection.QueryAsync<string>("select body from notes where body = @body", new { body })];
        }
        """);

    [Fact]
    public Task NoFalsePositive_uncalled_local_function() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection)
            {
                return Task.FromResult(1);
            #pragma warning disable CS8321
                Task<int> Delete() => connection.ExecuteAsync("delete from notes");
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_expression_tree() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection)
            {
                System.Linq.Expressions.Expression<Func<int>> delete = () => Delete(connection);
                return delete.ToString();
            }

            private static int Delete(NpgsqlConnection connection) => connection.Execute("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_event_subscription() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection)
            {
                connection.StateChange += Purge;
                return Task.FromResult(1);
            }

            private static void Purge(object sender, StateChangeEventArgs change) => ((NpgsqlConnection)sender).Execute("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_nameof() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection) => nameof(Delete);

            private static int Delete(NpgsqlConnection connection) => connection.Execute("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_two_implementations_of_which_one_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => store.RunAsync(connection);
        }

        public interface IStore
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class Purge : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }

        public sealed class Count : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select count(*)::int from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_one_of_many_implementations() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStep step) => step.RunAsync(connection);
        }

        public interface IStep
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class Purge : IStep
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }

        public sealed class Log : IStep
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => Task.FromResult(Steps.Count());
        }

        public sealed class Wait : IStep
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => Task.FromResult(Steps.Count() + 1);
        }

        public static class Steps
        {
            public static int Count() => 1;
        }
        """);

    [Fact]
    public Task NoFalsePositive_handlers_of_any_event() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IHandler<Opened> handler) => Publish(connection, handler);

            private static Task<int> Publish<T>(NpgsqlConnection connection, IHandler<T> handler) => handler.HandleAsync(connection);
        }

        public sealed class Opened;

        public sealed class Closed;

        public interface IHandler<T>
        {
            Task<int> HandleAsync(NpgsqlConnection connection);
        }

        public sealed class OnOpened : IHandler<Opened>
        {
            public Task<int> HandleAsync(NpgsqlConnection connection) => Task.FromResult(Count());

            private static int Count() => 1;
        }

        public sealed class OnClosed : IHandler<Closed>
        {
            public Task<int> HandleAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_all_implementations_of_a_member_that_is_named_for_a_change_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => store.SetAsync(connection);
        }

        public interface IStore
        {
            Task<int> SetAsync(NpgsqlConnection connection);
        }

        public sealed class MemoryStore : IStore
        {
            private int _count;

            public async Task<int> SetAsync(NpgsqlConnection connection) => _count = await connection.QuerySingleAsync<int>("select count(*)::int from notes");
        }

        public sealed class OtherStore : IStore
        {
            public Task<int> SetAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_other_type_argument_of_an_interface() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IHandler<Count> handler) => handler.RunAsync(connection);
        }

        public sealed record Count;

        public sealed record Purge;

        public interface IHandler<T>
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class CountHandler : IHandler<Count>
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select count(*)::int from notes");
        }

        public sealed class PurgeHandler : IHandler<Purge>
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_other_class_of_the_same_base() => Rule.ReportsNothing(
        """
        public abstract class Repository
        {
            protected Task<int> ApplyAsync(NpgsqlConnection connection) => StepAsync(connection);

            protected abstract Task<int> StepAsync(NpgsqlConnection connection);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection) => ApplyAsync(connection);

            protected override Task<int> StepAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select count(*)::int from notes");
        }

        public sealed class Purge : Repository
        {
            protected override Task<int> StepAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_abstract_text_of_another_class() => Rule.ReportsNothing(
        """
        public abstract class Repository
        {
            protected abstract string Sql { get; }

            protected Task<int> ApplyAsync(NpgsqlConnection connection) => connection.ExecuteAsync(Sql);
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            protected override string Sql => "select body from notes";

            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection) => ApplyAsync(connection);
        }

        public sealed class Purge : Repository
        {
            protected override string Sql => "delete from notes";
        }
        """);

    [Fact]
    public Task NoFalsePositive_overload_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Helper(connection, 1L);

            private static Task<int> Helper(NpgsqlConnection connection, long id) => connection.QuerySingleAsync<int>("select 1 from notes where id = @id", new { id });

            private static Task<int> Helper(NpgsqlConnection connection, string body) => connection.ExecuteAsync("delete from notes where body = @body", new { body });
        }
        """);

    [Fact]
    public Task NoFalsePositive_static_field_without_a_call() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private static readonly string Purge = "delete from notes";

            [ReadQuery]
            public static int Run(NpgsqlConnection connection) => Purge.Length;
        }
        """);

    [Fact]
    public Task NoFalsePositive_recursion_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection) => Even(connection, 3);

            private static int Even(NpgsqlConnection connection, int n) => n == 0 ? 0 : Odd(connection, n - 1);

            private static int Odd(NpgsqlConnection connection, int n) => n == 0 ? connection.QuerySingle<int>("select 1") : Even(connection, n - 1);
        }
        """);

    [Fact]
    public Task NoFalsePositive_setter_of_a_property_that_is_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static long Run(NpgsqlConnection connection) => new Counter(connection).Value;
        }

        public sealed class Counter(NpgsqlConnection connection)
        {
            public long Value
            {
                get => connection.ExecuteScalar<long>("select last from counter");
                set => connection.Execute("update counter set last = @value", new { value });
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_disposal_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Run(NpgsqlConnection connection)
            {
                using var visit = new Visit(connection);
                return 1;
            }
        }

        public sealed class Visit(NpgsqlConnection connection) : IDisposable
        {
            public void Dispose() => connection.Execute("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_constructor_of_another_overload() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static object Run(NpgsqlConnection connection) => new Visit(1);
        }

        public sealed class Visit
        {
            public Visit(long id) => Id = id;

            public Visit(NpgsqlConnection connection) => connection.Execute("insert into visits default values");

            public long Id { get; }
        }
        """);

    [Fact]
    public Task NoFalsePositive_decorator_of_a_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => store.RunAsync(connection);
        }

        public interface IStore
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class LoggingStore(IStore inner) : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => inner.RunAsync(connection);
        }

        public sealed class Store : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_object_whose_type_is_known() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection)
            {
                IStore store = new Count();
                return store.RunAsync(connection);
            }
        }

        public interface IStore
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class Count : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }

        public sealed class Purge : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_extension_method_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => connection.CountAsync();
        }

        internal static class NoteExtensions
        {
            public static Task<int> CountAsync(this NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select count(*)::int from notes");

            public static Task<int> PurgeAsync(this NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_generic_repository_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => new Repository<Note>().CountAsync(connection);
        }

        public sealed record Note(long Id);

        public class Repository<T>
        {
            public Task<int> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>($"select count(*)::int from {typeof(T).Name}");

            public Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync($"delete from {typeof(T).Name}");
        }
        """);

    [Fact]
    public Task NoFalsePositive_helper_with_a_choice_of_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, bool all) => Helper(connection, all ? "select 1 from notes" : "select 1 from notes limit 1");

            private static Task<int> Helper(NpgsqlConnection connection, string sql) => connection.QuerySingleAsync<int>(sql);
        }
        """);

    [Fact]
    public Task NoFalsePositive_helper_in_another_file_that_reads() => Rule.ReportsNothing(
        new Surroundings { Files = ["internal static class Reads { public static Task<int> OneAsync(NpgsqlConnection c) => c.QuerySingleAsync<int>(\"select 1\"); }"] },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Reads.OneAsync(connection);
        }
        """);

    [Fact]
    public Task NoFalsePositive_command_that_writes_through_a_helper() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Helper(connection);

            private static Task<int> Helper(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_method_without_an_attribute() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public static Task<int> RunAsync(NpgsqlConnection connection) => Helper(connection);

            private static Task<int> Helper(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_typeof_and_casts() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection, object store) => store is Purge ? typeof(Purge).Name : "";
        }

        public sealed class Purge
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_write_of_an_object_that_is_not_called() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Store store) => store.CountAsync(connection);
        }

        public class Store
        {
            public Task<int> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");

            public virtual Task<int> PurgeAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_delegate_field_that_reads() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Count(connection);

            private static readonly Func<NpgsqlConnection, Task<int>> Count = static connection => connection.QuerySingleAsync<int>("select 1");

            private static readonly Func<NpgsqlConnection, Task<int>> Purge = static connection => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_lambda_that_reads_handed_to_a_helper() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Retry(() => connection.QuerySingleAsync<int>("select 1"));

            public static Task<int> PurgeAsync(NpgsqlConnection connection) => Retry(() => connection.ExecuteAsync("delete from notes"));

            private static Task<int> Retry(Func<Task<int>> action) => action();
        }
        """);

    [Fact]
    public Task NoFalsePositive_class_that_only_looks_like_an_implementation() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => store.RunAsync(connection);
        }

        public interface IStore
        {
            Task<int> RunAsync(NpgsqlConnection connection);
        }

        public sealed class Count : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }

        public sealed class Purge
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_default_method_that_is_replaced_by_a_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, IStore store) => store.RunAsync(connection);
        }

        public interface IStore
        {
            Task<int> RunAsync(NpgsqlConnection connection) => Task.FromResult(0);
        }

        public sealed class Count : IStore
        {
            public Task<int> RunAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }
        """);

    [Fact]
    public Task NoFalsePositive_method_of_the_base_class_that_reads() => Rule.ReportsNothing(
        """
        public class Repository
        {
            public virtual Task<int> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<int>("select 1");
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository
        {
            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection) => base.CountAsync(connection);

            public override Task<int> CountAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_shim_of_a_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> RunAsync();

            private Task<long> RunAsync(NpgsqlConnection connection) => CountAsync();

            [ReadQuery]
            public partial Task<long> CountAsync();

            private static Task<long> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select count(*) from notes");
        }
        """);

    private static string Through(string chain, string word, string reason = "which a replica refuses") =>
        $"'RunAsync' reaches a write through {chain}: {word}, {reason}; mark the method [WriteCommand], or take the call out";
}
