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

    [LoggerMessage(3, LogLevel.Warning, "Started with {Unfit} of {Total} nodes unfit; they are probed on.")]
    public static partial void StartedDegraded(ILogger logger, int unfit, int total);

    [LoggerMessage(4, LogLevel.Error, "A probe of node {Node} failed in an unforeseen way; it is tried again.")]
    public static partial void ProbeFailed(ILogger logger, Exception exception, string node);

    [LoggerMessage(5, LogLevel.Warning, "Node {Node} is lagging: {Problem}")]
    public static partial void NodeLagging(ILogger logger, string node, string? problem);

    [LoggerMessage(6, LogLevel.Warning, "Node {Node} is up, but: {Problem}")]
    public static partial void NodeUnfit(ILogger logger, string node, string? problem);

    [LoggerMessage(7, LogLevel.Warning, "There is no primary: reads go on from replicas, writes fail. {Problem}")]
    public static partial void PrimaryGone(ILogger logger, string? problem);

    [LoggerMessage(8, LogLevel.Information, "Node {Node} is the primary now.")]
    public static partial void PrimaryIs(ILogger logger, string node);

    [LoggerMessage(9, LogLevel.Warning, "Node {Node} failed {Failures} calls in a row although probes find it good: it gets no reads for {Seconds:0.#} seconds, then one on trial.")]
    public static partial void NodeEjected(ILogger logger, string node, int failures, double seconds);

    [LoggerMessage(10, LogLevel.Warning, "Node {Node} goes on with the connections it has: {Problem}")]
    public static partial void NodeFull(ILogger logger, string node, string? problem);

    [LoggerMessage(11, LogLevel.Warning, "No replica may serve reads: the primary serves {Limit} at once in their place.")]
    public static partial void ReplicasGone(ILogger logger, int limit);

    [LoggerMessage(12, LogLevel.Information, "Replicas serve reads again.")]
    public static partial void ReplicasBack(ILogger logger);

    [LoggerMessage(13, LogLevel.Warning, "Another cluster (system identifier {Successor}) has taken the place of the one before ({Former}), of which no node answers any more.")]
    public static partial void ClusterReplaced(ILogger logger, long former, long successor);

    [LoggerMessage(14, LogLevel.Warning,
        "Node {Node} ({Address}) writes, and {Former} wrote on timeline {Timeline} before: if these are two servers, a replica may follow either. " +
        "Until the next promotion, or until this process begins anew, the primary answers the reads with ReadYourWrites and BoundedStaleness.")]
    public static partial void HistoryUnclear(ILogger logger, string node, string address, string former, uint timeline);

    [LoggerMessage(20, LogLevel.Information, "The configuration changed. Joined: {Joined}. Leaving: {Leaving}. Staying: {Staying}.")]
    public static partial void NodesChanged(ILogger logger, string joined, string leaving, string staying);

    [LoggerMessage(21, LogLevel.Error, "The changed configuration is refused, the one before stays in force: {Problem}")]
    public static partial void ChangeRefused(ILogger logger, string problem);

    [LoggerMessage(22, LogLevel.Information, "Node {Node} has left: its last call has ended and its connections are closed.")]
    public static partial void NodeLeft(ILogger logger, string node);

    [LoggerMessage(23, LogLevel.Error, "The changed configuration could not be taken over; the one before stays in force.")]
    public static partial void ChangeFailed(ILogger logger, Exception exception);

    [LoggerMessage(24, LogLevel.Warning,
        "Node {Node} may be asked for {Needed} connections ({PerInstance} by each of {Instances} instances: its pools and two for probes), but gives {Available} " +
        "(max_connections less the reserved ones). Lower the pool sizes (ReplicaPool, PrimaryPool or 'Maximum Pool Size'), raise max_connections, or use a pooler.")]
    public static partial void TooManyConnections(ILogger logger, string node, long needed, int perInstance, int instances, int available);

    [LoggerMessage(25, LogLevel.Warning, "Node {Node} is reached as before the configuration changed, because the changed way is of no use yet; it is tried again. {Problem}")]
    public static partial void NodeKept(ILogger logger, string node, string? problem);
}
