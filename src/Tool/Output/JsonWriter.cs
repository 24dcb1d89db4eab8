using CompileTimeRouting.Tool.Classification;

namespace CompileTimeRouting.Tool.Output;

/// <summary>One line of JSON for each statement.</summary>
internal sealed class JsonWriter(Stream output) : IStatementWriter
{
    private readonly AnswerWriter _answers = new();

    public void Add(ClassifiedStatement statement)
    {
        var (source, lines, effects, standby) = statement;
        var (line, column) = lines.Place(effects.Statement.Start);
        _answers.Begin();
        _answers.Text("id", statement.Place);
        _answers.Text("file", source.Name);
        _answers.Number("line", line);
        _answers.Number("column", column);
        _answers.Number("start", effects.Statement.Start);
        _answers.Number("length", effects.Statement.Length);
        _answers.Classification(source.Text, effects.Route, effects.Effects, effects.Reads, effects.Writes, effects.Functions);
        _answers.Standby(standby);
        _answers.End();
        if (_answers.Length > 1 << 16)
            _answers.Flush(output);
    }

    public void Finish(Tally tally) => _answers.Flush(output);
}
