using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>The half that throws, for a partial method that breaks a rule: without it the compiler stops before the analyzer speaks.</summary>
public class RefusalTests
{
    [Fact]
    public Task Core_missing() => GeneratorTest.Verify("""
        namespace App;
        public sealed partial class Repository(RoutedDataSource db)
        {
            /// <summary>Counts.</summary>
            [ReadQuery] public partial Task<int> CountAsync(int id = 5, CancellationToken ct = default);

            [ReadQuery("select 1")] public partial Task<int> OneAsync();
        }
        """);

    [Fact]
    public Task Every_rule_on_sql() => GeneratorTest.Verify("""
        namespace App;
        public sealed partial class Repository(RoutedDataSource db)
        {
            [ReadQuery("select id from t where id = @id")] public partial Task<int> ParameterMissing();
            [ReadQuery("select id, name from t")] public partial Task<List<int>> Columns(int unused);
            [WriteCommand("delete from t; delete from u")] public partial Task Unusable();
            [WriteCommand("insert into t values (@value)", Transaction = true)] public partial void Unmapped(object value);
            [ReadQuery("select 'open")] public partial IAsyncEnumerable<int> Stream();
            [ReadQuery("select 'open")] public partial IAsyncEnumerable<int> StreamWithToken(CancellationToken ct);
        }
        """);

    [Fact]
    public Task Both_attributes() => GeneratorTest.Verify("""
        namespace App;
        public static partial class Repository
        {
            private static RoutedDataSource Source { get; } = null!;
            [ReadQuery, WriteCommand] public static partial Task<int> CountAsync(this string name);
            [ReadQuery("select 1"), WriteCommand("select 2")] internal static partial IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken ct);
        }
        """);

    [Fact]
    public Task No_source_and_several() => GeneratorTest.Verify("""
        namespace App;
        public sealed partial class None
        {
            [ReadQuery("select 1")] public partial Task<int> OneAsync();
        }
        public sealed partial class Several(RoutedDataSource first, RoutedDataSource @event)
        {
            [ReadQuery("select 1")] public partial Task<int> OneAsync();
            [ReadQuery("select @first")] public partial Task<int> TwoAsync(int first);
        }
        public sealed partial class Hidden(RoutedDataSource first, RoutedDataSource second)
        {
            public void Use() => first.Dispose();
            public void Use(int _) => second.Dispose();
            [ReadQuery("select @first + @second")] public partial Task<int> ThreeAsync(int first, int second);
        }
        """);

    [Fact]
    public Task Parameters() => GeneratorTest.Verify("""
        namespace App;
        public ref struct Rows { public int Count; }
        public static partial class Repository
        {
            private static readonly RoutedDataSource Source = null!;
            [ReadQuery] public static partial int Kinds(ref int a, out string? b, in (int Left, string? Right) c, ref readonly List<dynamic?[]?>? d);
            [ReadQuery] public static partial Task<int> Scoped(scoped Span<int> a, scoped ref Rows b, scoped in Rows c, out Rows d, scoped ref readonly Rows e, [System.Diagnostics.CodeAnalysis.UnscopedRef] ref Rows f);
            [ReadQuery] public static partial int This(this ref int a, params string?[] rest);
            [ReadQuery] public static partial int ThisIn(this in DateTime a, params ReadOnlySpan<string> rest);
            [ReadQuery] public static partial int ThisScoped(this scoped ref Rows a, TypedReference b);
            [ReadQuery] public static partial int Names(int @class, int @await, int @scoped);
            [ReadQuery] public static partial int Overloads(int a, int b);
            [ReadQuery] public static partial int Overloads(ref int a, int b);
            [ReadQuery] public static partial int Defaults(int a = 3, string b = "x", ConsoleColor c = ConsoleColor.Red, decimal d = 1.5m);
            [ReadQuery] public static partial Task<int> Tokens(CancellationToken a, CancellationToken b);
            [ReadQuery] public static partial void GC(int global, string System);
        }
        """);

