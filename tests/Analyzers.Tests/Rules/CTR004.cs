namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>The signature can't be routed.</summary>
public class CTR004
{
    [Fact]
    public Task Parameters() => Rule.Reports(
        """
        public sealed unsafe partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Out(NpgsqlConnection connection, out long {|CTR004:count|}) => count = 1;

            [ReadQuery]
            public static void Ref(NpgsqlConnection connection, ref long {|CTR004:count|}) => count = 1;

            [ReadQuery]
            public static long In(NpgsqlConnection connection, in long {|CTR004:limit|}) => limit;

            [ReadQuery]
            public static long Pointer(NpgsqlConnection connection, int* {|CTR004:ids|}) => *ids;

            [ReadQuery]
            public static Task<long> SpanAsync(NpgsqlConnection connection, ReadOnlySpan<int> {|CTR004:ids|}) => Task.FromResult((long)ids.Length);

            [ReadQuery]
            public static Task<long> Tokens(NpgsqlConnection connection, CancellationToken a, CancellationToken {|CTR004:b|}) => Task.FromResult(1L);

            [ReadQuery]
            public partial Task<long> Hiding(string {|CTR004:db|});

            private static Task<long> Hiding(NpgsqlConnection connection, string db) => Task.FromResult(1L);

            [ReadQuery]
            public static long Since(NpgsqlConnection connection, [System.Runtime.InteropServices.Optional, DateTimeConstant(1)] DateTime {|CTR004:start|}) => 1;

            [ReadQuery]
            public static long Connection(ref NpgsqlConnection {|CTR004:connection|}) => 1;
        }
        """,
        "'Out' can't be routed: its parameter 'count' is passed by reference; take the value and return what the caller needs",
        "'Ref' can't be routed: its parameter 'count' is passed by reference; take the value and return what the caller needs",
        "'In' can't be routed: its parameter 'limit' is passed by reference; take the value and return what the caller needs",
        "'Pointer' can't be routed: its parameter 'ids' is a pointer; take an array or Memory<T>",
        "'SpanAsync' can't be routed: its parameter 'ids' is a ref struct, which can't live through an await; take an array or Memory<T>",
        "'Tokens' can't be routed: its parameter 'b' is a second cancellation token; keep one",
        "'Hiding' can't be routed: its parameter 'db' hides the data source, a primary-constructor parameter of that name; rename it",
        "'Since' can't be routed: C# has no literal for the default value of its parameter 'start'; make it required",
        "'Connection' can't be routed: its connection is passed by reference; take it by value");

    [Fact]
    public Task Results() => Rule.Reports(
        """
        public struct Job { public TaskAwaiter GetAwaiter() => default; }

        public sealed partial class Notes(RoutedDataSource db)
        {
            private static long s_count;

            [ReadQuery]
            public static {|CTR004:ref long|} Ref(NpgsqlConnection connection) => ref s_count;

            [ReadQuery]
            public static {|CTR004:ReadOnlySpan<int>|} Span(NpgsqlConnection connection) => default;

            [ReadQuery]
            public static unsafe {|CTR004:int*|} Pointer(NpgsqlConnection connection) => null;

            [ReadQuery]
            public static {|CTR004:Job|} Awaitable(NpgsqlConnection connection) => default;

            [WriteCommand]
            public static async void {|CTR004:Forgotten|}(NpgsqlConnection connection) => await connection.ExecuteAsync("delete from notes");

            [WriteCommand(Transaction = true)]
            public static async IAsyncEnumerable<int> {|CTR004:Stream|}(NpgsqlConnection connection) { await Task.Yield(); yield return 1; }
        }
        """,
        "'Ref' can't be routed: it returns by reference; return the value",
        "'Span' can't be routed: it returns a ref struct; return an array or Memory<T>",
        "'Pointer' can't be routed: it returns a pointer; return an array or Memory<T>",
        "'Awaitable' can't be routed: it can be awaited, but isn't Task or ValueTask, so the connection would be given back too early; return one of those",
        "'Forgotten' can't be routed: it is async void, and its end can't be awaited; return Task",
        "'Stream' can't be routed: a transaction can't stay open while its caller enumerates a stream; return List<T>");

