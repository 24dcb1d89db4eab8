using CompileTimeRouting.Generator;
using Dapper;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using Npgsql;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>Writes in another project, which a build references as metadata: the generator has told of them there.</summary>
public class OtherAssembliesTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.Linq; using System.Threading.Tasks; using CompileTimeRouting; using Dapper; using Npgsql;\n";

    private const string Library = """
        namespace Library;
        public sealed record Order(int Id);
        public sealed class Orders
        {
            private readonly NpgsqlConnection _connection;
            public Orders(NpgsqlConnection connection) => _connection = connection;
            public Orders(NpgsqlConnection connection, int id) : this(connection) => connection.Execute("delete from orders where id = @id", new { id });
            public int Save(Order order) => Write(order);
            public int Next => _connection.QuerySingle<int>("insert into numbers default values returning id");
            public int Limit { get => _connection.QuerySingle<int>("select 1"); set => _connection.Execute("update limits set value = 1"); }
            public int Count() => _connection.QuerySingle<int>("select count(*) from orders");
            private int Write(Order order) => _connection.Execute("insert into orders values (@Id)", order);
        }
        public static class Extensions
        {
            public static int Clear(this NpgsqlConnection connection) => connection.Execute("truncate orders");
            public static int Amount(this NpgsqlConnection connection) => connection.QuerySingle<int>("select count(*) from orders");
        }
        public abstract class Repository<T>(NpgsqlConnection connection) where T : class
        {
            public int Remove(T row) => connection.Execute("delete from rows");
            public virtual T? Find(int id) => connection.QuerySingle<T>("select * from rows where id = @id", new { id });
            public virtual int Touch() => connection.Execute("update rows set touched = now()");
        }
        public interface IStore { void Put(); int Get(); }
        internal sealed class Store(NpgsqlConnection connection) : IStore
        {
            public void Put() => connection.Execute("insert into store values (1)");
            public int Get() => connection.QuerySingle<int>("select 1");
        }
        """;

    private const string App = """
        using Library;
        namespace App;
        public sealed class OrderRepository(NpgsqlConnection connection) : Repository<Order>(connection) { public override int Touch() => 0; }
        public sealed class LineRepository(NpgsqlConnection connection) : Repository<Order>(connection) { public override int Touch() => base.Touch(); }
        public partial class Reads(RoutedDataSource db)
        {
            [ReadQuery] public int Get(NpgsqlConnection connection, Order order, IStore store) => BODY;
            private static int Helper(NpgsqlConnection connection, Order order) => new Orders(connection).Save(order);
        }
        """;

    [Theory]
    [InlineData("new Orders(connection).Save(order)", "'Save': INSERT,")]
    [InlineData("connection.Clear()", "'Clear': TRUNCATE,")]
    [InlineData("Extensions.Clear(connection)", "'Clear': TRUNCATE,")]
    [InlineData("new OrderRepository(connection).Remove(order)", "'Remove': DELETE,")]
    [InlineData("new LineRepository(connection).Touch()", "'Touch' → 'Touch': UPDATE,")]
    [InlineData("new Orders(connection, 1).Count()", "'new Orders': DELETE,")]
    [InlineData("new Orders(connection).Next", "'Next': INSERT,")]
    [InlineData("new Orders(connection).Limit = 5", "'Limit': UPDATE,")]
    [InlineData("new[] { order }.Select(new Orders(connection).Save).Sum()", "'Save': INSERT,")]
    [InlineData("Helper(connection, order)", "'Helper' → 'Save': INSERT,")]
    [InlineData("new Func<int>(() => { store.Put(); return 0; })()", "'Put': INSERT,")]
    public async Task Write_is_reached(string body, string expected)
    {
        foreach (var isReference in new[] { false, true })
        {
            var diagnostic = Assert.Single(await Analyze(body, isReference));
            Assert.Equal("CTR105", diagnostic.Id);
            Assert.StartsWith("'Get' reaches a write through " + expected + " as the assembly 'Library' says of it;", diagnostic.GetMessage(null), StringComparison.Ordinal);
            Assert.Equal("Test.cs", diagnostic.Location.SourceTree!.FilePath);
        }
    }

    [Theory]
    [InlineData("new Orders(connection).Count()")]
    [InlineData("new Orders(connection).Limit")]
    [InlineData("connection.QuerySingle<int>(\"select 1\")")]
    [InlineData("new OrderRepository(connection).Find(1)?.Id ?? 0")]
    [InlineData("new OrderRepository(connection).Touch()")]
    [InlineData("store.Get()")]
    [InlineData("nameof(Orders.Save).Length")]
    public async Task NoFalsePositive(string body)
    {
        foreach (var isReference in new[] { false, true })
            Assert.Empty(await Analyze(body, isReference));
    }

    /// <summary>That nothing was published of a method doesn't say that it only reads.</summary>
    [Fact]
    public async Task Method_that_is_not_published_stays_unknown()
    {
        var diagnostic = Assert.Single(await Analyze("new Orders(connection).Count()", isReference: true, withUnknown: true));
        Assert.Equal("CTR108", diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Hidden, diagnostic.Severity);
    }

    private static async Task<Diagnostic[]> Analyze(string body, bool isReference, bool withUnknown = false)
    {
        var library = Compile("Library", Library);
        CSharpGeneratorDriver.Create([new RoutingGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)library.SyntaxTrees[0].Options)
            .RunGeneratorsAndUpdateCompilation(library, out var output, out _, TestContext.Current.CancellationToken);
        using var image = new MemoryStream();
        var options = isReference ? new EmitOptions().WithEmitMetadataOnly(true).WithIncludePrivateMembers(false) : new EmitOptions();
        var result = output.Emit(image, options: options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));

        var app = Compile("App", App.Replace("BODY", body, StringComparison.Ordinal)).AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        Assert.Empty(app.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
        // Of what gets the connection and says nothing, nothing is known.
        return [.. (await app.WithAnalyzers([new ReadEffectAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)).Where(d => withUnknown || d.Id != "CTR108")];
    }

    private static CSharpCompilation Compile(string name, string source) => CSharpCompilation.Create(
        name,
        [CSharpSyntaxTree.ParseText(Usings + source, new CSharpParseOptions(LanguageVersion.CSharp14), "Test.cs")],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(NpgsqlConnection).Assembly.Location)
            .Append(typeof(SqlMapper).Assembly.Location)
            .Append(typeof(RoutedDataSource).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
