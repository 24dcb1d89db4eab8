using System.Text.Json.Serialization;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>Which database servers a connection test asks, in the words of the query.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabaseType>))]
internal enum DatabaseType
{
    [JsonStringEnumMemberName("all")]
    All,

    [JsonStringEnumMemberName("primary")]
    Primary,

    [JsonStringEnumMemberName("replica")]
    Replica,
}
