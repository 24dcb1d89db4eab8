using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>
/// Source, generator and analyzers together, as the compiler of a build runs them: after an error among the declarations it
/// asks no analyzer.
/// </summary>
public class BuildTests
{
    [Theory]
    [InlineData("CTR002", "public sealed partial class Notes { [ReadQuery(\"select 1\")] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR003", "public sealed partial class Notes(RoutedDataSource a, RoutedDataSource b) { [ReadQuery(\"select 1\")] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR004", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select @id::int\")] public partial int One(in int id); }")]
    [InlineData("CTR004", "public sealed unsafe partial class Notes(RoutedDataSource db) { [ReadQuery] public partial int* One(out Span<int> id); }")]
    [InlineData("CTR004", "public sealed partial class Notes(RoutedDataSource db) { [WriteCommand(Transaction = true)] public partial IAsyncEnumerable<int> One([EnumeratorCancellation] CancellationToken ct); private static IAsyncEnumerable<int> One(NpgsqlConnection connection, CancellationToken ct) => null!; }")]
    [InlineData("CTR007", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR008", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select 1\"), WriteCommand(\"select 1\")] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR009", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select @id\")] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR011", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select 1, 2\")] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR012", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select 'open\")] public partial IAsyncEnumerable<int> OneAsync([EnumeratorCancellation] CancellationToken ct); }")]
    [InlineData("CTR013", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select 1\")] public partial Task<object> OneAsync(); }")]
    [InlineData("CTR101", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"delete from notes\")] public partial Task<int> OneAsync(); }")]
    [InlineData("CTR103", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery(\"select nextval('n')\")] public partial Task<long> OneAsync(); }")]
    [InlineData("CTR104", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery] public partial Task<int> OneAsync(); private static async Task<int> OneAsync(NpgsqlConnection connection) { await connection.BeginTextImportAsync(\"copy notes from stdin\"); return 1; } }")]
    [InlineData("CTR105", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery] public partial Task<int> OneAsync(); private static Task<int> OneAsync(NpgsqlConnection connection) => Two(connection); private static Task<int> Two(NpgsqlConnection connection) => connection.ExecuteAsync(\"delete from notes\"); }")]
    [InlineData("CTR106", "public sealed partial class Notes(RoutedDataSource db) { [ReadQuery] public partial Task<int> OneAsync(); private Task<int> OneAsync(NpgsqlConnection connection) => TwoAsync(); [WriteCommand(\"delete from notes\")] public partial Task<int> TwoAsync(); }")]
    public async Task Broken_rules_are_all_that_is_reported(string rule, string source)
    {
        var (output, _) = TestCode.Generate(TestCode.From(source).Compile());
        Assert.Empty(Shown(output.GetDeclarationDiagnostics(TestContext.Current.CancellationToken)));
        using var assembly = new MemoryStream();
        var emitted = output.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success);
        Assert.Empty(Shown(emitted.Diagnostics));

        var all = await output.WithAnalyzers(TestCode.Analyzers).GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.All(Shown(all), static shown => Assert.StartsWith("error CTR", shown, StringComparison.Ordinal));
        Assert.Contains(Shown(all), shown => shown.StartsWith($"error {rule}: ", StringComparison.Ordinal));
    }

    private static string[] Shown(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1701").Select(static d => d.ToString()[(d.ToString().IndexOf("): ", StringComparison.Ordinal) + 3)..])];
}
