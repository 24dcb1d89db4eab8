using System.Text.Json.Serialization;

namespace CompileTimeRouting.AspNetCore.Dashboard.Answers;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StateAnswer))]
[JsonSerializable(typeof(IReadOnlyList<RouteAnswer>))]
internal sealed partial class DashboardJson : JsonSerializerContext;
