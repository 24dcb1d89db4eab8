using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Input;
using CompileTimeRouting.Tool.Output;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Classification;

/// <summary>
/// Answers each line of NDJSON with one. Answers are written out whenever no further line is at hand, so that a program
/// can ask one line and wait.
/// </summary>
internal sealed class LineClassifier(SqlEffectOptions options, StandbySession? standby, Tally tally)
{
    private readonly AnswerWriter _answers = new();
    private int _line;

    public async Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var lines = new InputLines(input);
        do
        {
            while (TryRead(lines, out var request))
            {
                if (request is null)
                    continue;
                if (request.Error is null)
                    await AnswerAsync(request, cancellationToken);
                else
                    Refuse(request);
                if (_answers.Length > 1 << 16)
                    await _answers.FlushAsync(output, cancellationToken);
            }

            await _answers.FlushAsync(output, cancellationToken);
        }
        while (await lines.ReadAsync(cancellationToken));
    }

    /// <param name="lines">The input.</param>
    /// <param name="request">What the next line asks; null for a blank one.</param>
    private bool TryRead(InputLines lines, out ClassifyRequest? request)
    {
        request = null;
        if (!lines.TryNext(out var line))
            return false;
        _line++;
        if (line.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            request = ClassifyRequest.Read(line);
        return true;
    }

    private async ValueTask AnswerAsync(ClassifyRequest request, CancellationToken cancellationToken)
    {
        var sql = request.Sql!;
        var effects = SqlEffects.Analyze(sql, options);
        var answer = default(StandbyAnswer);
        if (standby is not null)
        {
            var answers = new List<StandbyAnswer>();
            foreach (var statement in effects.Statements)
                answers.Add(await standby.AskAsync(sql, statement, cancellationToken));
            answer = StandbyAnswer.OfAll(answers);
        }

        tally.Add(effects.Route, answer);
        _answers.Begin();
        _answers.Id(request.Id!);
        _answers.Classification(sql, effects.Route, effects.Effects, effects.Reads, effects.Writes, effects.Functions);
        _answers.Standby(answer);
        _answers.End();
    }

    private void Refuse(ClassifyRequest request)
    {
        tally.AddMalformed();
        Console.Error.WriteLine($"ctr: line {_line}: {request.Error}.");
        _answers.Begin();
        _answers.Id(request.Id ?? "null");
        _answers.Classification("", SqlRoute.Unknown, [], [], [], []);
        _answers.Text("error", request.Error!);
        _answers.End();
    }
}
