using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Output;

/// <summary>Lines of JSON, gathered until they are written out. A lone surrogate is written as U+FFFD.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer holds nothing to dispose of.")]
internal sealed class AnswerWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly Utf8JsonWriter _json;

    public AnswerWriter() => _json = new Utf8JsonWriter(
        _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public int Length => _buffer.WrittenCount;

    public void Begin()
    {
        _json.Reset();
        _json.WriteStartObject();
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
    }

    public async ValueTask FlushAsync(Stream output, CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount == 0)
            return;
        await output.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        await output.FlushAsync(cancellationToken);
        _buffer.ResetWrittenCount();
    }

    public void Flush(Stream output)
    {
        output.Write(_buffer.WrittenSpan);
        output.Flush();
        _buffer.ResetWrittenCount();
    }

    /// <param name="json">The id as JSON.</param>
    public void Id(string json)
    {
        _json.WritePropertyName("id");
        _json.WriteRawValue(json, skipInputValidation: true);
    }

    public void Text(string name, string value) => _json.WriteString(name, value);

    public void Number(string name, int value) => _json.WriteNumber(name, value);

    public void Classification(
        string sql,
        SqlRoute route,
        IEnumerable<SqlEffect> effects,
        IReadOnlyList<SqlObjectName> reads,
        IReadOnlyList<SqlObjectName> writes,
        IReadOnlyList<SqlObjectName> functions)
    {
        _json.WriteString("route", Names.Of(route));
        _json.WriteStartArray("effects");
        foreach (var effect in effects)
        {
            _json.WriteStartObject();
            _json.WriteString("kind", Names.Of(effect.Kind));
            _json.WriteString("text", sql.AsSpan(effect.Start, effect.Length));
            _json.WriteNumber("start", effect.Start);
            _json.WriteNumber("length", effect.Length);
            _json.WriteString("impact", Names.Of(effect.Impact));
            if (effect.Detail is not null)
                _json.WriteString("detail", effect.Detail);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        Array("reads", reads);
        Array("writes", writes);
        Array("functions", functions);
    }

    public void Standby(StandbyAnswer? answer)
    {
        if (answer is null)
            return;
        _json.WriteStartObject("standby");
        _json.WriteString("verdict", Names.Of(answer.Verdict));
        if (answer.SqlState is not null)
            _json.WriteString("sqlstate", answer.SqlState);
        if (answer.Message is not null)
            _json.WriteString("message", answer.Message);
        if (answer.Disagreement is { } disagreement)
            _json.WriteString("disagreement", Names.Of(disagreement));
        _json.WriteEndObject();
    }

    private void Array(string name, IReadOnlyList<SqlObjectName> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteStringValue(value.ToString());
        _json.WriteEndArray();
    }
}
