using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>While someone types, most code is broken: the generator must neither throw nor add errors of its own.</summary>
public class BrokenCodeTests
{
    private const string Whole = """
        namespace App;
        public interface IRow<T> { }
        public sealed partial class Repository<TKey>(RoutedDataSource db) where TKey : notnull
        {
            /// <summary>Finds.</summary>
            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 5, Group = "g")]
            public partial Task<(int Id, T? Row)> FindAsync<T>(TKey key, T[] rows, int limit = 5, CancellationToken ct = default) where T : class, IRow<T>;
            private static async Task<(int, T?)> FindAsync<T>(NpgsqlConnection connection, TKey key, T[] rows, int limit, CancellationToken ct) where T : class, IRow<T>
            {
                await Task.Delay(limit, ct);
                return default;
            }

            [WriteCommand(Transaction = true, IsolationLevel = IsolationLevel.Serializable)]
            public static IReadOnlyList<int> Clear(this NpgsqlConnection connection, DayOfWeek day = DayOfWeek.Friday, params string[] names) => [];

            [ReadQuery("select id from t where id = @id")] public partial IAsyncEnumerable<int> IdsAsync(int id, [EnumeratorCancellation] CancellationToken ct);
        }
        """;

    /// <summary>The text cut off at every place, as it is while it is being written.</summary>
    [Fact]
    public void Cut_off_anywhere()
    {
        for (var length = 0; length < Whole.Length; length += 7)
            AssertHarmless(Whole[..length]);
    }

    /// <summary>Each token taken out, as it is while it is being replaced.</summary>
    [Fact]
    public void Token_missing()
    {
        var tokens = TestCompilation.Parse(Whole, "File0.cs").GetRoot(TestContext.Current.CancellationToken).DescendantTokens().ToArray();
        var text = tokens[0].SyntaxTree!.ToString();
        var start = text.IndexOf("namespace App", StringComparison.Ordinal);
        foreach (var token in tokens.Where(t => t.SpanStart >= start))
            AssertHarmless(string.Concat(text.AsSpan(start, token.SpanStart - start), text.AsSpan(token.Span.End)));
    }

    [Theory]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Missing<int> Get(Other o); Missing<int> Get(NpgsqlConnection c, Other o) => null; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> Get(int a, int a); Task<int> Get(NpgsqlConnection c, int a, int b) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(Npgsql.Connection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) : Missing { [ReadQuery] public partial Task<int> Get(); Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R : R { [ReadQuery] public partial Task<int> Get(); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public partial Task<int> Get(); [ReadQuery] public partial Task<int> Get(); Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery, ReadQuery] public Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery(1)] public partial Task<int> Get(); [ReadQuery(Group = 3)] public Task<int> Two(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery(null)] public partial Task<int> Get(); }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery(MaxLagSeconds = Missing, Consistency = ReadConsistency.Nope)] public Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] partial Task<int> Get(int a); Task<int> Get(NpgsqlConnection c, int a) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c, int a = Missing) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c, int a = \"x\", string b = 1) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<T> Get<T>(NpgsqlConnection c) where T : Missing, struct, class => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c, int a = 1, int b) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c, params int a) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c, params int[] a, int b) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public async partial Task<int> Get(int a); async Task<int> Get(NpgsqlConnection c, int a) => 0; }")]
    [InlineData("public static partial class R(RoutedDataSource db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R { RoutedDataSource db; [ReadQuery] public override Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial enum R { [ReadQuery] A }")]
    [InlineData("[ReadQuery] public partial class R { }")]
    [InlineData("[ReadQuery] Task<int> Get(NpgsqlConnection c) => null!;")]
    [InlineData("public partial record R(RoutedDataSource Db, RoutedDataSource Db) { [ReadQuery] public Task<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public Task Get(NpgsqlConnection c, TypedReference t) => null!; [ReadQuery] public void Two(NpgsqlConnection c, void v) { } }")]
    [InlineData("public partial class R<T, T>(RoutedDataSource db) { [ReadQuery] public Task Get<U, U>(NpgsqlConnection c, U u) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public List<int> Get(NpgsqlConnection c) => null!; [ReadQuery] public List<int> Get(NpgsqlConnection c) => null!; }")]
    [InlineData("public partial class R(RoutedDataSource db) { [ReadQuery] public static static Task<int> Get(NpgsqlConnection c) => null!; [ReadQuery] public private partial Task<int> Two(); Task<int> Two(NpgsqlConnection c) => null!; }")]
    public void Odd(string source) => AssertHarmless(source);

    [Fact]
    public void Runtime_not_referenced()
    {
        GeneratorTest.Run(TestCompilation.CreateWithoutRuntime(Whole), out var output);
        Assert.Single(output.SyntaxTrees);
    }

    [Fact]
    public void Own_attributes_of_the_same_name()
    {
        const string Own = "namespace CompileTimeRouting { public class ReadQueryAttribute : System.Attribute; } partial class R { [ReadQuery] void Get(NpgsqlConnection c) { } }";
        GeneratorTest.Run(TestCompilation.CreateWithoutRuntime(Own), out var output);
        Assert.Single(output.SyntaxTrees);
    }

    private static void AssertHarmless(string source)
    {
        var compilation = TestCompilation.Create(source);
        GeneratorTest.Run(compilation, out var output);
        _ = Readings.All(output);
        var added = Errors(output).Where(static d => d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true).ToList();
        if (added.Count > 0)
        {
            var before = Errors(compilation).Select(static d => d.Id).ToHashSet();
            added.RemoveAll(d => before.Contains(d.Id));
        }

        Assert.True(added.Count == 0, $"{source}\n\n{string.Join("\n", added)}");
    }

    private static IEnumerable<Diagnostic> Errors(Compilation compilation) =>
        compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error);
}