    [Fact]
    public Task Methods() => Rule.Reports(
        """
        public interface INotes
        {
            long Count(NpgsqlConnection connection);
        }

        public abstract partial class Notes(RoutedDataSource db) : INotes
        {
            [ReadQuery]
            public abstract long {|CTR004:Abstract|}(NpgsqlConnection connection);

            [ReadQuery, System.Runtime.InteropServices.DllImport("x")]
            public static extern long {|CTR004:Extern|}(NpgsqlConnection connection);

            [ReadQuery]
            public static long {|CTR004:Varargs|}(NpgsqlConnection connection, __arglist) => 1;

            [ReadQuery]
            public static long {|CTR004:AntiConstraint|}<T>(NpgsqlConnection connection, T value) where T : allows ref struct => 1;

            [ReadQuery]
            public unsafe partial long {|CTR004:Unsafe|}();

            private static long Unsafe(NpgsqlConnection connection) => 1;

            [ReadQuery]
            long INotes.{|CTR004:Count|}(NpgsqlConnection connection) => 1;
        }
        """,
        "'Abstract' can't be routed: it is abstract; mark the methods that override it",
        "'Extern' can't be routed: it is extern; give it a body",
        "'Varargs' can't be routed: it has __arglist; take an array",
        "'AntiConstraint' can't be routed: it has a type parameter that allows a ref struct; remove 'allows ref struct'",
        "'Unsafe' can't be routed: it is unsafe; leave that to the method it calls",
        "'Count' can't be routed: it implements an interface explicitly; route an ordinary method and call that one from here");

    [Fact]
    public Task What_is_no_method() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public long Size
            {
                [ReadQuery] {|CTR004:get|};
                [WriteCommand] {|CTR004:set|};
            }

            public event Action Changed
            {
                [WriteCommand] {|CTR004:add|} { }
                remove { }
            }

            [WriteCommand]
            public static Notes operator {|CTR004:+|}(Notes a, Notes b) => a;

            [WriteCommand]
            ~{|CTR004:Notes|}() { }

