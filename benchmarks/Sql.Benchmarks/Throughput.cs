using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CompileTimeRouting.Sql.Benchmarks;

/// <summary>How many MB of SQL each of them reads in a second, all in one process and in turns.</summary>
internal static class Throughput
{
    private const int Rounds = 15;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(200);

    public static void Run()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores{(IsOptimized ? "" : ", DEBUG BUILD")}
            Method: one thread; each reader goes through the whole corpus for {RoundTime.TotalMilliseconds} ms a round, all take turns, {Rounds} rounds
            after two that don't count. MB/s is the median round's, in UTF-8 bytes (1 MB = 10^6), "times as fast" the median of the
            rounds' ratios; B/statement is what the thread allocates on the managed heap. libpg_query gets its UTF-8 ready made and
            is called in this process. Only texts that it accepts are read.
            """));
        if (!LibPgQuery.IsAvailable)
            Console.WriteLine(LibPgQuery.Missing + " Every text is read, and it is left out.");
        Measure(Corpus.Application());
        Measure(Corpus.Tests());
    }

    private static bool IsOptimized =>
#if DEBUG
        false;
#else
        true;
#endif

    private static void Measure(Corpus corpus)
    {
        var all = corpus.Texts.Count;
        if (LibPgQuery.IsAvailable)
            corpus = corpus.Where(LibPgQuery.Accepts);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{corpus.Name}: {corpus.Texts.Count} of {all} texts, {corpus.Bytes} bytes, {corpus.Bytes / corpus.Texts.Count} a text"));

        var readers = Readers(corpus);
        var speeds = readers.ConvertAll(_ => new List<double>());
        for (var round = -2; round < Rounds; round++)
        {
            for (var i = 0; i < readers.Count; i++)
            {
                var speed = MegabytesPerSecond(readers[i].Pass, corpus.Bytes);
                if (round >= 0)
                    speeds[i].Add(speed);
            }
        }

        for (var i = 0; i < readers.Count; i++)
        {
            var ratio = Median([.. speeds[0].Zip(speeds[i], static (own, other) => own / other)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{readers[i].Name,-44} {Median(speeds[i]),7:0.0} MB/s ({speeds[i].Min():0.0} to {speeds[i].Max():0.0}), {Allocated(readers[i].Pass) / (double)corpus.Texts.Count:0} B/statement; the scanner is {ratio:0.0} times as fast"));
        }
    }

    private static List<(string Name, Action Pass)> Readers(Corpus corpus)
    {
        List<(string, Action)> readers =
        [
            ("statement effects (this product)", () => Each(corpus.Texts, static sql => SqlEffects.Analyze(sql))),
            ("lexer alone (this product)", () => Each(corpus.Texts, Lex)),
            ("regular expressions of a word list", () => Each(corpus.Texts, static sql => WordList.IsRead(sql))),
        ];
        if (LibPgQuery.IsAvailable)
        {
            readers.Add(("libpg_query: pg_query_parse (JSON)", () => Each(corpus.Utf8, static sql => LibPgQuery.ToJson(sql))));
            readers.Add(("libpg_query: pg_query_parse_protobuf", () => Each(corpus.Utf8, static sql => LibPgQuery.ToProtobuf(sql))));
            readers.Add(("libpg_query: raw_parser, no tree handed out", () => Each(corpus.Utf8, LibPgQuery.ParseOnly)));
        }

        return readers;
    }

    private static void Lex(string sql)
    {
        foreach (var _ in new SqlLexer(sql))
        {
        }
    }

    private static void Each<T>(IReadOnlyList<T> texts, Action<T> read)
    {
        for (var i = 0; i < texts.Count; i++)
            read(texts[i]);
    }

    private static double MegabytesPerSecond(Action pass, long bytes)
    {
        var clock = Stopwatch.StartNew();
        var passes = 0;
        do
        {
            pass();
            passes++;
        }
        while (clock.Elapsed < RoundTime);
        return passes * bytes / clock.Elapsed.TotalSeconds / 1e6;
    }

    private static long Allocated(Action pass)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        pass();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
