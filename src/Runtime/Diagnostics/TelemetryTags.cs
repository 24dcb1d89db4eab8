namespace CompileTimeRouting.Diagnostics;

/// <summary>The names of tags, of metrics and of spans alike.</summary>
internal static class TelemetryTags
{
    /// <summary>The data source: its name, or where it has none the primary's address.</summary>
    public const string Source = "compile_time_routing.source";

    public const string Node = "compile_time_routing.node";

    /// <summary>What a call is for: <c>read</c> or <c>write</c>.</summary>
    public const string Intent = "compile_time_routing.intent";

    /// <summary>The node that a call was sent to.</summary>
    public const string Target = "compile_time_routing.target";

    public const string Reason = "compile_time_routing.reason";

    /// <summary>What became of a session's read, or of its token.</summary>
    public const string Outcome = "compile_time_routing.outcome";

    /// <summary>Which attempt of its call a span is: 2 for the first one that follows a failure.</summary>
    public const string Attempt = "compile_time_routing.attempt";

    /// <summary>OpenTelemetry's: the SQLSTATE, or a word for what failed.</summary>
    public const string ErrorType = "error.type";

    /// <summary>OpenTelemetry's, as Npgsql fills it: the name of the node's data source.</summary>
    public const string PoolName = "db.client.connection.pool.name";

    public const string Read = "read";

    public const string Write = "write";
}
