using System.Collections.Immutable;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Cluster;

/// <summary>What a changed configuration makes of the nodes in use: which stay, which are made anew, which leave.</summary>
internal sealed class NodeSetChange
{
    private readonly ImmutableArray<ClusterNode> _running;

    private NodeSetChange(ImmutableArray<(ClusterNode Node, NodePlan Plan)> nodes, ImmutableArray<ClusterNode> running)
    {
        _running = running;
        Plans = nodes;
        Nodes = [.. nodes.Select(static n => n.Node)];
        Added = [.. Nodes.Except(running)];
        Removed = [.. running.Except(Nodes)];
        BeforeAdding = [.. running.Where(node => Nodes.Contains(node) || Added.Any(added => added.Name == node.Name))];
    }

    /// <summary>The nodes afterwards, in the order of the configuration, each with what is said of it now.</summary>
    public ImmutableArray<(ClusterNode Node, NodePlan Plan)> Plans { get; }

    public ImmutableArray<ClusterNode> Nodes { get; }

    /// <summary>New ones, also those that are reached in another way than before.</summary>
    public ImmutableArray<ClusterNode> Added { get; }

    public ImmutableArray<ClusterNode> Removed { get; }

    /// <summary>The nodes until the new ones have answered: one that is only replaced serves until its successor can.</summary>
    public ImmutableArray<ClusterNode> BeforeAdding { get; }

    /// <summary>The primary's new node; null where it is reached as before.</summary>
    public ClusterNode? NewPrimary => Added.FirstOrDefault(static n => n.ConfiguredRole == NodeRole.Primary);

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A new node's pools can't be made.</exception>
    public static NodeSetChange Of(ImmutableArray<ClusterNode> running, ClusterPlan plan, ILoggerFactory? loggerFactory, RoutingMetrics metrics)
    {
        var nodes = ImmutableArray.CreateBuilder<(ClusterNode, NodePlan)>();
        try
        {
            foreach (var wanted in (NodePlan[])[plan.Primary, .. plan.Replicas])
                nodes.Add((running.FirstOrDefault(node => node.Serves(wanted, plan)) ?? ClusterNode.Create(plan, wanted, loggerFactory, metrics), wanted));
        }
        catch
        {
            foreach (var (node, _) in nodes.Where(n => !running.Contains(n.Item1)))
                node.Dispose();
            throw;
        }

        return new NodeSetChange(nodes.ToImmutable(), running);
    }

    /// <summary>The same change without new replicas that are of no use, where the node that each replaces is: that one stays.</summary>
    /// <param name="answers">What the new nodes have answered.</param>
    /// <param name="serves">Whether a node in use answers and is of use.</param>
    /// <param name="systemId">The cluster's system identifier, as far as known.</param>
    /// <param name="left">The new nodes that are left out, each with what is wrong with it.</param>
    public NodeSetChange KeepingWhatServes(
        IReadOnlyDictionary<ClusterNode, ProbeResult> answers, Func<ClusterNode, bool> serves, long? systemId, out Dictionary<ClusterNode, string> left)
    {
        left = [];
        var nodes = ImmutableArray.CreateBuilder<(ClusterNode, NodePlan)>();
        foreach (var (node, plan) in Plans)
        {
            if (node.ConfiguredRole == NodeRole.Replica && Added.Contains(node) && WhyUseless(node, answers[node], systemId) is { } problem
                && _running.FirstOrDefault(n => n.Name == node.Name) is { } before && serves(before) && !IsNamed(before.Address, node))
            {
                left.Add(node, problem);
                nodes.Add((before, plan));
            }
            else
            {
                nodes.Add((node, plan));
            }
        }

        return left.Count == 0 ? this : new NodeSetChange(nodes.ToImmutable(), _running);
    }

    // By another name it serves already.
    private bool IsNamed(string address, ClusterNode except) =>
        Nodes.Any(node => node != except && node.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    private static string? WhyUseless(ClusterNode node, ProbeResult result, long? systemId) =>
        result.Answer is not { } answer ? result.Problem
        : OwnSystem.IsForeign(answer.Identity, systemId) ? NodeProblem.OtherCluster(node)
        : null;

    /// <summary>Why the new primary isn't taken; null where it is good.</summary>
    /// <param name="answers">What the new nodes have answered.</param>
    /// <param name="current">The node that takes writes now.</param>
    /// <param name="systemId">The cluster's system identifier, as far as known.</param>
    public string? WhyRefused(IReadOnlyDictionary<ClusterNode, ProbeResult> answers, ClusterNode? current, long? systemId)
    {
        if (NewPrimary is not { } primary)
            return null;
        var result = answers[primary];
        if (result.Answer is not { } answer)
            return $"the primary it names can't be used: {result.Problem}";
        if (OwnSystem.IsForeign(answer.Identity, systemId))
            return $"{NodeProblem.OtherCluster(primary)} Another cluster needs a data source of its own.";
        if (!answer.InRecovery && !answer.Identity.ReadOnlySessions && primary.Pooler == Pooler.None)
            return NodeProblem.WritableSessions(primary);
        var keepsWriter = current is not null && Nodes.Contains(current);
        return keepsWriter || answers.Values.Any(static r => r.Answer is { InRecovery: false }) ? null : NodeProblem.StandbyAsPrimary(primary);
    }
}
