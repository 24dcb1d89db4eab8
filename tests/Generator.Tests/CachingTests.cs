using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>
/// What each edit makes the pipeline do again; one output is the list of all routes. The unrelated edit is part of every golden
/// test.
/// </summary>
public class CachingTests
{
    private const string First = """
        public partial class First(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<int> CountAsync(int id);
            private static Task<int> CountAsync(NpgsqlConnection connection, int id) => Task.FromResult(id);
        }
        """;

    private const string Second = "public partial class Second(RoutedDataSource db) { [WriteCommand] public static int Clear(NpgsqlConnection connection) => 0; }";

    [Fact]
    public void Edited_type_is_rendered_alone()
    {
        var reasons = Edit(Second.Replace("Clear(NpgsqlConnection connection)", "Clear(NpgsqlConnection connection, int id)", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached], Outputs(reasons));
        Assert.Contains((TrackingNames.ReadMethods, IncrementalStepRunReason.Cached), reasons);
        Assert.Contains((TrackingNames.WriteMethods, IncrementalStepRunReason.Modified), reasons);
    }

    [Fact]
    public void Body_of_a_core_changes_nothing() => Assert.All(
        Edit(Second.Replace("=> 0", "=> 1", StringComparison.Ordinal)),
        static r => Assert.True(r.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{r.Step} was {r.Reason}"));

    [Fact]
    public void Added_type_is_rendered_alone() => Assert.Equal(
        [IncrementalStepRunReason.New, IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached],
        Outputs(Edit(Second + Second.Replace("Second", "Third", StringComparison.Ordinal))));

    [Fact]
    public void Removed_attribute_removes_the_file() => Assert.Equal(
        [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Removed],
        Outputs(Edit(Second.Replace("[WriteCommand]", "", StringComparison.Ordinal))));

    [Fact]
    public void Change_of_a_base_class_in_another_file_is_noticed()
    {
        var reasons = Edit(Second, "public class Base { protected RoutedDataSource Db => null!; } partial class First : Base;");
        Assert.Contains((TrackingNames.ReadMethods, IncrementalStepRunReason.Modified), reasons);
    }

    private static List<(string Step, IncrementalStepRunReason Reason)> Edit(string second, params string[] others)
    {
        var driver = GeneratorTest.Run(TestCompilation.Create(First, Second), out _);
        return Incrementality.Reasons(driver.RunGenerators(TestCompilation.Create([First, second, .. others]), TestContext.Current.CancellationToken));
    }

    private static IEnumerable<IncrementalStepRunReason> Outputs(List<(string Step, IncrementalStepRunReason Reason)> reasons) =>
        reasons.Where(static r => r.Step == "output").Select(static r => r.Reason).Order();
}
