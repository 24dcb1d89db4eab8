namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A read calls a write command.</summary>
public class CTR106
{
    [Fact]
    public Task Shim_with_sql() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync(long id);

            private Task<int> RunAsync(NpgsqlConnection connection, long id) => {|CTR106:TouchAsync(id)|};

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """,
        Calls("TouchAsync"));

    [Fact]
    public Task Shim_with_a_core() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync();

            private async Task<int> RunAsync(NpgsqlConnection connection)
            {
                await {|CTR106:TouchAsync()|};
                return 1;
            }

            [WriteCommand]
            public partial Task<int> TouchAsync();

            private static Task<int> TouchAsync(NpgsqlConnection connection) => Task.FromResult(1);
        }
        """,
        Calls("TouchAsync"));

    [Fact]
    public Task Core_of_a_command() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => {|CTR106:TouchAsync(connection, 1)|};

            [WriteCommand]
            public static Task<int> TouchAsync(NpgsqlConnection connection, long id) => Task.FromResult(1);
        }
        """,
        Calls("TouchAsync"));

    [Fact]
    public Task Command_of_another_object() => Rule.Reports(
        """
        public sealed partial class Notes(Log log)
        {
            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection) => {|CTR106:log.AddAsync("read")|};

            private readonly RoutedDataSource _db = null!;
        }

        public sealed partial class Log(RoutedDataSource db)
        {
            [WriteCommand("insert into log (body) values (@body)")]
            public partial Task<int> AddAsync(string body);
        }
        """,
        Calls("AddAsync"));

    [Fact]
    public Task Twice() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync();

            private async Task<int> RunAsync(NpgsqlConnection connection) => await {|CTR106:TouchAsync(1)|} + await {|CTR106:TouchAsync(2)|};

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """,
        Calls("TouchAsync"),
        Calls("TouchAsync"));

    [Fact]
    public Task In_another_file() => Rule.Reports(
        new Surroundings
        {
            Files = ["public sealed partial class Log(RoutedDataSource db) { [WriteCommand(\"insert into log (body) values (@body)\")] public partial Task<int> AddAsync(string body); }"],
        },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Log log) => {|CTR106:log.AddAsync("read")|};
        }
        """,
        Calls("AddAsync"));

    [Fact]
    public Task In_another_assembly() => Rule.Reports(
        new Surroundings
        {
            Library = "public sealed partial class Log(RoutedDataSource db) { [WriteCommand(\"insert into log (body) values (@body)\")] public partial Task<int> AddAsync(string body); }",
        },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Log log) => {|CTR106:log.AddAsync("read")|};
        }
        """,
        Calls("AddAsync"));

    [Fact]
    public Task Generated_overload_in_another_assembly() => Rule.Reports(
        new Surroundings
        {
            Library = "public sealed partial class Log(RoutedDataSource db) { [WriteCommand] public Task<int> AddAsync(NpgsqlConnection connection, string body) => Task.FromResult(1); }",
        },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection, Log log) => {|CTR106:log.AddAsync("read")|};
        }
        """,
        Calls("AddAsync"));

    [Fact]
    public Task NoFalsePositive_another_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<long> RunAsync();

            private Task<long> RunAsync(NpgsqlConnection connection) => CountAsync();

            [ReadQuery("select count(*) from notes")]
            public partial Task<long> CountAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_read_in_another_assembly() => Rule.ReportsNothing(
        new Surroundings { Library = "public sealed partial class Log(RoutedDataSource db) { [ReadQuery(\"select count(*) from log\")] public partial Task<long> CountAsync(); }" },
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> RunAsync(NpgsqlConnection connection, Log log) => log.CountAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_command_calls_a_command() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public partial Task<int> RunAsync();

            private Task<int> RunAsync(NpgsqlConnection connection) => TouchAsync(1);

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_method_without_an_attribute() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public Task<int> RunAsync() => TouchAsync(1);

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_nameof() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static string Run(NpgsqlConnection connection) => nameof(TouchAsync);

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_command_after_a_read() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public async Task<long> RunAsync()
            {
                var count = await CountAsync();
                await TouchAsync(7);
                return count;
            }

            [ReadQuery("select count(*) from notes")]
            public partial Task<long> CountAsync();

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_uncalled_local_function() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public Task<int> RunAsync(NpgsqlConnection connection)
            {
                return Task.FromResult(1);
        #pragma warning disable CS8321
                Task<int> Unused() => TouchAsync(1);
            }

            [WriteCommand("update notes set seen = now() where id = @id")]
            public partial Task<int> TouchAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_attribute_of_another_library() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> RunAsync(NpgsqlConnection connection) => Foreign.Log.AddAsync();
        }

        namespace Foreign
        {
            public sealed class WriteCommandAttribute : Attribute;

            public static class Log
            {
                [Foreign.WriteCommand]
                public static Task<int> AddAsync() => Task.FromResult(1);
            }
        }
        """);

    private static string Calls(string command) =>
        $"'RunAsync' calls '{command}', which is marked [WriteCommand]; mark the method [WriteCommand] too, or leave the call to its caller";
}