    [Fact]
    public Task Returns() => GeneratorTest.Verify("""
        namespace App;
        public sealed partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial ref int Reference(int[] a);
            [ReadQuery] public partial ref readonly string? ReadOnlyReference(int a);
            [ReadQuery] public partial Span<int> RefStruct();
            [ReadQuery] public partial (int Id, List<(string? Name, nint Size)[]> Others)? Tuple();
            [ReadQuery] public partial dynamic? Dynamic();
            [ReadQuery] public partial YieldAwaitable Awaitable();
            [ReadQuery] public partial IQueryable<int> Escaping();
            [ReadQuery] public partial string?[]?[,] Arrays();
            [ReadQuery] public partial void Nothing();
            [WriteCommand(Transaction = true)] public partial IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken ct = default);
            [WriteCommand(Transaction = true)] public partial IAsyncEnumerable<int> StreamWithoutToken();
            [WriteCommand(Transaction = true)] public partial IAsyncEnumerable<int> StreamWithPlainToken(CancellationToken ct = default);
            [ReadQuery] public partial IAsyncEnumerable<int> StreamWithTwoTokens(CancellationToken a, [EnumeratorCancellation] CancellationToken b);
        }
        """);

    [Fact]
    public Task Generics() => GeneratorTest.Verify("""
        namespace App;
        public interface IRow<T>;
        public abstract class Base
        {
            public abstract T? Find<T>(T? value) where T : class;
            public abstract U Convert<T, U>(T value) where U : T;
            public abstract T? Maybe<T>(T? value);
        }
        public sealed partial class Repository<TKey, @event>(RoutedDataSource db) : Base where TKey : notnull
        {
            [ReadQuery] public partial A Kinds<A, B, C, D, E, F, G>(A a, B b, C? c, D d, E e, F? f, G? g)
                where A : class?, IRow<A?>, new() where B : unmanaged where C : struct, Enum where D : notnull where E : TKey, IRow<(int X, string? Y)> where F : Delegate;
            [ReadQuery] public partial int Spans<T, @class>(scoped T a, in @class b) where T : IDisposable, allows ref struct where @class : Base, IRow<@event>;
            [ReadQuery] public override partial T? Find<T>(T? value) where T : class;
            [ReadQuery] public override partial U Convert<T, U>(T value);
            [ReadQuery] public override partial T? Maybe<T>(T? value) where T : default;
        }
        """);

    [Fact]
    public Task Modifiers() => GeneratorTest.Verify("""
        namespace App;
        public abstract class Base
        {
            public int Hidden() => 0;
            public virtual int Overridden() => 0;
            protected internal virtual int Sealed() => 0;
        }
        public partial class Repository(RoutedDataSource db) : Base
        {
            [ReadQuery] public new partial int Hidden();
            [ReadQuery] public override partial int Overridden();
            [ReadQuery] protected internal sealed override partial int Sealed();
            [ReadQuery] protected virtual partial int Open();
            [ReadQuery] private protected partial int Closed();
            [ReadQuery] private static partial int Static();
            [WriteCommand] partial void Old(int id);
        }
        public partial struct Value(RoutedDataSource db)
        {
            [ReadQuery] public readonly partial Task<int> GetAsync(ref int id);
        }
        """);

    [Fact]
    public Task Pointers() => GeneratorTest.Verify("""
        namespace App;
        public unsafe partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial int* Pointer(void** a, int*[]? b);
            [ReadQuery] public partial int Functions(delegate*<int, ref readonly string?, out long, void> a, delegate* unmanaged[Cdecl, SuppressGCTransition]<in int, (int Left, int Right)*, ref int> b, delegate* unmanaged<void> c);
            [ReadQuery] public partial Task<int> Safe();
            [ReadQuery] public unsafe partial int Method(int* a);
            [ReadQuery] public partial T Constrained<T>(T a) where T : List<int*[]>;
            [ReadQuery("select 1")] public partial Task<int> OneAsync();
            public partial struct Inner
            {
                private static RoutedDataSource Source => null!;
                [ReadQuery] public readonly partial IAsyncEnumerable<int> Stream(int* a, CancellationToken ct);
            }
        }
        public partial class Plain(RoutedDataSource db)
        {
            [ReadQuery] public unsafe partial Task<int> CountAsync();
        }
        """);

    [Fact]
    public Task Containing_types() => GeneratorTest.Verify("""
        namespace App;
        public partial interface IReads<in T, out U>
        {
            [ReadQuery] public partial Task<int> CountAsync(T t);
        }
        public ref partial struct Cursor
        {
            [ReadQuery] public partial int Next(int id);
        }
        public readonly ref partial struct Frozen
        {
            [ReadQuery] public partial int Next(int id);
        }
        public partial class Generic<T>(RoutedDataSource db) where T : allows ref struct
        {
            public readonly partial record struct Inner(RoutedDataSource Db)
            {
                [ReadQuery] public partial int Next(T id);
            }
            [ReadQuery] public partial int Next(T id);
        }
        public abstract partial record Row(RoutedDataSource Db)
        {
            [ReadQuery] public virtual partial int Next(ref int id);
        }
        """);

