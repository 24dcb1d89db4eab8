namespace CompileTimeRouting.Generator.Tests;

/// <summary>Each rule on signatures: what breaks it, where, and with what words.</summary>
public class SignatureRuleTests
{
    private const string Core = "static Task<int> CountAsync(NpgsqlConnection connection, int id) => Task.FromResult(id);";

    [Theory]
    [InlineData("public class R(RoutedDataSource db) { [ReadQuery] public Task<int> CountAsync(NpgsqlConnection c) => Task.FromResult(0); }", "CTR001 [R]: CountAsync | R")]
    [InlineData("public class A { public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> CountAsync(NpgsqlConnection c) => Task.FromResult(0); } }", "CTR001 [A]: CountAsync | A")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> CountAsync(int id); " + Core + " }", "CTR001 [CountAsync]: CountAsync | CountAsync")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery(\"select 1\")] public Task<int> CountAsync(int id); }", "CTR001 [CountAsync]: CountAsync | CountAsync")]
    public void Not_partial(string source, string expected) => AssertBroken(source, expected);

    [Theory]
    [InlineData("public partial class R { [ReadQuery] public partial Task<int> CountAsync(int id); " + Core + " }", "CTR002 [CountAsync]: CountAsync | R | RoutedDataSource | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(RoutedDataSource db) { public void Use() => db.Dispose(); [ReadQuery] public static partial Task<int> CountAsync(int id); " + Core + " }", "CTR002 [CountAsync]: CountAsync | R | RoutedDataSource | static field or property")]
    [InlineData("public static partial class R { [ReadQuery] public static Task<int> CountAsync(NpgsqlConnection c) => Task.FromResult(0); }", "CTR002 [CountAsync]: CountAsync | R | RoutedDataSource | static field or property")]
    [InlineData("public class B { private RoutedDataSource Db => null!; } public partial class R : B { [ReadQuery] public Task<int> CountAsync(NpgsqlConnection c) => Task.FromResult(0); }", "CTR002 [CountAsync]: CountAsync | R | RoutedDataSource | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> CountAsync(BookingContext c) => Task.FromResult(0); }", "CTR002 [CountAsync]: CountAsync | R | RoutedDbContextFactory<BookingContext> | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> CountAsync(); Task<int> CountAsync(BookingContext c) => Task.FromResult(0); }", "CTR002 [CountAsync]: CountAsync | R | RoutedDbContextFactory<BookingContext> | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(RoutedDataSource a, RoutedDataSource b) { [ReadQuery] public partial Task<int> CountAsync(int id); " + Core + " }", "CTR003 [CountAsync]: CountAsync | R | a, b")]
    [InlineData("public partial class R(RoutedDataSource a) { RoutedDataSource _b = a; RoutedDataSource C { get; } = a; [ReadQuery] public partial Task<int> CountAsync(int id); " + Core + " }", "CTR003 [CountAsync]: CountAsync | R | _b, C")]
    [InlineData("public partial class R(" + Factory + "<BookingContext> contexts) { [ReadQuery] public partial Task<int> CountAsync(int id); " + Core + " }", "CTR002 [CountAsync]: CountAsync | R | RoutedDataSource | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(" + Factory + "<BookingContext> contexts) { [ReadQuery(\"select 1\")] public partial Task<int> CountAsync(); }", "CTR002 [CountAsync]: CountAsync | R | RoutedDataSource | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(" + Factory + "<BookingContext> contexts) { [ReadQuery] public partial Task<int> CountAsync(); Task<int> CountAsync(OwnContext c) => Task.FromResult(0); }", "CTR002 [CountAsync]: CountAsync | R | RoutedDbContextFactory<OwnContext> | field, property or primary-constructor parameter")]
    [InlineData("public partial class R(" + Factory + "<BookingContext> a, " + Factory + "<OwnContext> b) { [ReadQuery] public partial Task<int> CountAsync(); Task<int> CountAsync(Microsoft.EntityFrameworkCore.DbContext c) => Task.FromResult(0); }", "CTR003 [CountAsync]: CountAsync | R | a, b")]
    public void Not_one_source(string source, string expected) => AssertBroken(source, expected);

    [Theory]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c, ref int a) => 0;", "CTR004 [a]: Get | its parameter 'a' is passed by reference; take the value and return what the caller needs")]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c, in int a) => 0;", "CTR004 [a]: Get | its parameter 'a' is passed by reference; take the value and return what the caller needs")]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c, out int a) => a = 0;", "CTR004 [a]: Get | its parameter 'a' is passed by reference; take the value and return what the caller needs")]
    [InlineData("[ReadQuery] public int Get(ref NpgsqlConnection c) => 0;", "CTR004 [c]: Get | its connection is passed by reference; take it by value")]
    [InlineData("[ReadQuery] public ref int Get(NpgsqlConnection c, int[] a) => ref a[0];", "CTR004 [ref int]: Get | it returns by reference; return the value")]
    [InlineData("[ReadQuery] public Span<int> Get(NpgsqlConnection c) => default;", "CTR004 [Span<int>]: Get | it returns a ref struct; return an array or Memory<T>")]
    [InlineData("[ReadQuery] public unsafe int* Get(NpgsqlConnection c) => null;", "CTR004 [int*]: Get | it returns a pointer; return an array or Memory<T>")]
    [InlineData("[ReadQuery] public unsafe int Get(NpgsqlConnection c, delegate*<int>[] a) => 0;", "CTR004 [a]: Get | its parameter 'a' is a pointer; take an array or Memory<T>")]
    [InlineData("[ReadQuery] public Task<int> Get(NpgsqlConnection c, ReadOnlySpan<int> a) => Task.FromResult(0);", "CTR004 [a]: Get | its parameter 'a' is a ref struct, which can't live through an await; take an array or Memory<T>")]
    [InlineData("[ReadQuery] public async void Get(NpgsqlConnection c) => await Task.Yield();", "CTR004 [Get]: Get | it is async void, and its end can't be awaited; return Task")]
    [InlineData("[ReadQuery] public YieldAwaitable Get(NpgsqlConnection c) => Task.Yield();", "CTR004 [YieldAwaitable]: Get | it can be awaited, but isn't Task or ValueTask, so the connection would be given back too early; return one of those")]
    [InlineData("[ReadQuery] public Task<int> Get(NpgsqlConnection c, CancellationToken a, CancellationToken b) => Task.FromResult(0);", "CTR004 [b]: Get | its parameter 'b' is a second cancellation token; keep one")]
    [InlineData("[ReadQuery] public Task<int> Get(NpgsqlConnection c, int db) => Task.FromResult(0);", "CTR004 [db]: Get | its parameter 'db' hides the data source, a primary-constructor parameter of that name; rename it")]
    [InlineData("[ReadQuery] public Task<int> Get<T>(NpgsqlConnection c, T a) where T : allows ref struct => Task.FromResult(0);", "CTR004 [Get]: Get | it has a type parameter that allows a ref struct; remove 'allows ref struct'")]
    [InlineData("[ReadQuery] public Task<int> Get(NpgsqlConnection c, [System.Runtime.InteropServices.Optional, DateTimeConstant(1)] DateTime a) => Task.FromResult(0);", "CTR004 [a]: Get | C# has no literal for the default value of its parameter 'a'; make it required")]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c, __arglist) => 0;", "CTR004 [Get]: Get | it has __arglist; take an array")]
    [InlineData("[ReadQuery] public abstract Task<int> Get(NpgsqlConnection c);", "CTR004 [Get]: Get | it is abstract; mark the methods that override it")]
    [InlineData("[ReadQuery, System.Runtime.InteropServices.DllImport(\"x\")] public static extern int Get(NpgsqlConnection c);", "CTR004 [Get]: Get | it is extern; give it a body")]
    [InlineData("[ReadQuery] public unsafe partial int Get(int a); private int Get(NpgsqlConnection c, int a) => 0;", "CTR004 [Get]: Get | it is unsafe; leave that to the method it calls")]
    [InlineData("int I.Get(NpgsqlConnection c) => 0; public int Value { [ReadQuery] get => 0; }", "CTR004 [get]: Value | only an ordinary method can be; route one and call it from here")]
    [InlineData("[ReadQuery] int I.Get(NpgsqlConnection c) => 0;", "CTR004 [Get]: Get | it implements an interface explicitly; route an ordinary method and call that one from here")]
    [InlineData("[ReadQuery] public static int operator +(R a, R b) => 0;", "CTR004 [+]: op_Addition | only an ordinary method can be; route one and call it from here")]
    [InlineData("public void M() { L(null!); [ReadQuery] int L(NpgsqlConnection c) => 0; }", "CTR004 [L]: L | it is a local function; make it a method of its class")]
    [InlineData("[WriteCommand(Transaction = true)] public IAsyncEnumerable<int> Get(NpgsqlConnection c) => null!;", "CTR004 [Get]: Get | a transaction can't stay open while its caller enumerates a stream; return List<T>")]
    public void Unsupported_signature(string members, string expected) => AssertBroken(
        $"public interface I {{ int Get(NpgsqlConnection c); }} public abstract unsafe partial class R(RoutedDataSource db){(members.Contains("I.Get", StringComparison.Ordinal) ? " : I" : "")} {{ {members} }}", expected);

    [Theory]
    [InlineData("public partial interface I { [ReadQuery] int Get(NpgsqlConnection c) => 0; }", "CTR004 [Get]: Get | 'I' is neither a class nor a struct; mark a method of one")]
    [InlineData("file partial class R(RoutedDataSource db) { [ReadQuery] public int Get(NpgsqlConnection c) => 0; }", "CTR004 [Get]: Get | 'R' is local to its file, and the shim is generated into another one; remove 'file'")]
    [InlineData("file partial class F { public partial class R(RoutedDataSource db) { [ReadQuery] public int Get(NpgsqlConnection c) => 0; } }", "CTR004 [Get]: Get | 'F' is local to its file, and the shim is generated into another one; remove 'file'")]
    [InlineData("public ref partial struct R(RoutedDataSource db) { [ReadQuery] public int Get(NpgsqlConnection c) => 0; }", "CTR004 [Get]: Get | 'R' is a ref struct; move the method to a class")]
    [InlineData("public partial class R<T>(RoutedDataSource db) where T : allows ref struct { [ReadQuery] public Task<int> Get(NpgsqlConnection c, T t) => Task.FromResult(0); }", "CTR004 [Get]: Get | 'R' has a type parameter that allows a ref struct; remove 'allows ref struct'")]
    [InlineData("public static partial class R { extension(int i) { [ReadQuery] public int Get() => 0; } }", "CTR004 [Get]: Get | it stands in an extension block; make it a method of the class")]
    public void Unsupported_containing_type(string source, string expected) => AssertBroken(source, expected);

    private const string Advice = "; return List<T>, IReadOnlyList<T>, T[] or IAsyncEnumerable<T>";

    [Theory]
    [InlineData("IQueryable<int>", "'IQueryable<int>' runs its query when it is enumerated")]
    [InlineData("Task<IOrderedQueryable<int>>", "'IOrderedQueryable<int>' runs its query when it is enumerated")]
    [InlineData("IEnumerable<int>", "'IEnumerable<int>' may do its work after the connection was given back")]
    [InlineData("Task<IEnumerable<int>>", "'IEnumerable<int>' may do its work after the connection was given back")]
    [InlineData("Task<System.Collections.IEnumerable>", "'IEnumerable' may do its work after the connection was given back")]
    [InlineData("ValueTask<(int, IEnumerable<int>[])>", "'IEnumerable<int>' may do its work after the connection was given back")]
    [InlineData("Task<IAsyncEnumerable<int>>", "'IAsyncEnumerable<int>' may do its work after the connection was given back")]
    [InlineData("IAsyncEnumerator<int>", "'IAsyncEnumerator<int>' may do its work after the connection was given back")]
    [InlineData("Task<Task<int>>", "'Task<int>' may do its work after the connection was given back")]
    [InlineData("Task<Lazy<int>>", "'Lazy<int>' may do its work after the connection was given back")]
    [InlineData("Task<NpgsqlDataReader>", "'NpgsqlDataReader' is of no use without its connection")]
    [InlineData("Task<List<DbCommand>>", "'DbCommand' is of no use without its connection")]
    [InlineData("NpgsqlBatch", "'NpgsqlBatch' is of no use without its connection")]
    [InlineData("IDbConnection", "'IDbConnection' is of no use without its connection")]
    [InlineData("Task<BookingContext>", "'BookingContext' is of no use without its connection")]
    public void Result_escapes(string type, string why)
    {
        // The shim is generated all the same: whoever suppresses the rule wants it.
        var compilation = TestCompilation.Create(Stubs, $"public partial class R(RoutedDataSource db) {{ [ReadQuery] public {type} Get(NpgsqlConnection c) => throw new Exception(); }}");
        GeneratorTest.Run(compilation, out var output);
        GeneratorTest.AssertCompiles(output);
        Assert.NotEqual(compilation.SyntaxTrees, output.SyntaxTrees);
        var violation = Assert.Single(Readings.Violations(output));
        Assert.StartsWith($"CTR005 [{type}]: Get | ", violation, StringComparison.Ordinal);
        Assert.EndsWith($" | {why}{Advice}", violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Task<List<int>>")]
    [InlineData("Task<IReadOnlyList<(int, string)>>")]
    [InlineData("Task<Dictionary<int, string[]>>")]
    [InlineData("Task<ILookup<int, string>>")]
    [InlineData("IAsyncEnumerable<List<int>>")]
    [InlineData("Task<string>")]
    [InlineData("Task<DataTable>")]
    [InlineData("Task<System.Collections.Immutable.ImmutableArray<int>>")]
    public void Result_stays(string type) => AssertBroken(
        $"public partial class R(RoutedDataSource db) {{ [ReadQuery] public {type} Get(NpgsqlConnection c) => throw new Exception(); }}");

    [Theory]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c, int a) => 0; private int Get(int b) => b;", "CTR006 [Get]: Get | R.Get(int)")]
    [InlineData("[ReadQuery] public int Get<T>(NpgsqlConnection c, List<(T A, object B)> a) => 0; private static void Get<U>(List<(U, dynamic)> b) {}", "CTR006 [Get]: Get | R.Get<U>(List<(U, dynamic)>)")]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c) => 0; [WriteCommand] public int Get(DbConnection c) => 0;", "CTR006 [Get]: Get | R.Get(DbConnection)", "CTR006 [Get]: Get | R.Get(NpgsqlConnection)")]
    [InlineData("[ReadQuery] public int Get(NpgsqlConnection c, int a) => 0; private int Get(string b) => 0; private int Get<T>(int b) => 0; private int Get(int b, int c) => 0;")]
    public void Shim_collides(string members, params string[] expected) => AssertBroken($"public partial class R(RoutedDataSource db) {{ {members} }}", expected);

    [Theory]
    [InlineData("[ReadQuery] public partial Task<int> GetAsync(int a, CancellationToken ct);", "no method named 'GetAsync' takes the connection first; write 'private Task<int> GetAsync(NpgsqlConnection connection, int a, CancellationToken ct)'")]
    [InlineData("[ReadQuery] public partial Task<int> GetAsync(int a); Task<int> GetAsync(NpgsqlConnection c, long a) => null!;", "'R.GetAsync(NpgsqlConnection, long)' doesn't match; write 'private Task<int> GetAsync(NpgsqlConnection connection, int a)'")]
    [InlineData("[ReadQuery] public partial Task<int> GetAsync(int a); Task<long> GetAsync(NpgsqlConnection c, int a) => null!;", "'R.GetAsync(NpgsqlConnection, int)' doesn't match; write 'private Task<int> GetAsync(NpgsqlConnection connection, int a)'")]
    [InlineData("[ReadQuery] public partial Task<T> GetAsync<T>(); Task<T> GetAsync<T>(NpgsqlConnection c) where T : class => null!;", "'R.GetAsync<T>(NpgsqlConnection)' has constraints that 'GetAsync' doesn't have")]
    [InlineData("[ReadQuery] public partial Task<T> GetAsync<T>(); Task<T> GetAsync<T>(NpgsqlConnection c) where T : IComparable => null!;", "'R.GetAsync<T>(NpgsqlConnection)' has constraints that 'GetAsync' doesn't have")]
    [InlineData("[ReadQuery] public partial int GetAsync(int a); int GetAsync(NpgsqlConnection c, in int a) => 0;", "'R.GetAsync(NpgsqlConnection, in int)' has a ref, out or in parameter or result")]
    [InlineData("[ReadQuery] public partial void GetAsync(); async void GetAsync(NpgsqlConnection c) => await Task.Yield();", "'R.GetAsync(NpgsqlConnection)' is async void: its end can't be awaited")]
    [InlineData("public void Use() => db.Dispose(); static RoutedDataSource S = null!; [ReadQuery] public static partial int GetAsync(); int GetAsync(NpgsqlConnection c) => 0;", "'R.GetAsync(NpgsqlConnection)' is an instance method, and 'GetAsync' is static")]
    [InlineData("[ReadQuery] public partial int GetAsync(); int GetAsync(NpgsqlConnection c) => 0; int GetAsync(DbConnection c) => 0;", "2 methods named 'GetAsync' take the connection or context first and have the shim's parameters; keep one")]
    [InlineData("[ReadQuery] public int GetAsync(int a) => 0;", "it has a body, but its first parameter is not an NpgsqlConnection, DbConnection or DbContext; take the connection or context first, or declare the method partial and leave the body to the generator")]
    [InlineData("[ReadQuery] public partial int GetAsync(string a); int GetAsync(DbConnection c, object a) => 0;", "'R.GetAsync(DbConnection, object)' doesn't match; write 'private int GetAsync(NpgsqlConnection connection, string a)'")]
    public void Core_mismatch(string members, string reason) =>
        AssertBroken($"public partial class R(RoutedDataSource db) {{ {members} }}", "CTR007 [GetAsync]: GetAsync | " + reason);

    [Fact]
    public void Overload_of_a_nearer_class_would_be_called() => AssertBroken(
        "public class B { protected int Get(NpgsqlConnection c, string a) => 0; } public partial class R(RoutedDataSource db) : B { [ReadQuery] public partial int Get(string a); int Get(DbConnection c, object a) => 0; }",
        "CTR007 [Get]: Get | 'R.Get(DbConnection, object)' would be called instead of 'B.Get(NpgsqlConnection, string)'; rename one of them");

    [Theory]
    [InlineData("[ReadQuery, WriteCommand] public int Get(NpgsqlConnection c) => 0;", "CTR008 [Get]: Get")]
    [InlineData("[ReadQuery(\"select 1\")] public int Get(NpgsqlConnection c) => 0;", "CTR015 [ReadQuery(\"select 1\")]: Get")]
    public void Attribute_misplaced(string members, string expected) => AssertBroken($"public partial class R(RoutedDataSource db) {{ {members} }}", expected);

    [Theory]
    [InlineData("ReadQuery(Consistency = (ReadConsistency)9)", "Consistency = (ReadConsistency)9", "no member of ReadConsistency has this value")]
    [InlineData("ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = -1)", "MaxLagSeconds = -1", "the bound must be a positive number of seconds")]
    [InlineData("ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = double.NaN)", "MaxLagSeconds = double.NaN", "the bound must be a positive number of seconds")]
    [InlineData("ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 1 / 0.0)", "MaxLagSeconds = 1 / 0.0", "the bound must be a positive number of seconds")]
    [InlineData("ReadQuery(MaxLagSeconds = 5)", "MaxLagSeconds = 5", "it bounds nothing without Consistency = ReadConsistency.BoundedStaleness")]
    [InlineData("ReadQuery(Group = \" \")", "Group = \" \"", "a replica group has a name; leave the property out for replicas without a group")]
    [InlineData("ReadQuery(Group = \"a\", Consistency = ReadConsistency.Strong)", "Group = \"a\"", "a strong read is answered by the primary, never by a replica")]
    [InlineData("WriteCommand(IsolationLevel = IsolationLevel.Serializable)", "IsolationLevel = IsolationLevel.Serializable", "it isolates nothing without Transaction = true")]
    [InlineData("WriteCommand(Transaction = true, IsolationLevel = IsolationLevel.Chaos)", "IsolationLevel = IsolationLevel.Chaos", "PostgreSQL has no isolation level Chaos")]
    [InlineData("WriteCommand(Transaction = true, IsolationLevel = (IsolationLevel)3)", "IsolationLevel = (IsolationLevel)3", "no member of IsolationLevel has this value")]
    public void Attribute_value(string attribute, string argument, string reason)
    {
        var compilation = TestCompilation.Create($"public partial class R(RoutedDataSource db) {{ [{attribute}] public int Get(NpgsqlConnection c) => 0; }}");
        GeneratorTest.Run(compilation, out var output);
        GeneratorTest.AssertCompiles(output);
        Assert.Equal([$"CTR014 [{argument}]: Get | {argument} | {reason}"], Readings.Violations(output));
    }

    private const string Stubs = "public class BookingContext : Microsoft.EntityFrameworkCore.DbContext { } public sealed class OwnContext : BookingContext { }";

    private const string Factory = "CompileTimeRouting.EntityFrameworkCore.RoutedDbContextFactory";

    private static void AssertBroken(string source, params string[] expected)
    {
        var compilation = TestCompilation.Create(Stubs, source);
        GeneratorTest.Run(compilation, out var output);
        Assert.Equal(expected, Readings.Violations(compilation));
        Assert.Equal(expected, Readings.Violations(output));
        if (expected.Length > 0)
            GeneratorTest.AssertRefused(compilation, expected[0][..6]);
        else
            GeneratorTest.AssertCompiles(output);
    }
}
