using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Commands;
using CompileTimeRouting.Tool.Input;
using CompileTimeRouting.Tool.Output;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Classification;

/// <summary>Carries out <c>ctr sql classify</c>.</summary>
internal static class Classifier
{
    public static async Task<int> RunAsync(ClassifyOptions options, CancellationToken cancellationToken)
    {
        var effects = new SqlEffectOptions { UnknownFunctions = options.UnknownFunctions, Catalog = CatalogFiles.Read(options.Catalogs) };
        await using var standby = options.Standby is { } url ? await StandbySession.OpenAsync(url, cancellationToken) : null;
        var tally = new Tally(options.FailOn);
        await using var output = Console.OpenStandardOutput();
        if (options.Ndjson)
            await new LineClassifier(effects, standby, tally).RunAsync(Console.OpenStandardInput(), output, cancellationToken);
        else
            await ClassifyFilesAsync(options, effects, standby, tally, output, cancellationToken);
        if (standby is not null)
            await standby.VerifyAsync(cancellationToken);
        return tally.ExitCode;
    }

    private static async Task ClassifyFilesAsync(
        ClassifyOptions options, SqlEffectOptions known, StandbySession? standby, Tally tally, Stream output, CancellationToken cancellationToken)
    {
        var writers = Writers(options, output);
        foreach (var text in SqlFiles.Read(options.Files, Console.OpenStandardInput))
        {
            var lines = new LineMap(text.Text);
            foreach (var effects in SqlEffects.Analyze(text.Text, known).Statements)
            {
                var answer = standby is null ? null : await standby.AskAsync(text.Text, effects, cancellationToken);
                tally.Add(effects.Route, answer);
                var statement = new ClassifiedStatement(text, lines, effects, answer);
                foreach (var writer in writers)
                    writer.Add(statement);
            }
        }

        foreach (var writer in writers)
            writer.Finish(tally);
    }

    private static List<IStatementWriter> Writers(ClassifyOptions options, Stream output)
    {
        var writers = new List<IStatementWriter>();
        if (options.Sarif != "-")
            writers.Add(options.Json ? new JsonWriter(output) : new TableWriter(output));
        if (options.Sarif is { } file)
            writers.Add(new SarifWriter(stream => Write(file, output, stream)));
        return writers;
    }

    private static void Write(string file, Stream output, ReadOnlySpan<byte> content)
    {
        if (file == "-")
        {
            output.Write(content);
            return;
        }

        try
        {
            File.WriteAllBytes(file, content);
        }
        catch (Exception e) when (SqlFiles.IsFileProblem(e))
        {
            throw new CommandException($"The file '{file}' can't be written: {e.Message}", e);
        }
    }
}
