using System.Globalization;
using CompileTimeRouting.Tool.Output;

namespace CompileTimeRouting.Tool.Validation;

/// <summary>What a server's settings mean for routed reads and writes.</summary>
internal static class ServerRules
{
    public static IEnumerable<Finding> Of(NodeReport report, ClusterSnapshot cluster, RoutingOptions options)
    {
        if (report.Server is not { } server)
            return [];
        var name = report.Node.Name;
        return
        [
            .. Role(report.Node, cluster),
            .. Pooling(report, server),
            .. Connections(report, server, options),
            .. report.Node.Role == NodeRole.Primary ? Primary(name, server, cluster) : Standby(name, server, options),
        ];
    }

    private static IEnumerable<Finding> Role(NodeSnapshot node, ClusterSnapshot cluster)
    {
        if (node.Role != node.ConfiguredRole && node.Problem is null && cluster.Primary is not null)
        {
            yield return new(FindingLevel.Note, node.Name,
                $"it is the {Names.Of(node.Role)}, though configured as the {Names.Of(node.ConfiguredRole)}: calls follow the role; the configuration should, too.");
        }
    }

    private static IEnumerable<Finding> Pooling(NodeReport report, ServerSettings server)
    {
        if (report.Pooler == Pooler.None && server.IsBehindPooler)
        {
            yield return new(FindingLevel.Warning, report.Node.Name,
                "a pooler stands before it. Where it is in transaction mode, set Pooler to PgBouncerTransaction: else session settings and prepared statements reach other sessions.");
        }

        if (report.Pooler != Pooler.None && !server.IsBehindPooler)
            yield return new(FindingLevel.Note, report.Node.Name, "Pooler is set, but no pooler stands before it: without the setting statements are prepared and reads on the primary are one round trip.");
    }

    private static IEnumerable<Finding> Connections(NodeReport report, ServerSettings server, RoutingOptions options)
    {
        if (report.Budget is not { } budget)
            yield break;
        var needed = string.Create(
            CultureInfo.InvariantCulture, $"{options.ApplicationInstances} x {budget.PerInstance} connections (pools, and two for probes) are {budget.Needed}");
        const string What = "Lower the pool sizes (ReplicaPool, PrimaryPool or 'Maximum Pool Size'), raise the limit, or use a pooler.";
        if (budget.IsExceeded)
            yield return new(FindingLevel.Warning, report.Node.Name, string.Create(CultureInfo.InvariantCulture, $"{needed}, more than the {budget.Available} it gives (max_connections less the reserved ones). {What}"));
        else if (report.BudgetIfPromoted is { IsExceeded: true } promoted)
            yield return new(FindingLevel.Note, report.Node.Name, string.Create(CultureInfo.InvariantCulture, $"once promoted it may be asked for {options.ApplicationInstances} x {promoted.PerInstance} connections, which are {promoted.Needed}, more than the {promoted.Available} it gives (max_connections less the reserved ones). {What}"));
        if (server.RoleLimit >= 0 && budget.Needed > server.RoleLimit)
            yield return new(FindingLevel.Warning, report.Node.Name, string.Create(CultureInfo.InvariantCulture, $"{needed}, more than the {server.RoleLimit} of the role's CONNECTION LIMIT. {What}"));
        if (server.DatabaseLimit >= 0 && budget.Needed > server.DatabaseLimit)
            yield return new(FindingLevel.Warning, report.Node.Name, string.Create(CultureInfo.InvariantCulture, $"{needed}, more than the {server.DatabaseLimit} of the database's CONNECTION LIMIT. {What}"));
    }

    private static IEnumerable<Finding> Primary(string name, ServerSettings server, ClusterSnapshot cluster)
    {
        if (cluster.Nodes.Length > 1 && server.Values.GetValueOrDefault("wal_level") is "minimal")
            yield return new(FindingLevel.Error, name, "wal_level is minimal: no standby can follow it. Set it to replica and restart the server.");
    }

    private static IEnumerable<Finding> Standby(string name, ServerSettings server, RoutingOptions options)
    {
        if (server.Values.GetValueOrDefault("hot_standby_feedback") is "off")
        {
            yield return new(FindingLevel.Note, name,
                "hot_standby_feedback is off: a long read here is cancelled where the primary cleans up what it still reads (it is tried elsewhere). On keeps such rows on the primary.");
        }

        if (Milliseconds(server.Values.GetValueOrDefault("max_standby_streaming_delay")) is not { } delay)
            yield break;
        if (delay < 0)
        {
            yield return new(FindingLevel.Warning, name,
                "max_standby_streaming_delay is -1: one long read holds replay back without end, and the replica lags until it is over. Set a limit.");
        }
        else if (delay > options.LagThreshold.TotalMilliseconds)
        {
            yield return new(FindingLevel.Note, name, string.Create(
                CultureInfo.InvariantCulture,
                $"max_standby_streaming_delay is {delay / 1000:0.###} s, more than the {options.LagThreshold.TotalSeconds:0.###} s of LagThreshold: a long read that holds replay back takes the replica out of service."));
        }
    }

    // 30s, 500ms, 5min, -1: as SHOW writes it.
    internal static double? Milliseconds(string? text)
    {
        if (text is null)
            return null;
        var unit = text.TrimStart('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return null;
        return number * unit switch { "" or "ms" => 1, "s" => 1000, "min" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => double.NaN };
    }
}
