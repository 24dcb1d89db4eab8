using System.Text.Json.Serialization;

namespace BookedBarber;

/// <summary>
/// What the server that answered says of itself. It is part of every answer here, so that the sample proves its routes by
/// the servers' word and not by counters of its own; an application of yours needs none of this.
/// </summary>
public abstract record Witnessed
{
    /// <summary>The columns that fill the properties below.</summary>
    public const string Columns =
        "host(inet_server_addr()) as server_address, inet_server_port() as server_port, pg_is_in_recovery() as in_recovery";

    [JsonIgnore]
    public string? ServerAddress { get; init; }

    [JsonIgnore]
    public int? ServerPort { get; init; }

    [JsonIgnore]
    public bool InRecovery { get; init; }
}
