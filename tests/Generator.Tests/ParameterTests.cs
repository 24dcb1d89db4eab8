namespace CompileTimeRouting.Generator.Tests;

/// <summary>Parameters are repeated as they were written.</summary>
public class ParameterTests
{
    [Theory]
    [InlineData("System.IO.Stream", true)]
    [InlineData("System.IO.FileStream", true)]
    [InlineData("System.IO.TextWriter?", true)]
    [InlineData("IAsyncEnumerable<int>", true)]
    [InlineData("IEnumerator<int>", true)]
    [InlineData("List<int>.Enumerator", true)]
    [InlineData("NpgsqlBinaryExporter", true)]
    [InlineData("NpgsqlDataReader", true)]
    [InlineData("System.Threading.Channels.ChannelWriter<int>", true)]
    [InlineData("IProgress<int>", true)]
    [InlineData("Action<int>", true)]
    [InlineData("Func<int, Task>", true)]
    [InlineData("ValueTask<int>", true)]
    [InlineData("Func<int, bool>", false)]
    [InlineData("IEnumerable<int>", false)]
    [InlineData("IReadOnlyList<int>", false)]
    [InlineData("string", false)]
    [InlineData("int?", false)]
    [InlineData("byte[]", false)]
    [InlineData("Task<int>", false)]
    public void A_call_with_what_can_be_used_once_is_not_tried_again(string type, bool isOneShot)
    {
        var driver = GeneratorTest.Run(TestCompilation.Create($"public partial class R(RoutedDataSource db) {{ [WriteCommand] public static void Run(NpgsqlConnection connection, {type} value) {{ }} }}"), out var output);
        GeneratorTest.AssertCompiles(output);
        Assert.Equal(isOneShot, !driver.GetRunResult().GeneratedTrees.Single(static tree => tree.FilePath.EndsWith("R.Routing.g.cs", StringComparison.Ordinal)).ToString().Contains("ShouldRetry", StringComparison.Ordinal));
    }

    [Fact]
    public Task Params_array_and_collections() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int> OneAsync(CancellationToken ct, params int[] ids);
            private static Task<int> OneAsync(NpgsqlConnection connection, CancellationToken ct, params int[] ids) => Task.FromResult(0);

            [ReadQuery] public partial Task<int> TwoAsync(params List<string> names);
            private static Task<int> TwoAsync(NpgsqlConnection connection, params List<string> names) => Task.FromResult(0);

            [ReadQuery] public partial Task<int> ThreeAsync(params IEnumerable<string> names);
            private static Task<int> ThreeAsync(NpgsqlConnection connection, IEnumerable<string> names) => Task.FromResult(0);

            [ReadQuery] public partial int Four(params ReadOnlySpan<string> names);
            private static int Four(NpgsqlConnection connection, params ReadOnlySpan<string> names) => 0;

            [ReadQuery] public static Task<int> FiveAsync(NpgsqlConnection connection, params int[] ids) => Task.FromResult(0);
            [ReadQuery] public static Task<int> SixAsync(NpgsqlConnection connection, params IReadOnlyList<int> ids) => Task.FromResult(0);
            [ReadQuery] public static int Seven(NpgsqlConnection connection, params ReadOnlySpan<int> ids) => 0;
        }
        """);

    [Fact]
    public Task Scoped_spans() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial int Count(scoped ReadOnlySpan<char> name);
            private static int Count(NpgsqlConnection connection, scoped ReadOnlySpan<char> name) => name.Length;
        }
        """);

    [Fact]
    public Task Escaped_identifiers() => GeneratorTest.Verify("""
        namespace App.@namespace;
        public enum @enum { A }
        public partial class @class(RoutedDataSource @this_)
        {
            [ReadQuery] public partial Task<int> @event(int @class, int from, int @await, @enum @default, CancellationToken @ref);
            private static Task<int> @event(NpgsqlConnection connection, int @class, int from, int @await, @enum @default, CancellationToken @ref) => Task.FromResult(0);

            [ReadQuery] public static Task<int> @int<@out>(NpgsqlConnection @in, @out @params, @enum e = @enum.A) where @out : notnull => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Names_like_generated_ones() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            private readonly int __ctr_Route_CountAsync = 1;

            [ReadQuery] public partial Task<int> CountAsync(int __ctr_lease, int __ctr__lease, CancellationToken __ctr_Route_CountAsync);
            private Task<int> CountAsync(NpgsqlConnection connection, int __ctr_lease, int __ctr__lease, CancellationToken ct) =>
                Task.FromResult(this.__ctr_Route_CountAsync);
        }
        """);

    [Fact]
    public Task Parameter_named_as_the_method_or_the_field() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository
        {
            private readonly RoutedDataSource _db = null!;

            [ReadQuery] public partial Task<int> CountAsync(int CountAsync, string _db);
            private static Task<int> CountAsync(NpgsqlConnection connection, int a, string b) => Task.FromResult(a);
        }
        """);

    [Fact]
    public Task Dynamic_arguments_are_bound_statically() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int> CountAsync(dynamic? a, List<dynamic> b);
            private static Task<int> CountAsync(NpgsqlConnection connection, dynamic? a, List<dynamic> b) => Task.FromResult(0);

            [ReadQuery] public partial Task<int> SecondAsync(dynamic a);
            private static Task<int> SecondAsync(NpgsqlConnection connection, object a) => Task.FromResult(0);

            [ReadQuery] public static dynamic Third(NpgsqlConnection connection, dynamic a, CancellationToken ct = default) => a;
        }
        """);

    [Fact]
    public Task Tuples_and_nullables() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int?> CountAsync((int Id, string? Name) key, int? limit, string?[]? names, Dictionary<string, List<int?>?> map);
            private static Task<int?> CountAsync(NpgsqlConnection connection, (int, string?) key, int? limit, string?[]? names, Dictionary<string, List<int?>?> map) =>
                Task.FromResult(limit);
        }
        """);

    [Fact]
    public Task Annotations_disabled() => GeneratorTest.Verify("""
        #nullable disable
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<string> NameAsync(string key, List<string> keys);
            private static Task<string> NameAsync(NpgsqlConnection connection, string key, List<string> keys) => Task.FromResult(key);

            [ReadQuery] public static Task<string> OtherAsync(NpgsqlConnection connection, string key = null) => Task.FromResult(key);
        }
        """);

    [Fact]
    public Task Obsolete_and_experimental_types() => GeneratorTest.Verify("""
        #pragma warning disable CS0612, CS0618, NEW001, NEW002
        namespace App;
        [Obsolete] public sealed class Old;
        [Obsolete("Use another.")] public sealed class Older;
        [System.Diagnostics.CodeAnalysis.Experimental("NEW001")] public sealed class New;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<List<New>> NamesAsync(Old old, Older[] older);
            private static Task<List<New>> NamesAsync(NpgsqlConnection connection, Old old, Older[] older) => Task.FromResult(new List<New>());

            [ReadQuery, Obsolete("Don't."), System.Diagnostics.CodeAnalysis.Experimental("NEW002")]
            public static Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Attributes_that_change_nullability() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            [return: System.Diagnostics.CodeAnalysis.MaybeNull]
            public static T Get<T>(NpgsqlConnection connection, [System.Diagnostics.CodeAnalysis.DisallowNull] T? value) => value;
        }
        """);
}
