using System.Text;
using CompileTimeRouting.Sql.Tests;

namespace CompileTimeRouting.Sql.Benchmarks;

/// <summary>
/// The statements that are measured: those of the product's own tests (Data/routes.txt), which are short and odd, and
/// those of Data/application.sql, which are as applications write them.
/// </summary>
internal sealed class Corpus
{
    private Corpus(string name, IReadOnlyList<string> texts)
    {
        Name = name;
        Texts = texts;
        Utf8 = [.. texts.Select(t => Encoding.UTF8.GetBytes(t + '\0'))];
        Bytes = Utf8.Sum(t => t.Length - 1L);
    }

    public string Name { get; }

    public IReadOnlyList<string> Texts { get; }

    /// <summary>The same, NUL at the end: what a C library reads.</summary>
    public IReadOnlyList<byte[]> Utf8 { get; }

    public long Bytes { get; }

    public static Corpus Application() => new("application", Blocks());

    public static Corpus Tests() => new("tests", [.. VerifiedRoutes.Read().Select(r => r.Sql)]);

    public Corpus Where(Func<byte[], bool> accepts) => new(Name, [.. Texts.Where((_, i) => accepts(Utf8[i]))]);

    private static List<string> Blocks()
    {
        using var reader = new StreamReader(typeof(Corpus).Assembly.GetManifestResourceStream("application.sql")!);
        var blocks = reader.ReadToEnd().Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // The first one says what the file is.
        return [.. blocks.Skip(1)];
    }
}
