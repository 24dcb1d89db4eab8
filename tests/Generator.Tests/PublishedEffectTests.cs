using CompileTimeRouting.Generator.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>What other assemblies are told of methods without an attribute.</summary>
public class PublishedEffectTests
{
    private const string Orders = """
        namespace Shop;
        public sealed record Order(int Id);
        public class Orders(NpgsqlConnection connection)
        {
            public Orders(NpgsqlConnection connection, string table) : this(connection) => connection.Execute($"truncate {table}");
            public int Limit { get => connection.QuerySingle<int>("select 1"); set => connection.Execute("update limits set value = @value", new { value }); }
            public int Next => connection.QuerySingle<int>("insert into numbers default values returning id");
            public int Save(Order order) => connection.Execute("insert into orders values (@Id)", order);
            public void SaveAll<T>(IEnumerable<T> orders, in int size, (int Left, dynamic? Right)[] pairs) where T : class => Hidden();
            protected virtual Task<int> DeleteAsync(int id) => connection.ExecuteAsync("delete from orders where id = @id", new { id });
            public Order Lock(int id) => connection.QuerySingle<Order>("select id from orders where id = @id for update", new { id });
            public IEnumerable<Order> All() => connection.Query<Order>("select id from orders");
            public int Run(string sql) => connection.Execute(sql);
            public int Run(NpgsqlCommand command) => command.ExecuteNonQuery();
            internal int Internal() => Hidden();
            private int Hidden() => connection.Execute("delete from orders");
            private protected int Family() => Hidden();
            private sealed class Nested { public static int Write(NpgsqlConnection connection) => connection.Execute("delete from orders"); }
        }
        public static class Extensions { public static int Clear(this NpgsqlConnection connection) => connection.Execute("truncate orders"); }
        public abstract class Repository<T>(NpgsqlConnection connection)
        {
            protected abstract string Table { get; }
            public int Remove(T row) => connection.Execute($"delete from {Table}", row);
            public abstract void Put(T row);
        }
        public interface IStore<T> { void Put(T row); void Visit(); T? Get(); }
        public sealed class First(NpgsqlConnection connection) : IStore<Order>
        {
            void IStore<Order>.Put(Order row) => connection.Execute("insert into first values (1)");
            public void Visit() => connection.Execute("update first set touched = now()");
            public Order? Get() => null;
        }
        public sealed class Second(NpgsqlConnection connection) : IStore<Order>
        {
            public void Put(Order row) => connection.Execute("insert into second values (1)");
            public void Visit() => connection.QuerySingle<int>("select 1");
            public Order? Get() => null;
        }
        """;

    private const string Routed = """
        namespace Shop;
        public partial class Routed(RoutedDataSource db)
        {
            [ReadQuery] public partial int Count();
            public int Count(NpgsqlConnection connection) => connection.QuerySingle<int>("select count(*) from orders");
            [WriteCommand] public partial int Clear();
            public int Clear(NpgsqlConnection connection) => connection.Execute("delete from orders");
            [WriteCommand("delete from orders")] public partial int ClearAll();
        }
        """;

    private const string Reader = "public class Orders(NpgsqlConnection connection) { public int Count() => connection.QuerySingle<int>(\"select 1\"); int Hidden() => connection.Execute(\"delete from orders\"); }";

    [Fact]
    public Task Writes_that_others_can_call() => GeneratorTest.Verify(Orders, Routed);

    [Fact]
    public void Friends_can_call_internal_methods()
    {
        var methods = Methods(Orders, "[assembly: InternalsVisibleTo(\"Tests\")]");
        Assert.Equal(Methods(Orders).Concat(["M:Shop.Orders.Internal", "M:Shop.Orders.Family"]).Order(StringComparer.Ordinal), methods);
    }

    /// <summary>The overloads that are called here don't exist yet when the generator looks.</summary>
    [Fact]
    public void Calls_of_generated_overloads_count()
    {
        const string Source = """
            public partial class Rows(RoutedDataSource db)
            {
                [WriteCommand] public static Task<int> AddAsync(NpgsqlConnection connection, string name, CancellationToken ct = default) => Task.FromResult(1);
                [ReadQuery] public static Task<int> CountAsync(NpgsqlConnection connection, string name) => Task.FromResult(1);
                [WriteCommand] public partial Task<int> ClearAsync();
                private static Task<int> ClearAsync(NpgsqlConnection connection) => Task.FromResult(1);
            }
            public class Service(Rows rows)
            {
                public async Task AddAsync() => await rows.AddAsync("a");
                public async Task<int> CountAsync() => await rows.CountAsync("a");
                public Task ClearAsync() => rows.ClearAsync();
                public Task ReportAsync(Task<int> count) => rows.AddAsync(1, 2, 3, 4);
            }
            """;
        Assert.Equal(["M:Service.AddAsync", "M:Service.ClearAsync"], Methods(Source));
    }

