using System.Buffers;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Classification;
using CompileTimeRouting.Tool.Input;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Output;

/// <summary>
/// SARIF 2.1.0: a result for each effect, under the rule that the analyzer reports it under, and for each disagreement with
/// a standby. An error is what a standby refuses, a warning what belongs on the primary, a note what the text doesn't tell.
/// </summary>
internal sealed class SarifWriter(SarifWriter.Sink write) : IStatementWriter
{
    private const int MaxWords = 60;

    private readonly List<Finding> _findings = [];
    private readonly List<string> _rules = [];

    /// <summary>Takes the whole file.</summary>
    public delegate void Sink(ReadOnlySpan<byte> content);

    public void Add(ClassifiedStatement statement)
    {
        foreach (var (rule, effect) in EffectRules.Findings(statement.Effects.Effects))
            Add(statement, rule, Level(effect.Impact), Message(effect, statement.Source.Text), effect.Start, effect.Length);
        if (statement.Standby is not { Disagreement: { } disagreement } standby)
            return;
        var (start, length) = (statement.Effects.Statement.Start, statement.Effects.Statement.Length);
        if (disagreement == Disagreement.Unsafe)
            Add(statement, EffectRules.Unsafe, "error", $"Said to be a replica's, but the standby refused it: {standby.Message} ({standby.SqlState}).", start, length);
        else
            Add(statement, EffectRules.Wasteful, "warning", "Said to be refused, but the standby served it.", start, length);
    }

    public void Finish(Tally tally)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json);
        buffer.Write("\n"u8);
        write(buffer.WrittenSpan);
    }

    private void Add(ClassifiedStatement statement, string rule, string level, string message, int start, int length)
    {
        if (!_rules.Contains(rule))
            _rules.Add(rule);
        _findings.Add(new Finding(rule, level, message, statement.Source, statement.Lines, start, length));
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json);
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (var finding in _findings)
            WriteResult(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "ctr");
        json.WriteString("version", typeof(SarifWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        json.WriteString("informationUri", "https://github.com/compiletimerouting/compiletimerouting");
        json.WriteStartArray("rules");
        foreach (var rule in _rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule);
            WriteText(json, "shortDescription", EffectRules.Title(rule) + ".");
            if (EffectRules.HelpLink(rule) is { } link)
                json.WriteString("helpUri", link);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResult(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteNumber("ruleIndex", _rules.IndexOf(finding.Rule));
        json.WriteString("level", finding.Level);
        WriteText(json, "message", finding.Message);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(finding.Source.Name));
        json.WriteEndObject();
        json.WriteStartObject("region");
        var (startLine, startColumn) = finding.Lines.Place(finding.Start);
        var (endLine, endColumn) = finding.Lines.Place(finding.Start + finding.Length);
        json.WriteNumber("startLine", startLine);
        json.WriteNumber("startColumn", startColumn);
        json.WriteNumber("endLine", endLine);
        json.WriteNumber("endColumn", endColumn);
        json.WriteNumber("charOffset", finding.Start);
        json.WriteNumber("charLength", finding.Length);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static string Level(SqlEffectImpact impact) => impact switch
    {
        SqlEffectImpact.Refused => "error",
        SqlEffectImpact.BelongsOnPrimary => "warning",
        _ => "note",
    };

    private static string Message(in SqlEffect effect, string sql)
    {
        var words = string.Join(' ', effect.Text(sql).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length > MaxWords)
            words = words[..MaxWords] + "…";
        var what = Names.Of(effect.Kind) + (IsOfCatalog(effect.Kind) ? $": {effect.Detail}" : "");
        return effect switch
        {
            { Impact: SqlEffectImpact.Refused } => $"'{words}' ({what}) is refused by a standby.",
            { Impact: SqlEffectImpact.BelongsOnPrimary } => $"'{words}' ({what}) is accepted by a standby, but its effect belongs on the primary.",
            { Kind: SqlEffectKind.UnknownFunction } => $"What '{words}' does is known to the database only.",
            _ => $"'{words}': the text doesn't tell what it does: {effect.Detail}.",
        };
    }

    private static bool IsOfCatalog(SqlEffectKind kind) => kind
        is SqlEffectKind.WritingRoutine or SqlEffectKind.UnknownRoutine or SqlEffectKind.CallingRelation or SqlEffectKind.UnloggedTable;

    /// <summary>A relative path stays one; standard input has a name that no file has.</summary>
    private static string Uri(string name) => Path.IsPathRooted(name)
        ? new Uri(Path.GetFullPath(name)).AbsoluteUri
        : string.Join('/', name.Split('/').Select(System.Uri.EscapeDataString));

    private sealed record Finding(string Rule, string Level, string Message, SqlText Source, LineMap Lines, int Start, int Length);
}
