using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>What an edit costs where SQL stands in attributes: it is read again only where its method has changed.</summary>
public class StatementPipelineTests
{
    private const int Methods = 1000;
    private const long Budget = 4_000_000;

    [Fact]
    public void Changed_sql_is_read_alone()
    {
        const string First = "public partial class First(RoutedDataSource db) { [ReadQuery(\"select 1\")] public partial Task<int> OneAsync(); }";
        const string Second = "public partial class Second(RoutedDataSource db) { [WriteCommand(\"delete from t\")] public partial Task<int> ClearAsync(); }";
        var driver = GeneratorTest.Run(TestCompilation.Create(First, Second), out _);

        var reasons = Incrementality.Reasons(driver.RunGenerators(
            TestCompilation.Create(First, Second.Replace("from t", "from u", StringComparison.Ordinal)), TestContext.Current.CancellationToken));

        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Of(reasons, TrackingNames.Statements));

        // The second one is the list of all routes, with their tables.
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Of(reasons, "output"));
    }

    [Fact]
    public void Changed_row_type_in_another_file_is_noticed()
    {
        const string Repository = "public partial class R(RoutedDataSource db) { [ReadQuery(\"select a, b from t\")] public partial Task<Row> GetAsync(); }";
        var driver = GeneratorTest.Run(TestCompilation.Create(Repository, "public record Row(int A, int B);"), out _);

        driver = driver.RunGenerators(TestCompilation.Create(Repository, "public record Row(int B, int A);"), TestContext.Current.CancellationToken);

        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Of(Incrementality.Reasons(driver), "output"));
        driver = driver.RunGenerators(TestCompilation.Create(Repository, "public record Row(int A);"), TestContext.Current.CancellationToken);
        Assert.Contains("(CTR011)", Assert.Single(driver.GetRunResult().GeneratedTrees).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unrelated_edit_stays_within_its_budget()
    {
        var compilation = TestCompilation.Create(Source(), "internal sealed class Edited { }");

        // As an IDE runs it: what other assemblies are told only a build asks for.
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
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

    private static IEnumerable<IncrementalStepRunReason> Of(List<(string Step, IncrementalStepRunReason Reason)> reasons, string step) =>
        reasons.Where(r => r.Step == step).Select(static r => r.Reason).Order();

    private static string Source()
    {
        var text = new StringBuilder("namespace App;\npublic sealed record Row(int Id, string? Name) { public DateTimeOffset? At { get; init; } }\n");
        for (var type = 0; type < 10; type++)
        {
            text.Append($"public sealed partial class Repository{type}(RoutedDataSource db)\n{{\n");
            for (var method = 0; method < Methods / 20; method++)
            {
                text.Append($$"""
                        [ReadQuery("select id, name, at from rows where id = @id and name = @name")]
                        public partial Task<List<Row>> Read{{method}}Async(int id, string? name, CancellationToken ct = default);
                        [WriteCommand("insert into rows (id, name, day) values (@id, @name, @day)")]
                        public partial Task<int> Write{{method}}Async(int id, string name, DayOfWeek? day, CancellationToken ct = default);

                    """);
            }

            text.Append("}\n");
        }

        return text.ToString();
    }
}
