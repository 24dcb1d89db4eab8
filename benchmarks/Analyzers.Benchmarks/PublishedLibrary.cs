using System.Text;
using CompileTimeRouting.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Analyzers.Benchmarks;

/// <summary>
/// A project of 1,000 public methods without attributes, whose writes the generator publishes: of ten types two are
/// repositories, four services over them, and four have nothing to do with a database.
/// </summary>
internal sealed class PublishedLibrary
{
    private const int Groups = 10;
    private const int Methods = 10;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    private readonly SyntaxTree[] _trees;

    public PublishedLibrary()
    {
        var sources = new List<string>();
        for (var group = 0; group < Groups; group++)
        {
            sources.AddRange(Enumerable.Range(0, 2).Select(i => Repository($"{group}_{i}")));
            sources.AddRange(Enumerable.Range(0, 4).Select(i => Service($"{group}_{i}", $"{group}_{i % 2}")));
            sources.AddRange(Enumerable.Range(0, 4).Select(i => Calculator($"{group}_{i}")));
        }

        _trees = [.. sources.Select(static (text, i) => CSharpSyntaxTree.ParseText(Usings + text, ParseOptions, $"Source{i}.cs", Encoding.UTF8))];
    }

    /// <summary>How long the generator takes, and how many methods it publishes.</summary>
    public (TimeSpan Time, int Published) Generate(int round)
    {
        var compilation = CSharpCompilation.Create($"Library{round}", _trees, Application.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, concurrentBuild: false));
        var errors = compilation.GetDeclarationDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length > 0)
            throw new InvalidOperationException(errors[0].ToString());
        var driver = CSharpGeneratorDriver.Create([new RoutingGenerator().AsSourceGenerator()], parseOptions: ParseOptions).RunGenerators(compilation);
        return (driver.GetTimingInfo().GeneratorTimes[0].ElapsedTime, driver.GetRunResult().GeneratedTrees.Sum(static t => t.ToString().Split("PublishedEffect(").Length - 1));
    }

    private const string Usings =
        "using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Threading.Tasks; using Dapper; using Npgsql;\nnamespace Library;\n";

    private static string Repository(string id) => Type(
        $"public interface IRepository{id} {{ {string.Concat(Enumerable.Range(0, Methods).Select(i => $"Task<int> {(i % 2 == 0 ? "Find" : "Store")}{i}Async(long id, string name); "))} }}\n" +
        $"public sealed class Repository{id}(NpgsqlDataSource source) : IRepository{id}",
        i => i % 2 == 0
            ? $$"""
                public async Task<int> Find{{i}}Async(long id, string name)
                {
                    await using var connection = await source.OpenConnectionAsync();
                    var where = name.Length > 0 ? " and name = @name" : "";
                    return await connection.QuerySingleAsync<int>($"select count(*) from items{{id}} where id = @id{where}", new { id, name });
                }
                """
            : $$"""
                public async Task<int> Store{{i}}Async(long id, string name)
                {
                    await using var connection = await source.OpenConnectionAsync();
                    await using var command = new NpgsqlCommand("insert into items{{id}} (id, name) values (@id, @name)", connection);
                    command.Parameters.AddWithValue("id", id);
                    command.Parameters.AddWithValue("name", name);
                    return await command.ExecuteNonQueryAsync();
                }
                """);

    private static string Service(string id, string repository) => Type(
        $"public sealed class Service{id}(IRepository{repository} repository)",
        i => $$"""
            public async Task<int> Run{{i}}Async(IReadOnlyList<long> ids, string name)
            {
                var total = 0;
                foreach (var id in ids.Where(static x => x > {{i}}).OrderBy(static x => x))
                    total += await repository.{{(i % 2 == 0 ? "Find" : "Store")}}{{i}}Async(id, name.Trim());
                return total;
            }
            """);

    private static string Calculator(string id) => Type(
        $"public sealed class Calculator{id}",
        i => $$"""
            public string Describe{{i}}(IReadOnlyList<int> values, string title)
            {
                var text = new StringBuilder(title);
                var groups = values.GroupBy(static v => v % {{i + 2}}).ToDictionary(static g => g.Key, static g => g.Sum());
                foreach (var (key, sum) in groups.OrderBy(static g => g.Value))
                    text.Append(key).Append(": ").Append(sum).AppendLine();
                return groups.Count > {{i}} ? text.ToString() : text.Append(values.Max()).ToString();
            }
            """);

    private static string Type(string header, Func<int, string> method) =>
        header + "\n{\n" + string.Join("\n", Enumerable.Range(0, Methods).Select(method)) + "\n}\n";
}
