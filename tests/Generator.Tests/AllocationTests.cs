using System.Text;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

public class AllocationTests
{
    private const int Methods = 1000;
    private const long Budget = 4_000_000;

    /// <summary>
    /// Every key press in the IDE costs this: the methods are read again, found unchanged, and nothing is rendered. What other
    /// assemblies are told only a build asks for.
    /// </summary>
    [Fact]
    public void Unrelated_edit_stays_within_its_budget()
    {
        var compilation = TestCompilation.Create(Source(), "internal sealed class Edited { }");
        GeneratorDriver driver = Microsoft.CodeAnalysis.CSharp.CSharpGeneratorDriver.Create(
            [new RoutingGenerator().AsSourceGenerator()], parseOptions: TestCompilation.ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.Implementation));
        driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
        Assert.Equal(10, driver.GetRunResult().GeneratedTrees.Length);

        var least = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            // The compiler binds the declarations whether there is a generator or not, so that isn't the generator's cost.
            var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], TestCompilation.Parse($"internal sealed class Edited {{ int _{i}; }}", "File1.cs"));
            _ = edited.GetDeclarationDiagnostics(TestContext.Current.CancellationToken);
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = driver.RunGenerators(edited, TestContext.Current.CancellationToken);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{least:N0} bytes for {Methods} methods");
        Assert.InRange(least, 0, Budget);
    }

    private static string Source()
    {
        var text = new StringBuilder("namespace App;\npublic sealed record Row(int Id, string? Name);\n");
        for (var type = 0; type < 10; type++)
        {
            text.Append($"public sealed partial class Repository{type}(RoutedDataSource db)\n{{\n");
            for (var method = 0; method < Methods / 20; method++)
            {
                text.Append($$"""
                        [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
                        public partial Task<List<Row>> Read{{method}}Async(int id, string? name, CancellationToken ct = default);
                        private static Task<List<Row>> Read{{method}}Async(NpgsqlConnection connection, int id, string? name, CancellationToken ct) => null!;
                        [WriteCommand(Transaction = true)]
                        public static Task<int> Write{{method}}Async(NpgsqlConnection connection, Row row, int limit = 5, CancellationToken ct = default) => null!;

                    """);
            }

            text.Append("}\n");
        }

        return text.ToString();
    }
}
