namespace CompileTimeRouting.Generator.Tests;

/// <summary>A method that has the connection as its first parameter gets an overload without it.</summary>
public class OverloadTests
{
    [Fact]
    public Task Static_core_with_instance_source() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<List<int>> ActiveAsync(NpgsqlConnection connection, bool active = true, CancellationToken ct = default) =>
                Task.FromResult(new List<int>());
        }
        """);

    [Fact]
    public Task Static_core_with_static_source() => GeneratorTest.Verify("""
        namespace App;
        public static partial class Queries
        {
            internal static RoutedDataSource Db { get; set; } = null!;

            [ReadQuery]
            internal static Task<int> CountAsync(DbConnection connection) => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Instance_core_with_static_source() => GeneratorTest.Verify("""
        namespace App;
        public partial class Queries
        {
            private static readonly RoutedDataSource Db = null!;

            [ReadQuery]
            protected Task<int> CountAsync(DbConnection connection) => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Extension_on_the_connection() => GeneratorTest.Verify("""
        namespace App;
        public static partial class Queries
        {
            private static readonly RoutedDataSource Db = null!;

            [WriteCommand(Transaction = true)]
            public static async Task<int> TouchAsync(this NpgsqlConnection connection, int id, CancellationToken ct = default) =>
                await connection.ExecuteAsync(new CommandDefinition("update t set x = 1", new { id }, cancellationToken: ct));
        }
        """);

    [Fact]
    public Task Default_values() => GeneratorTest.Verify("""
        namespace App;
        public enum Level : long { Low = 1, High = -5 }
        public partial class Repository(RoutedDataSource db)
        {
            public const string Quote = "a\"b\\c\u2028";

            [ReadQuery]
            public static Task<int> FindAsync(
                NpgsqlConnection connection, int a = -1, string b = Quote, string? c = null, char d = '\'', double e = double.NaN,
                float f = 1.5f, decimal g = 1.10m, bool h = true, Level i = Level.High, Level? j = Level.Low, int? k = null, long l = long.MinValue,
                ulong m = ulong.MaxValue, DateTime n = default, Guid o = new(), DayOfWeek p = (DayOfWeek)42, float q = float.NegativeInfinity,
                double r = double.MaxValue, byte s = 1, nint t = -1, object? u = null, int? v = 3, char w = '\0', CancellationToken ct = default) =>
                Task.FromResult(a);
        }
        """);

    [Fact]
    public Task Caller_information_is_the_callers() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<int> FindAsync(
                NpgsqlConnection connection, int id, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0,
                [CallerArgumentExpression(nameof(id))] string? text = null, [CallerArgumentExpression(nameof(connection))] string? gone = null) =>
                Task.FromResult(id);
        }
        """);

    [Fact]
    public Task Virtual_core_and_override() => GeneratorTest.Verify("""
        #pragma warning disable CS0628
        namespace App;
        public partial class Base(RoutedDataSource db)
        {
            protected RoutedDataSource Db => db;

            [ReadQuery]
            public virtual Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(0);
        }
        public sealed partial class Derived(RoutedDataSource other) : Base(other)
        {
            [ReadQuery]
            public override Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(1);

            [ReadQuery]
            private protected Task<int> MineAsync(NpgsqlConnection connection) => Task.FromResult(1);
        }
        """);

    [Fact]
    public Task Partial_method_with_two_halves() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> CountAsync(NpgsqlConnection connection, int limit = 10);
            public partial Task<int> CountAsync(NpgsqlConnection connection, int limit) => Task.FromResult(limit);
        }
        """);

    [Fact]
    public Task Attribute_on_the_implementing_half() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            public partial Task<int> CountAsync(NpgsqlConnection connection);
            [ReadQuery]
            public partial Task<int> CountAsync(NpgsqlConnection connection) => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Docs_are_inherited_from_the_core() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository<TKey>(RoutedDataSource db) where TKey : notnull
        {
            /// <summary>Finds.</summary>
            [ReadQuery]
            public Task<(int Id, T? Row)> FindAsync<T>(NpgsqlConnection connection, Dictionary<TKey, T[,]> keys, (int A, string? B) pair, int? limit) =>
                Task.FromResult<(int, T?)>(default);
        }
        """);

    [Fact]
    public Task Void_and_blocking_cores() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [WriteCommand]
            public void Clear(NpgsqlConnection connection) { }

            [ReadQuery]
            public int Count(NpgsqlConnection connection, ReadOnlySpan<char> name, scoped Span<int> ids) => name.Length + ids.Length;
        }
        """);

    [Fact]
    public Task Attributes_that_warn_callers() => GeneratorTest.Verify("""
        using System.Diagnostics.CodeAnalysis;
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery, Obsolete("use \"the other\"", DiagnosticId = "APP1"), RequiresUnreferencedCode("maps by reflection", Url = "https://example.org"), RequiresDynamicCode("emits")]
            public static Task<int> FirstAsync(NpgsqlConnection connection) => Task.FromResult(0);

            [ReadQuery, Obsolete("gone", true), System.ComponentModel.Description("mine")]
            public static Task<int> SecondAsync(NpgsqlConnection connection) => Task.FromResult(0);

            [ReadQuery, Experimental("APP2"), System.Runtime.Versioning.SupportedOSPlatform("linux")]
            public static Task<object?> ThirdAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T, U>(
                NpgsqlConnection connection, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicMethods)] Type type) =>
                Task.FromResult<object?>(type);
        }
        """);
}
