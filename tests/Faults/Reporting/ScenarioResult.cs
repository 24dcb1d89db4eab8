using System.Globalization;
using System.Text;
using CompileTimeRouting.Faults.Scenarios;

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>The result of one scenario: the routed client first, then its peer.</summary>
internal sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<ClientResult> Clients, Measured Measured, string? Leaks)
{
    public ClientResult Routed => Clients[0];

    /// <summary>What was to come about in some time and did not, one line each: a busy machine is late, too.</summary>
    public IEnumerable<string> Delays()
    {
        var expected = Scenario.Expected;
        if (expected.OutOfServiceWithin is { } soon && !(Measured.OutOfServiceUnhindered <= soon))
            yield return $"the sick nodes were out of service after {Seconds(Measured.OutOfService)}, not within {Seconds(soon)}";
        if (expected.NoReadAfter is { } late && Routed.SickNodeReadFor > late)
            yield return $"the sick nodes answered reads for {Seconds(Routed.SickNodeReadFor)}, not for {Seconds(late)} at most";
        if (expected.BackWithin is { } back && Measured.Run.HealedAt is not null && !(Routed.BackAfter <= back))
            yield return $"the nodes served again after {Seconds(Routed.BackAfter)}, not within {Seconds(back)}";
        if (expected.WritesAgainWithin is { } again && !(Routed.WritesAgainAfter <= again))
            yield return $"writes were taken again after {Seconds(Routed.WritesAgainAfter)}, not within {Seconds(again)}";
        if (expected.OldestAnswer is { } old && Routed.OldestAnswer > old)
            yield return $"an answer was {Seconds(Routed.OldestAnswer)} old, more than {Seconds(old)}";
        if (expected.LongestRead is { } longest && Routed.LongestRead > longest)
            yield return $"a read waited {Seconds(Routed.LongestRead)}, more than {Seconds(longest)}";
        if (Routed.Reads < expected.ReadsToPeers * Clients[1].Reads)
            yield return $"{Routed.Reads} reads were done, the peer did {Clients[1].Reads}";
        if (Routed.SlowestAfterDetection is { } slow && (slow.IsRead ? Routed.Limit : Routed.WriteLimit) is var limit && slow.Duration > limit)
            yield return $"a {slow.Kind} that began at {Seconds(slow.Start)}, after the sick nodes were out of service, took {Seconds(slow.Duration)}, more than {Seconds(limit)} (error: {slow.Error ?? "none"})";
    }

    /// <summary>What must not be on any machine, however busy.</summary>
    public IEnumerable<string> Wrongs()
    {
        var expected = Scenario.Expected;
        if (expected.NoReadFails && Routed.ReadsFailed > 0)
            yield return $"{Routed.ReadsFailed} of {Routed.Reads} reads failed";
        if (expected.NoWriteFails && Routed.WritesFailed > 0)
            yield return $"{Routed.WritesFailed} of {Routed.Writes} writes failed";
        if (expected.NoNodeGoesDown && Measured.Changes.FirstOrDefault(static c => c.State == NodeState.Down) is { } down)
            yield return $"{down.Node} was taken out of service at {Seconds(down.At)}: {down.Problem}";
        if (expected.SmallestShare > 0 && Routed.Shares.Skip(1).Min() is var share && share < expected.SmallestShare)
            yield return $"a replica answered {share:0} % of the reads, not {expected.SmallestShare:0} %";
        if (Routed.WritesLost > 0)
            yield return $"{Routed.WritesLost} acknowledged writes are lost";
        if (Leaks is not null)
            yield return $"not given back: {Leaks}";
    }

    /// <summary>All that is known of the run, for someone who looks for the cause.</summary>
    public string Details()
    {
        var text = new StringBuilder();
        var run = Measured.Run;
        text.AppendLine(CultureInfo.InvariantCulture, $"{Scenario.Name}: fault on {string.Join(", ", run.Sick.Select(static n => n.Name))} at {Seconds(run.FaultAt)}, put right {Seconds(run.HealBegan)} to {Seconds(run.HealedAt)}, promotion at {Seconds(run.PromotedAt)}");
        text.AppendLine(Report.Header).AppendLine(Report.Rule);
        foreach (var line in Report.Lines(this))
            text.AppendLine(line);
        foreach (var client in Clients.Where(static c => c.Failures.Length > 0))
            text.AppendLine(CultureInfo.InvariantCulture, $"{client.Name}: {client.Failures}");
        foreach (var change in Measured.Changes)
            text.AppendLine(CultureInfo.InvariantCulture, $"{Seconds(change.At)} {change.Node}: {change.State}, {change.Role} {change.Problem}");
        return text.ToString();
    }

    internal static string Seconds(TimeSpan? span) =>
        span is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.TotalSeconds:0.00} s") : "–";
}
