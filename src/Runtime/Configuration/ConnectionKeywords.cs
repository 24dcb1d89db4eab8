using System.Collections.Frozen;

namespace CompileTimeRouting;

/// <summary>The names a connection string or URL may use.</summary>
internal static class ConnectionKeywords
{
    /// <summary>Npgsql's own. A test holds them against the driver, which has no list that needs no reflection.</summary>
    public static readonly string[] Npgsql =
    [
        "Host", "Port", "Database", "Username", "Password", "Passfile", "Application Name", "Enlist", "Search Path",
        "Client Encoding", "Encoding", "Timezone", "SSL Mode", "SSL Negotiation", "GSS Encryption Mode", "SSL Certificate",
        "SSL Key", "SSL Password", "Root Certificate", "Check Certificate Revocation", "Kerberos Service Name",
        "Include Realm", "Persist Security Info", "Log Parameters", "Include Error Detail",
        "Include Failed Batched Command", "Channel Binding", "Require Auth", "Pooling", "Minimum Pool Size",
        "Maximum Pool Size", "Connection Idle Lifetime", "Connection Pruning Interval", "Connection Lifetime", "Timeout",
        "Command Timeout", "Cancellation Timeout", "Target Session Attributes", "Load Balance Hosts",
        "Host Recheck Seconds", "Keepalive", "TCP Keepalive", "TCP Keepalive Time", "TCP Keepalive Interval",
        "Read Buffer Size", "Write Buffer Size", "Socket Receive Buffer Size", "Socket Send Buffer Size",
        "Max Auto Prepare", "Auto Prepare Min Usages", "No Reset On Close", "Options", "Array Nullability Mode",
        "Multiplexing", "Write Coalescing Buffer Threshold Bytes", "Load Table Composites", "Server Compatibility Mode",
        "Trust Server Certificate", "Internal Command Timeout",
    ];

    /// <summary>libpq's, as URLs use them, and what Npgsql calls them.</summary>
    public static readonly FrozenDictionary<string, string> Libpq = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["require_auth"] = "Require Auth",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["client_encoding"] = "Client Encoding",
        ["options"] = "Options",
        ["application_name"] = "Application Name",
        ["fallback_application_name"] = "Application Name",
        ["keepalives"] = "TCP Keepalive",
        ["keepalives_idle"] = "TCP Keepalive Time",
        ["keepalives_interval"] = "TCP Keepalive Interval",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>libpq's that can't be honoured, and what to do instead.</summary>
    public static readonly FrozenDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["target_session_attrs"] =
            "each entry is one node, whose role is found by asking it. Take the parameter out; the primary goes into 'Primary', a standby into 'Replicas'",
        ["load_balance_hosts"] = "each entry is one node. Take the parameter out and give each node an entry and a Weight",
        ["hostaddr"] = "Npgsql has no counterpart. Write the address as the host",
        ["service"] = "Npgsql reads no service file. Write host, port and database out",
        ["servicefile"] = "Npgsql reads no service file. Write host, port and database out",
        ["replication"] = "a replication connection runs no queries. Take the parameter out",
        ["keepalives_count"] = NoCounterpart,
        ["tcp_user_timeout"] = NoCounterpart,
        ["requirepeer"] = NoCounterpart,
        ["requiressl"] = "it is out of use. Write sslmode=require",
        ["sslcompression"] = NoCounterpart,
        ["sslcertmode"] = NoCounterpart,
        ["sslcrl"] = NoCounterpart,
        ["sslcrldir"] = NoCounterpart,
        ["sslsni"] = NoCounterpart,
        ["ssl_min_protocol_version"] = NoCounterpart,
        ["ssl_max_protocol_version"] = NoCounterpart,
        ["min_protocol_version"] = NoCounterpart,
        ["max_protocol_version"] = NoCounterpart,
        ["gsslib"] = NoCounterpart,
        ["gssdelegation"] = NoCounterpart,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const string NoCounterpart = "Npgsql has no counterpart. Take it out";

    /// <summary>What a value of the keyword has to look like.</summary>
    public static string Expected(string keyword) => keyword switch
    {
        "SSL Mode" => "one of disable, allow, prefer, require, verify-ca, verify-full",
        "SSL Negotiation" => "postgres or direct",
        "GSS Encryption Mode" or "Channel Binding" => "one of disable, prefer, require",
        "Port" => "a number from 1 to 65535",
        "Timeout" => "a number of seconds from 0 to 1024",
        "Target Session Attributes" => "left out",
        _ when IsBoolean(keyword) => "true or false",
        _ => "what Npgsql documents for it",
    };

    public static bool IsBoolean(string keyword) => keyword is "Enlist" or "Check Certificate Revocation" or "Include Realm"
        or "Persist Security Info" or "Log Parameters" or "Include Error Detail" or "Include Failed Batched Command"
        or "Pooling" or "Load Balance Hosts" or "TCP Keepalive" or "No Reset On Close" or "Multiplexing"
        or "Load Table Composites" or "Trust Server Certificate";

    /// <summary>Whether a value of the keyword must not be shown.</summary>
    public static bool IsSecret(string keyword) =>
        keyword.Contains("pass", StringComparison.OrdinalIgnoreCase) || keyword.StartsWith("psw", StringComparison.OrdinalIgnoreCase)
        || keyword.StartsWith("pwd", StringComparison.OrdinalIgnoreCase) || keyword.Contains("key", StringComparison.OrdinalIgnoreCase);
}
