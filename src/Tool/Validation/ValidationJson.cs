using System.Text.Encodings.Web;
using System.Text.Json;
using CompileTimeRouting.Tool.Output;

namespace CompileTimeRouting.Tool.Validation;

/// <summary>One JSON object, on one line.</summary>
internal static class ValidationJson
{
    public static void Write(Validated validated, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("nodes");
            foreach (var report in validated.Nodes)
                Write(report, json);
            json.WriteEndArray();
            json.WriteStartArray("findings");
            foreach (var finding in validated.Findings)
            {
                json.WriteStartObject();
                json.WriteString("level", Names.Of(finding.Level));
                if (finding.Node is not null)
                    json.WriteString("node", finding.Node);
                json.WriteString("message", finding.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void Write(NodeReport report, Utf8JsonWriter json)
    {
        var node = report.Node;
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("host", node.Host);
        json.WriteNumber("port", node.Port);
        json.WriteString("configuredRole", Names.Of(node.ConfiguredRole));
        if (node.ServerVersion is not null)
        {
            json.WriteString("role", Names.Of(node.Role));
            json.WriteString("version", node.ServerVersion);
        }

        json.WriteString("state", Names.Of(node.State));
        if (node.RoundTrip is { } roundTrip)
            json.WriteNumber("roundTripMilliseconds", Math.Round(roundTrip.TotalMilliseconds, 3));
        if (report.Budget is { } budget)
        {
            json.WriteStartObject("connections");
            json.WriteNumber("perInstance", budget.PerInstance);
            json.WriteNumber("instances", budget.Instances);
            json.WriteNumber("needed", budget.Needed);
            json.WriteNumber("available", budget.Available);
            json.WriteEndObject();
        }

        if (report.Server is { } server)
            Write(server, json);
        json.WriteEndObject();
    }

    private static void Write(ServerSettings server, Utf8JsonWriter json)
    {
        // A string: it has more digits than a double holds.
        if (server.SystemIdentifier is { } id)
            json.WriteString("systemIdentifier", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteBoolean("behindPooler", server.IsBehindPooler);
        json.WriteStartObject("settings");
        foreach (var (name, value) in server.Values.OrderBy(static v => v.Key, StringComparer.Ordinal))
            json.WriteString(name, value);
        json.WriteEndObject();
    }
}