            public void Local()
            {
                [ReadQuery]
                static long {|CTR004:Inner|}(NpgsqlConnection connection) => 1;
                Inner(null!);
                Func<long> f = [{|CTR004:ReadQuery|}] () => 1;
                Func<long, long> g = [{|CTR004:ReadQuery|}] [return: System.Diagnostics.CodeAnalysis.NotNull] (x) => x;
            }
        }
        """,
        "'Size' can't be routed: only an ordinary method can be; route one and call it from here",
        "'Size' can't be routed: only an ordinary method can be; route one and call it from here",
        "'Changed' can't be routed: only an ordinary method can be; route one and call it from here",
        "'op_Addition' can't be routed: only an ordinary method can be; route one and call it from here",
        "'Finalize' can't be routed: only an ordinary method can be; route one and call it from here",
        "'Inner' can't be routed: it is a local function; make it a method of its class",
        "'lambda expression' can't be routed: it is a lambda expression; make it a method of its class",
        "'lambda expression' can't be routed: it is a lambda expression; make it a method of its class");

    [Fact]
    public Task Types() => Rule.Reports(
        """
        public partial interface INotes
        {
            [ReadQuery]
            long {|CTR004:Count|}(NpgsqlConnection connection);
        }

        public ref partial struct Fleeting
        {
            [ReadQuery]
            public static long {|CTR004:Measure|}(NpgsqlConnection connection) => 1;
        }

        file sealed partial class Hidden(RoutedDataSource db)
        {
            public sealed partial class Inner(RoutedDataSource db)
            {
                [ReadQuery]
                public static long {|CTR004:Sum|}(NpgsqlConnection connection) => 1;
            }
        }

        public sealed partial class Generic<T>(RoutedDataSource db) where T : allows ref struct
        {
            [ReadQuery]
            public static long {|CTR004:Average|}(NpgsqlConnection connection) => 1;
        }
        """,
        "'Count' can't be routed: 'INotes' is neither a class nor a struct; mark a method of one",
        "'Measure' can't be routed: 'Fleeting' is a ref struct; move the method to a class",
        "'Sum' can't be routed: 'Hidden' is local to its file, and the shim is generated into another one; remove 'file'",
        "'Average' can't be routed: 'Generic' has a type parameter that allows a ref struct; remove 'allows ref struct'");

    [Fact]
    public Task Method_of_an_extension_block() => Rule.Reports(
        """
        public static partial class Extensions
        {
            private static readonly RoutedDataSource Db = null!;

            extension(NpgsqlConnection connection)
            {
                [ReadQuery]
                public long {|CTR004:Count|}() => 1;
            }
        }
        """,
        "'Count' can't be routed: it stands in an extension block; make it a method of the class");

    [Fact]
    public Task NoFalsePositive_value_parameters() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static Task<long> CountAsync(
                NpgsqlConnection connection, int[] ids, (int A, string? B) pair, Memory<byte> memory, dynamic any, CancellationToken ct = default,
                DateTime since = default, decimal price = 1.5m, DayOfWeek day = DayOfWeek.Friday, [CallerMemberName] string caller = "", params string[] words) =>
                Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_span_in_a_synchronous_method() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static long Count(NpgsqlConnection connection, scoped ReadOnlySpan<int> ids) => ids.Length;
        }
        """);

    [Fact]
    public Task NoFalsePositive_results() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static void Void(NpgsqlConnection connection) { }

            [WriteCommand]
            public static async Task NoValue(NpgsqlConnection connection) => await Task.Yield();

            [WriteCommand]
            public static ValueTask ValueTask(NpgsqlConnection connection) => default;

            [WriteCommand(Transaction = true)]
            public static ValueTask<(int, string?)> Tuple(NpgsqlConnection connection) => default;

            [ReadQuery]
            public static async IAsyncEnumerable<int> Stream(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken ct) { await Task.Yield(); yield return 1; }
        }
        """);

    [Fact]
    public Task NoFalsePositive_virtual_generic_and_overridden() => Rule.ReportsNothing(
        """
        public abstract partial class Repository(RoutedDataSource db)
        {
            protected RoutedDataSource Db { get; } = db;

            [ReadQuery]
            protected internal virtual Task<T> GetAsync<T>(NpgsqlConnection connection, T fallback) where T : class => Task.FromResult(fallback);

            public abstract Task<long> CountAsync();
        }

        public sealed partial class Notes(RoutedDataSource db) : Repository(db)
        {
            [ReadQuery]
            public override partial Task<long> CountAsync();

            private Task<long> CountAsync(NpgsqlConnection connection) => Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_implements_an_interface_implicitly() => Rule.ReportsNothing(
        """
        public interface INotes
        {
            Task<long> CountAsync(CancellationToken ct);
        }

        public sealed partial class Notes(RoutedDataSource db) : INotes
        {
            [ReadQuery]
            public partial Task<long> CountAsync(CancellationToken ct);

            private static Task<long> CountAsync(NpgsqlConnection connection, CancellationToken ct) => Task.FromResult(1L);
        }
        """);

    [Fact]
    public Task NoFalsePositive_local_functions_and_lambdas_with_other_attributes() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static long Count(NpgsqlConnection connection)
            {
                [MethodImpl(MethodImplOptions.NoInlining)] static long Inner() => 1;
                Func<long> f = [Obsolete] () => Inner();
                return f();
            }
        }
        """);
}
