using BenchmarkDotNet.Attributes;

namespace CompileTimeRouting.Sql.Benchmarks;

/// <summary>Single statements and the whole corpus, by BenchmarkDotNet.</summary>
/// <remarks>In this process: a project that BenchmarkDotNet generates would fall under the central package versions, with their older Roslyn.</remarks>
[InProcess]
[MemoryDiagnoser]
public class SqlScannerBenchmarks
{
    private const string PointRead = "select id, name, email, created_at from users where id = @id";

    private static readonly Corpus Application = Corpus.Application();

    private static readonly byte[] PointReadUtf8 = [.. System.Text.Encoding.UTF8.GetBytes(PointRead), 0];

    [Benchmark]
    public object Effects_of_a_point_read() => SqlEffects.Analyze(PointRead);

    [Benchmark]
    public bool Word_list_on_a_point_read() => WordList.IsRead(PointRead);

    [Benchmark]
    public bool LibPgQuery_on_a_point_read() => LibPgQuery.ToProtobuf(PointReadUtf8);

    [Benchmark]
    public int Effects_of_an_application()
    {
        var effects = 0;
        foreach (var sql in Application.Texts)
            effects += SqlEffects.Analyze(sql).Statements.Count;
        return effects;
    }
}
