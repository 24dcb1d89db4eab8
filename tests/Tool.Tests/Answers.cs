using System.Text.Json;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>Reads lines of JSON.</summary>
internal static class Answers
{
    public static List<JsonElement> Read(Outcome outcome) => [.. outcome.Lines.Select(static line => JsonDocument.Parse(line).RootElement)];

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string[] Texts(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static e => e.GetString()!)];
}
