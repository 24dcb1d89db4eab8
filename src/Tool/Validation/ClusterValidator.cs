using System.Globalization;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Tool.Input;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting.Tool.Validation;

/// <summary>Checks options, then asks every node. It only reads, and needs no privilege.</summary>
internal static class ClusterValidator
{
    public static async Task<Validated> RunAsync(RoutingOptions options, CancellationToken cancellationToken)
    {
        RoutedDataSource source;
        try
        {
            source = RoutedDataSource.Create(options);
        }
        catch (OptionsValidationException e)
        {
            return new Validated([], [.. e.Failures.Select(static f => new Finding(FindingLevel.Error, null, f))]);
        }

        await using (source)
        {
            var findings = new List<Finding>();
            var snapshot = await source.VerifyAsync(cancellationToken);
            var reports = await Task.WhenAll(source.Nodes.Zip(snapshot.Nodes, (node, state) => ReportAsync(source, node, state, options, findings, cancellationToken)));
            if (snapshot.Primary is null)
                findings.Add(new Finding(FindingLevel.Error, null, "No node is the primary: writes would fail."));
            foreach (var report in reports)
                findings.AddRange(ServerRules.Of(report, snapshot, options));
            return new Validated([.. reports], [.. findings.OrderBy(static f => f.Level).ThenBy(static f => f.Node, StringComparer.Ordinal)]);
        }
    }

    private static async Task<NodeReport> ReportAsync(
        RoutedDataSource source, ClusterNode node, NodeSnapshot state, RoutingOptions options, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (state.Problem is { } problem)
        {
            lock (findings)
                findings.Add(new Finding(FindingLevel.Error, state.Name, problem));
        }

        if (state.LastChecked is null || state.ServerVersion is null)
            return new NodeReport(state, node.Pooler, null, null);
        try
        {
            await using var lease = await source.OpenNodeAsync(state.Name, cancellationToken);
            var server = await ServerSettings.AskAsync(lease.Connection, cancellationToken);
            return new NodeReport(state, node.Pooler, server, ConnectionBudget.Of(node, server.ConnectionLimit, options.ApplicationInstances))
            {
                BudgetIfPromoted = node.ConfiguredRole == NodeRole.Replica ? ConnectionBudget.Of(node, server.ConnectionLimit, options.ApplicationInstances, NodeRole.Primary) : null,
            };
        }
        catch (NpgsqlException e)
        {
            lock (findings)
            {
                findings.Add(new Finding(FindingLevel.Error, state.Name, string.Create(
                    CultureInfo.InvariantCulture, $"{state.Host}:{state.Port} answers probes, but not a read: {ServerConnection.Reason(e)}")));
            }

            return new NodeReport(state, node.Pooler, null, null);
        }
    }
}

/// <summary>What was found.</summary>
internal sealed record Validated(IReadOnlyList<NodeReport> Nodes, IReadOnlyList<Finding> Findings);
