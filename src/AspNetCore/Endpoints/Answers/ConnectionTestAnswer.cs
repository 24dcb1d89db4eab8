using System.Text.Json.Serialization;

namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

internal sealed record ConnectionTestAnswer(
    [property: JsonPropertyName("database_type")] DatabaseType DatabaseType,
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("results")] IReadOnlyList<NodeTestAnswer> Results,
    [property: JsonPropertyName("timestamp")] DateTime Timestamp);

internal sealed record NodeTestAnswer(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("database_type")] DatabaseType DatabaseType,
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("response_time_ms")] double ResponseTimeMs,
    [property: JsonPropertyName("error")] string? Error);