    [Fact]
    public Task Annotations_disabled() => GeneratorTest.Verify("""
        #nullable disable
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<List<string>> ListAsync<T>(string a, ref (object Key, string[] Values) b) where T : class;
            [ReadQuery("select 'open")] public partial Task<string> OneAsync(string a);
        }
        """);

    [Fact]
    public Task Obsolete_and_experimental_types() => GeneratorTest.Verify("""
        namespace App;
        [Obsolete] public class Old;
        [System.Diagnostics.CodeAnalysis.Experimental("TEST001")] public class New;
        #pragma warning disable CS0612, TEST001
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int> CountAsync(Old old, New @new);
        }
        """);

    /// <summary>Where no second half can be written, or it would be one more error.</summary>
    [Theory]
    [InlineData("public class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> GetAsync(); }")]
    [InlineData("public class A { public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> GetAsync(ref int a); } }")]
    [InlineData("file partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> GetAsync(); }")]
    [InlineData("file class F; public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> GetAsync(F f); }")]
    [InlineData("public static partial class R { extension(int i) { [ReadQuery] public partial int Get(); } }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Missing GetAsync(); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> GetAsync(List<Missing?[]> a); }")]
    [InlineData("public unsafe partial class R(RoutedDataSource db) { [ReadQuery] public partial int GetAsync(delegate*<Missing> a); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> GetAsync<T>() where T : Missing; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] partial Task<int> GetAsync(); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] partial void Get(out int a); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] virtual partial void Get(); }")]
    [InlineData("public abstract partial class R(RoutedDataSource db) { [ReadQuery] public abstract partial Task<int> GetAsync(); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial int Get(); [WriteCommand] public partial int Get(); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial int Get(); public int Get() => 1; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery, WriteCommand] public partial int Get(); public partial int Get() => 1; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial int Get(int a, __arglist); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial int Value { get; } }")]
    [InlineData("public interface I { int Get(); } public partial class R(RoutedDataSource db) : I { [ReadQuery] partial int I.Get(); }")]
    public void Nothing_is_written(string source) =>
        Assert.Empty(GeneratorTest.Run(TestCompilation.Create(source), out _).GetRunResult().GeneratedTrees);

    [Theory]
    [InlineData("public unsafe partial class R(RoutedDataSource db) { [ReadQuery] public partial int Get(int* a); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public unsafe partial int Get(int a); }")]
    public void Nothing_unsafe_where_the_project_does_not_allow_it(string source)
    {
        var compilation = TestCompilation.Create(source);
        var safe = compilation.WithOptions(compilation.Options.WithAllowUnsafe(false));
        Assert.Empty(GeneratorTest.Run(safe, out _).GetRunResult().GeneratedTrees);
    }

    /// <summary>The rule named is the one that blocks, not the first one broken.</summary>
    [Fact]
    public void Rule_that_blocks_is_named() => GeneratorTest.AssertRefused(
        TestCompilation.Create("public partial class R(RoutedDataSource db) { [ReadQuery(MaxLagSeconds = 5)] public partial IQueryable<int> Get(); }"), "CTR007");

    [Fact]
    public void Edit_of_the_sql_renders_nothing_again_while_the_rule_stays()
    {
        const string Source = "public partial class R(RoutedDataSource db) { [ReadQuery(\"select 'open\")] public partial Task<int> GetAsync(); }";
        var driver = GeneratorTest.Run(TestCompilation.Create(Source), out _);
        var reasons = Incrementality.Reasons(driver.RunGenerators(
            TestCompilation.Create(Source.Replace("open", "still open", StringComparison.Ordinal)), TestContext.Current.CancellationToken));
        Assert.Contains((TrackingNames.ReadMethods, IncrementalStepRunReason.Modified), reasons);
        Assert.Contains((TrackingNames.Statements, IncrementalStepRunReason.Unchanged), reasons);
        Assert.Contains(("output", IncrementalStepRunReason.Cached), reasons);
    }
}
