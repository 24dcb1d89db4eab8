namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>While a user types, code is broken in every way; the analyzer goes on.</summary>
public class RobustnessTests
{
    private const string Whole =
        """
        using CompileTimeRouting;
        namespace App;
        public sealed partial class Notes<T>(RoutedDataSource db) where T : class
        {
            public long Size { [ReadQuery] get; }

            [ReadQuery("select id, body from notes where id = @id", Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2.5)]
            public partial Task<(long Id, string? Body)?> FindAsync(long id, CancellationToken ct = default);

            [WriteCommand(Transaction = true, IsolationLevel = System.Data.IsolationLevel.Serializable)]
            public partial Task<int> AddAsync<U>(string body, params U[] tags) where U : struct;

            private static async Task<int> AddAsync<U>(NpgsqlConnection connection, string body, U[] tags) where U : struct { await Task.Yield(); return 1; }

            [ReadQuery]
            public static IAsyncEnumerable<T> StreamAsync(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken ct = default) => null!;
        }
        """;

    [Theory]
    [InlineData("[ReadQuery]")]
    [InlineData("class C { [ReadQuery] }")]
    [InlineData("class C { [ReadQuery] public }")]
    [InlineData("class C { [ReadQuery] public partial }")]
    [InlineData("partial class C { [ReadQuery] public partial Task M( }")]
    [InlineData("partial class C { [ReadQuery] public partial Task< M(); }")]
    [InlineData("partial class C { [ReadQuery(] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(\"] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(1)] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(null)] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(sql: null!)] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(Missing)] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(\"a\", \"b\")] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(Missing = 1)] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(MaxLagSeconds = \"x\")] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(Consistency = 7)] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery(Group = 7, Group = \"\", Group = )] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery, ReadQuery] public partial Task M(); }")]
    [InlineData("partial class C { [ReadQuery] [WriteCommand] [Missing] public partial Missing M(); }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public partial Missing M(); }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public static Missing<int> M(NpgsqlConnection c, Missing m) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public static int M(Missing.NpgsqlConnection c) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public static int M(NpgsqlConnection) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public static int M(NpgsqlConnection c, int, ) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public int () => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public partial int M(); public partial int M(); }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public partial int M(); [ReadQuery] public partial int M() => 1; public partial int M() => 2; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] int M(NpgsqlConnection c) => 1; [ReadQuery] int M(NpgsqlConnection c) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] partial void M(); }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public void M<T, T>(NpgsqlConnection c, T a) where T : Missing, where X : T { } }")]
    [InlineData("partial class C : C { [ReadQuery] public partial int M(); }")]
    [InlineData("partial class A : B { [ReadQuery] public partial int M(); } partial class B : A { }")]
    [InlineData("partial class C<T> : Missing<T> { [ReadQuery] public partial T M(T t); }")]
    [InlineData("partial class { [ReadQuery] public static int M(NpgsqlConnection c) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db, RoutedDataSource db) { RoutedDataSource db; RoutedDataSource db; [ReadQuery] public static int M(NpgsqlConnection c) => 1; }")]
    [InlineData("partial class C() { public required RoutedDataSource Db { [ReadQuery] get; } [ReadQuery] C(NpgsqlConnection c) { } }")]
    [InlineData("[ReadQuery] class C { [ReadQuery] int F; [ReadQuery] class N; [ReadQuery] delegate void D(); [ReadQuery] event Action E; }")]
    [InlineData("enum E { [ReadQuery] A } interface I { [ReadQuery] int M(); [ReadQuery] static abstract int S(); }")]
    [InlineData("record struct R(RoutedDataSource Db) { [ReadQuery] public static int M(NpgsqlConnection c) => 1; }")]
    [InlineData("static class S { extension(NpgsqlConnection c) { [ReadQuery] public int M() => 1; [ReadQuery] public static int P => 1; } }")]
    [InlineData("static class S { extension { [ReadQuery] public int M() => 1; } extension<T>(T) { [ReadQuery] public partial int M(); } }")]
    [InlineData("partial class C { void M() { [ReadQuery] int L(NpgsqlConnection c); var f = [ReadQuery] (x) => ; var g = [ReadQuery] static => 1; } }")]
    [InlineData("[ReadQuery] int Top(NpgsqlConnection c) => 1; [ReadQuery] partial int Loose();")]
    [InlineData("namespace N; [ReadQuery] public static int Loose(NpgsqlConnection c) => 1;")]
    [InlineData("partial class C { [method: ReadQuery] [return: ReadQuery] [field: WriteCommand] public partial int M([ReadQuery] int a); }")]
    [InlineData("using RQ = CompileTimeRouting.ReadQueryAttribute; class C { [RQ] public int M(NpgsqlConnection c) => 1; }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public partial ref readonly (int, Missing*)[,] M(in ref int a, out b, params c, __arglist); }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery] public partial delegate*<int, Missing> M(delegate*<void> a); }")]
    [InlineData("partial class C(RoutedDataSource db) { [WriteCommand(IsolationLevel = IsolationLevel.Missing, Transaction = 1)] public partial int M(); }")]
    [InlineData("partial class C { [ReadQuery] public partial int M(int a = Missing, DateTime b = 1, string c = nameof(); ) }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) => c.Execute(); }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) => c.Execute($\"delete {from\"); }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) => c.Execute(sql: sql: \"delete\", 1, missing: 2); }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) { var s = s + s; s += s; return c.Execute(s); } }")]
    [InlineData("class C { static string S = T; static string T = S; [ReadQuery] public int M(NpgsqlConnection c) => c.Execute(S); }")]
    [InlineData("class C { string S => S; [ReadQuery] public int M(NpgsqlConnection c) => c.Execute(S) + M(c) + N(c); int N(NpgsqlConnection c) => M(c); }")]
    [InlineData("class C : C { [ReadQuery] public virtual int M(NpgsqlConnection c) => base.M(c) + this.M(c); }")]
    [InlineData("interface I : J { int M(NpgsqlConnection c); } interface J : I { } class C { [ReadQuery] public int M(NpgsqlConnection c, I i) => i.M(c); }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) { using (c) using var; using (var x = ) { L(); } int L() => L() } }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) => new NpgsqlCommand { CommandText = , CommandType = CommandType.Missing }.ExecuteNonQuery(; }")]
    [InlineData("class C { [ReadQuery] public int M(NpgsqlConnection c) => c.Execute(x switch { 1 => , _ => \"drop\" } ?? (true ? : \"a\")); }")]
    [InlineData("partial class C(RoutedDataSource db) { [ReadQuery(\"select a from t\")] public partial Task<int> R(); [WriteCommand(\"delete from t\")] public partial Task<int> W(); async Task M() { var t = W(); foreach (var a in a) await a; var w = Task.WhenAll(w); await w; try { throw; } catch (Missing) { await R(); } } }")]
    public async Task Broken_code(string source)
    {
        var compilation = TestCode.From(source).Compile();
        Assert.DoesNotContain(await TestCode.Analyze(compilation), static d => d.Id == "AD0001");
        Assert.DoesNotContain(await TestCode.Analyze(TestCode.Generate(compilation).Output), static d => d.Id == "AD0001");
    }

    [Fact]
    public async Task Every_prefix_of_a_file()
    {
        for (var length = 0; length < Whole.Length; length += 7)
            Assert.DoesNotContain(await TestCode.Analyze(TestCode.From(Whole[..length]).Compile()), static d => d.Id == "AD0001");
    }

    [Fact]
    public async Task Every_file_without_one_token()
    {
        var tokens = Microsoft.CodeAnalysis.CSharp.SyntaxFactory.ParseTokens(Whole).Where(static t => t.Span.Length > 0).Select(static t => t.Span).ToArray();
        for (var i = 0; i < tokens.Length; i += 2)
            Assert.DoesNotContain(await TestCode.Analyze(TestCode.From(Whole.Remove(tokens[i].Start, tokens[i].Length)).Compile()), static d => d.Id == "AD0001");
    }
}
