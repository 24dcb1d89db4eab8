using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Diagnostics;

/// <summary>Everything this library logs. No message holds a credential.</summary>
internal static partial class Log
{
    internal const string Category = "CompileTimeRouting";

    [LoggerMessage(1, LogLevel.Information, "Node {Node} ({Address}) is up: PostgreSQL {Version}, {Role}.")]
    public static partial void NodeUp(ILogger logger, string node, string address, string? version, NodeRole role);

    [LoggerMessage(2, LogLevel.Warning, "Node {Node} is down: {Problem}")]
    public static partial void NodeDown(ILogger logger, string node, string? problem);

    [LoggerMessage(3, LogLevel.Warning, "Started with {Down} of {Total} nodes down; they are checked again every {Seconds} seconds.")]
    public static partial void StartedDegraded(ILogger logger, int down, int total, double seconds);

    [LoggerMessage(4, LogLevel.Error, "The check of the nodes that are down failed; it is tried again.")]
    public static partial void RecheckFailed(ILogger logger, Exception exception);
}
