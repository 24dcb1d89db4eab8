using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CompileTimeRouting.Tool.Input;

/// <summary>One line of NDJSON input: <c>{"id":…,"sql":…}</c>; other members are ignored, and of two of a name the last counts.</summary>
/// <param name="Id">The id as it came, in JSON; null where none can be read.</param>
/// <param name="Sql">The SQL; null where <paramref name="Error"/> is set.</param>
/// <param name="Error">What is wrong with the line.</param>
internal sealed record ClassifyRequest(string? Id, string? Sql, string? Error)
{
    /// <param name="line">A line without its line feed. What isn't UTF-8 in a string is read as U+FFFD.</param>
    public static ClassifyRequest Read(ReadOnlySpan<byte> line)
    {
        string? id = null;
        string? sql = null;
        string? error = null;
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return new ClassifyRequest(null, null, "the line is no JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Text(ref reader);
                reader.Read();
                if (name == "id" && reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    id = Raw(ref reader);
                else if (name == "id")
                    error ??= "\"id\" must be a string or a number";
                else if (name == "sql" && reader.TokenType == JsonTokenType.String)
                    sql = Text(ref reader);
                else if (name == "sql")
                    error ??= "\"sql\" must be a string";
                reader.Skip();
            }

            // Looks for what may follow the object.
            reader.Read();
        }
        catch (JsonException e)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"the line is no JSON: {Reason(e)} (byte {e.BytePositionInLine + 1})");
        }

        error ??= id is null ? "the line has no \"id\"" : sql is null ? "the line has no \"sql\"" : null;
        return new ClassifyRequest(id, error is null ? sql : null, error);
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }

    private static string Raw(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        return reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    // The reader's own GetString throws at a lone surrogate, which JavaScript and others write without a thought.
    private static string Text(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        if (!reader.ValueIsEscaped)
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                plain.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            plain.Append(text[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var same => same });
        }

        return plain.ToString();
    }
}
