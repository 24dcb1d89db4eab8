using System.Text;
using CompileTimeRouting.Generator;
using Dapper;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Npgsql;

namespace CompileTimeRouting.Analyzers.Benchmarks;

/// <summary>An application as they are written: repositories over Npgsql and Dapper, helpers, a base class, SQL in constants and interpolated; services that write and read through two of them each.</summary>
internal sealed class Application
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    /// <summary>The framework, Npgsql, Dapper and the runtime.</summary>
    public static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Append(typeof(NpgsqlConnection).Assembly.Location)
        .Append(typeof(SqlMapper).Assembly.Location)
        .Append(typeof(RoutedDataSource).Assembly.Location)
        .Select(static path => MetadataReference.CreateFromFile(path))];

    private readonly List<SyntaxTree> _trees = [];

    public Application(int repositories, int methodsOfEach)
    {
        for (var i = 0; i < repositories; i++)
            _trees.Add(CSharpSyntaxTree.ParseText(Repository(i, methodsOfEach, ""), ParseOptions, $"Repository{i}.cs", Encoding.UTF8));
        for (var i = 0; i < repositories; i++)
            _trees.Add(CSharpSyntaxTree.ParseText(Service(i, (i + 1) % repositories), ParseOptions, $"Service{i}.cs", Encoding.UTF8));
        _trees.Add(CSharpSyntaxTree.ParseText(Base, ParseOptions, "RepositoryBase.cs", Encoding.UTF8));
        MethodsOfEach = methodsOfEach;
    }

    private int MethodsOfEach { get; }

    /// <summary>A compilation with its shims, that shares nothing of an earlier one but its trees.</summary>
    public CSharpCompilation Compile(int round)
    {
        var compilation = CSharpCompilation.Create(
            $"App{round}", _trees, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, concurrentBuild: false, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new RoutingGenerator().AsSourceGenerator()], parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return (CSharpCompilation)output;
    }

    /// <summary>The same with another body in one method of the first file.</summary>
    public CSharpCompilation Edit(CSharpCompilation compilation, int round)
    {
        var edited = CSharpSyntaxTree.ParseText(Repository(0, MethodsOfEach, $" and {round} = {round}"), ParseOptions, "Repository0.cs", Encoding.UTF8);
        return (CSharpCompilation)compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], edited);
    }

    private const string Usings =
        "using System; using System.Collections.Generic; using System.Threading; using System.Threading.Tasks; using System.Text; using CompileTimeRouting; using Dapper; using Npgsql;\n";

    private const string Base = Usings +
        """
        namespace App;
        public abstract class RepositoryBase
        {
            protected abstract string Table { get; }
            protected Task<int> RunAsync(NpgsqlConnection connection, string sql, object? values = null) => connection.ExecuteAsync(sql, values);
            protected async Task<T> OneAsync<T>(NpgsqlConnection connection, string sql, object? values = null) => await connection.QuerySingleAsync<T>(sql, values);
            protected Task<int> DeleteByIdAsync(NpgsqlConnection connection, long id) => RunAsync(connection, $"delete from {Table} where id = @id", new { id });
            protected async Task<List<string>> NamesAsync(NpgsqlConnection connection, string where)
            {
                var sql = new StringBuilder($"select name from {Table}");
                if (where.Length > 0)
                    sql.Append(" where ").Append(where);
                return (await connection.QueryAsync<string>(sql.ToString())).AsList();
            }
        }
        """;

    private static string Repository(int number, int methods, string condition)
    {
        var text = new StringBuilder(Usings).Append($$"""
            namespace App;
            public sealed record Item{{number}}(long Id, string Name, int Amount);
            public sealed partial class Repository{{number}}(RoutedDataSource db) : RepositoryBase
            {
                private const string Columns = "id, name, amount";
                private readonly RoutedDataSource _db = db;
                protected override string Table => "items{{number}}";

            """);
        for (var i = 0; i < methods; i++)
        {
            text.Append((i % 5) switch
            {
                0 => $$"""
                        [ReadQuery]
                        public async Task<List<Item{{number}}>> List{{i}}Async(NpgsqlConnection connection, int least, CancellationToken ct = default)
                        {
                            var items = new List<Item{{number}}>();
                            await using var command = new NpgsqlCommand($"select {Columns} from items{{number}} where amount >= @least{{condition}} order by name", connection);
                            command.Parameters.AddWithValue("least", least);
                            await using var reader = await command.ExecuteReaderAsync(ct);
                            while (await reader.ReadAsync(ct))
                                items.Add(new Item{{number}}(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2)));
                            return items;
                        }

                    """,
                1 => $$"""
                        [ReadQuery]
                        public Task<List<string>> Names{{i}}Async(NpgsqlConnection connection, string where) => NamesAsync(connection, where);

                    """,
                2 => $$"""
                        [WriteCommand]
                        public Task<int> Add{{i}}Async(NpgsqlConnection connection, string name, int amount) =>
                            RunAsync(connection, "insert into items{{number}} (name, amount) values (@name, @amount)", new { name, amount });

                    """,
                3 => $$"""
                        [ReadQuery]
                        public async Task<int> Sum{{i}}Async(NpgsqlConnection connection, bool all)
                        {
                            var sql = all ? "select sum(amount) from items{{number}}" : "select sum(amount) from items{{number}} where amount > 0";
                            return await OneAsync<int>(connection, sql);
                        }

                    """,
                _ => $$"""
                        [ReadQuery("select id, name, amount from items{{number}} where id = @id")]
                        public partial Task<Item{{number}}?> Find{{i}}Async(long id);

                    """,
            });
        }

        return text.Append('}').ToString();
    }

    private static string Service(int first, int second) => Usings + $$"""
        namespace App;
        public sealed class Service{{first}}(Repository{{first}} first, Repository{{second}} second)
        {
            public async Task<string> PlaceAsync(string name, int amount, bool isUrgent, CancellationToken ct)
            {
                if (amount < 0)
                    throw new ArgumentOutOfRangeException(nameof(amount));
                await first.Add2Async(name, amount);
                if (isUrgent)
                    await NotifyAsync(name);
                foreach (var item in await second.List0Async(amount, ct))
                    Console.WriteLine(item.Name);
                return await DescribeAsync(name);
            }

            public async Task<int> SumAsync(bool all) => await first.Sum3Async(all) + await second.Sum8Async(all);

            private async Task NotifyAsync(string name)
            {
                try
                {
                    await second.Add7Async(name, 1);
                }
                finally
                {
                    Console.WriteLine(name);
                }
            }

            private async Task<string> DescribeAsync(string name) => $"{name}: {await first.Sum3Async(true)}";
        }
        """;
}
