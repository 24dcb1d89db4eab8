using System.Diagnostics;
using CompileTimeRouting.Cluster.Balancing;
using CompileTimeRouting.Diagnostics;

namespace CompileTimeRouting.Cluster;

// What failed calls say of a node: suspect until it was asked, and out for a time where calls go on failing all the same.
internal sealed partial class ClusterState
{
    private const int FailuresToEject = 3;
    private static readonly TimeSpan FirstEjection = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEjection = TimeSpan.FromSeconds(30);

    // How long the outcome of a read on trial is waited for.
    private static readonly TimeSpan TrialPatience = TimeSpan.FromSeconds(5);

    /// <summary>From 0 to 1, which tests make up.</summary>
    internal Func<double> Chance { get; set; } = Random.Shared.NextDouble;

    /// <summary>A call on a node went wrong in a way that may be the node's: it gets no reads until it was asked.</summary>
    /// <param name="node">The node; one that isn't in use any more is passed over.</param>
    /// <param name="failed">Whether it counts as a failure of the node: after a few in a row it is taken out for a time, and longer with each further one.</param>
    public void Suspect(ClusterNode node, bool failed)
    {
        List<Action> effects;
        lock (_lock)
        {
            var index = _nodes.IndexOf(node);
            if (index < 0)
                return;
            var fact = _facts[index];
            if (fact.IsSuspect || fact.Failure is not null)
                return;
            fact = fact with { IsSuspect = true };
            if (failed)
                fact = Failed(index, fact with { AverageRoundTrip = NearReplicas.Average(fact.AverageRoundTrip, null) });
            effects = Take(index, fact, null);
        }

        foreach (var effect in effects)
            effect();
        ProbeWanted?.Invoke(node);
    }

    /// <summary>A read on a node went well after others had failed: they were not in a row, or it was the one on trial.</summary>
    /// <param name="node">The node; one that isn't in use any more is passed over.</param>
    public void Succeeded(ClusterNode node)
    {
        List<Action> effects;
        lock (_lock)
        {
            var index = _nodes.IndexOf(node);
            if (index < 0 || !AwaitsSuccess(_facts[index], Now()))
                return;
            var fact = _facts[index];
            effects = Take(index, fact with { Failures = 0, EjectedUntil = 0, TrialAt = 0, BackSince = fact.EjectedUntil == 0 ? fact.BackSince : Now() }, null);
        }

        foreach (var effect in effects)
            effect();
    }

    // What runs on from before a failure, and ends well while the node is suspect or out, says nothing.
    private static bool AwaitsSuccess(NodeFacts fact, long now) => fact is { Failures: > 0, IsSuspect: false, Failure: null } && fact.EjectedUntil <= now;

    private NodeFacts Failed(int index, NodeFacts fact)
    {
        // Who takes writes can't be replaced by others; and what was begun before a node was taken out fails after it, too.
        var now = Now();
        if (index == _verdict.Primary || fact.EjectedUntil > now)
            return fact;
        fact = fact with { Failures = fact.Failures + 1, TrialAt = 0 };
        if (fact.Failures < FailuresToEject)
            return fact;
        var time = Backoff.Spread(FirstEjection, LongestEjection, 1 + fact.Failures - FailuresToEject, Chance());
        _metrics.Ejected(_nodes[index].Name);
        _changes.Add(ClusterChangeKind.NodeEjected, _nodes[index].Name);
        Log.NodeEjected(_logger, _nodes[index].Name, fact.Failures, time.TotalSeconds);
        return fact with { EjectedUntil = now + (long)(time.TotalSeconds * Stopwatch.Frequency) };
    }

    private void NoteTrial(int index)
    {
        var (pool, fact, now) = (_nodes[index].ReadPool, _facts[index], Now());
        pool.AwaitsSuccess = AwaitsSuccess(fact, now);
        var isOnTrial = pool.AwaitsSuccess && fact.EjectedUntil != 0;
        if (!isOnTrial)
        {
            pool.OffersTrial = false;
        }
        else if (fact.TrialAt == 0 || Stopwatch.GetElapsedTime(fact.TrialAt, now) > TrialPatience)
        {
            // Where no read came that may be tried, as with reads of sessions alone, the probes' word has to do. What was given up
            // tells nothing: another one.
            var isUntaken = fact.TrialAt != 0 && pool.OffersTrial;
            pool.OffersTrial = !isUntaken;
            _facts = _facts.SetItem(index, isUntaken ? fact with { EjectedUntil = 0, TrialAt = 0, BackSince = now } : fact with { TrialAt = now });
        }
    }
}