    /// <summary>Bodies are looked at only where names and declarations lead to a write: each way must be one of them.</summary>
    [Fact]
    public void Ways_to_a_write()
    {
        const string Source = """
            public interface IFactory { Task<System.Data.Common.DbConnection> OpenAsync(); }
            public interface IStore { int Put(); }
            internal sealed class Store(IFactory factory) : IStore { public int Put() { var c = factory.OpenAsync().Result; return c.Execute("delete from a"); } }
            public class ByInterface(IStore store) { public int Run() => store.Put(); public int Other() => store.GetHashCode(); }
            public abstract class Base { protected NpgsqlConnection Link => null!; protected int Purge() => Link.Execute("delete from a"); }
            public class Derived : Base { public int Run() => Purge(); public int Own() => Link.Execute("delete from b"); public int Nothing() => 1; }
            public class ByLambda { private static readonly Func<NpgsqlConnection, int> Delete = c => c.Execute("delete from a"); public int Run() => Delete(null!); }
            public class ByLocal { public int Run() { return Local(); int Local() => Opened().Execute("delete from a"); } private NpgsqlConnection Opened() => null!; }
            public sealed class Scope(NpgsqlConnection c) : IDisposable { public void Dispose() => c.Execute("delete from a"); }
            public class ByUsing { public void Run() { using var scope = new Scope(null!); } }
            public class ByProperty { private Store Inner => null!; public int Run() => this.Inner.Put(); }
            public class ByVariable { private static Store Make() => null!; public int Run() { var made = Make(); return made.Put(); } }
            public class ByRunner { private int With(Func<NpgsqlConnection, int> run) => run(null!); public int Run() => With(c => c.Execute("delete from a")); }
            public sealed record Close;
            public interface IMediator { Task Send(object request); }
            public sealed class CloseHandler(NpgsqlConnection c) { public Task Handle(Close close) => c.ExecuteAsync("delete from a"); }
            public class ByMediator(IMediator mediator) { public Task Run() => mediator.Send(new Close()); public Task Forward(Close close) => mediator.Send(close); }
            """;
        Assert.Equal(
            [
                "M:Base.Purge", "M:ByInterface.Run", "M:ByLambda.Run", "M:ByLocal.Run", "M:ByMediator.Forward(Close)", "M:ByMediator.Run", "M:ByProperty.Run", "M:ByRunner.Run", "M:ByUsing.Run",
                "M:ByVariable.Run", "M:CloseHandler.Handle(Close)", "M:Derived.Own", "M:Derived.Run", "M:IStore.Put", "M:Scope.Dispose",
            ],
            Methods(Source));
    }

    [Fact]
    public void Nothing_to_say_is_no_file() => Assert.Empty(Methods(Reader));

    [Fact]
    public void No_file_without_the_runtime()
    {
        GeneratorTest.Run(TestCompilation.CreateWithoutRuntime(Orders), out var output);
        Assert.Single(output.SyntaxTrees);
    }

    /// <summary>It reads every body, which nobody who types wants to wait for.</summary>
    [Fact]
    public void An_ide_does_not_ask_for_it()
    {
        var driver = CSharpGeneratorDriver.Create(
            [new RoutingGenerator().AsSourceGenerator()],
            parseOptions: TestCompilation.ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.Implementation, trackIncrementalGeneratorSteps: true));
        var result = driver.RunGenerators(TestCompilation.Create(Orders, Routed), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.DoesNotContain(TrackingNames.Published, result.TrackedSteps.Keys);
        Assert.Equal("Shop.Routed.Routing.g.cs", Assert.Single(result.GeneratedSources).HintName);
    }

    [Fact]
    public void A_changed_body_is_noticed_and_renders_nothing_else()
    {
        var driver = GeneratorTest.Run(TestCompilation.Create(Orders, Routed), out _);
        var edited = Orders.Replace("insert into orders", "update orders set id = 1 --", StringComparison.Ordinal);
        var reasons = Incrementality.Reasons(driver.RunGenerators(TestCompilation.Create(edited, Routed), TestContext.Current.CancellationToken));
        Assert.Contains((TrackingNames.Published, IncrementalStepRunReason.Modified), reasons);
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified],
            reasons.Where(static r => r.Step == "output").Select(static r => r.Reason).Order().Reverse());
    }

    /// <summary>The text cut off at every place, as it is while it is being written.</summary>
    [Fact]
    public void Broken_code_is_harmless()
    {
        for (var length = 0; length < Orders.Length; length += 13)
            GeneratorTest.Run(TestCompilation.Create(Orders[..length]), out _);
    }

    [Fact]
    public void Ids_are_written_as_literals() => Assert.Contains(
        "(\"M:A.\\\"B\\\\\", \"INSERT\")", PublishedFileEmitter.Emit(new PublishedFile(new[] { new PublishedEffect("M:A.\"B\\", "INSERT") }, Array.Empty<PublishedTables>(), Array.Empty<PublishedRoute>())).ToString(), StringComparison.Ordinal);

    private static string[] Methods(params string[] sources)
    {
        GeneratorTest.Run(TestCompilation.Create(sources), out var output);
        return [.. output.Assembly.GetAttributes()
            .Where(static a => a.AttributeClass?.Name == nameof(PublishedEffectAttribute))
            .Select(static a => (string)a.ConstructorArguments[0].Value!)];
    }
}
