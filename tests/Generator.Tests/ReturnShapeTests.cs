namespace CompileTimeRouting.Generator.Tests;

/// <summary>How a result is handed back decides how long the lease lives.</summary>
public class ReturnShapeTests
{
    [Fact]
    public Task Blocking_void() => Shape("void", "{ }");

    [Fact]
    public Task Blocking_value() => Shape("int", "=> 0;");

    [Fact]
    public Task Task_without_value() => Shape("Task", "=> Task.CompletedTask;");

    [Fact]
    public Task Task_of_value() => Shape("Task<Dictionary<string, int[]>?>", "=> Task.FromResult<Dictionary<string, int[]>?>(null);");

    [Fact]
    public Task ValueTask_without_value() => Shape("ValueTask", "=> default;");

    [Fact]
    public Task ValueTask_of_value() => Shape("ValueTask<int?>", "=> default;");

    [Fact]
    public Task Stream() => Shape("IAsyncEnumerable<string>", "{ await Task.Yield(); yield return \"\"; }", "async ");

    [Fact]
    public Task Without_retry() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery(Retry = false)] public static async IAsyncEnumerable<int> StreamAsync(NpgsqlConnection connection) { await Task.Yield(); yield return 1; }
            [ReadQuery(Retry = false)] public static Task RunAsync(NpgsqlConnection connection) => Task.CompletedTask;
            [ReadQuery(Retry = false)] public static int Count(NpgsqlConnection connection) => 0;
        }
        """);

    [Fact]
    public Task Stream_with_token() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial IAsyncEnumerable<int> FirstAsync(int from, CancellationToken ct = default);
            private static async IAsyncEnumerable<int> FirstAsync(NpgsqlConnection connection, int from, [EnumeratorCancellation] CancellationToken ct)
            {
                await Task.Delay(1, ct);
                yield return from;
            }

            [ReadQuery]
            public partial IAsyncEnumerable<int> SecondAsync([EnumeratorCancellation] CancellationToken ct = default);
            private static IAsyncEnumerable<int> SecondAsync(NpgsqlConnection connection) => throw new NotSupportedException();

            [WriteCommand]
            public IAsyncEnumerable<int> ThirdAsync(NpgsqlConnection connection, CancellationToken ct = default) => throw new NotSupportedException();

            [WriteCommand]
            public static async IAsyncEnumerable<int> FourthAsync(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken ct = default)
            {
                await Task.Delay(1, ct);
                yield return 1;
            }
        }
        """);

    [Fact]
    public Task Tuple_with_names() => Shape("Task<(int Id, string? Name)>", "=> Task.FromResult((1, (string?)null));");

    [Fact]
    public Task Dynamic_result() => Shape("Task<List<dynamic>>", "=> Task.FromResult(new List<dynamic>());");

    [Fact]
    public Task Dynamic_value() => Shape("dynamic", "=> 1;");

    private static Task Shape(string type, string body, string modifiers = "") => GeneratorTest.Verify($$"""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial {{type}} Get(int id);
            private static {{modifiers}}{{type}} Get(NpgsqlConnection connection, int id) {{body}}
        }
        """);
}
