using CompileTimeRouting.Faults.Load;

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>What one client saw of a run.</summary>
internal sealed record ClientResult
{
    // Two cores run three servers and two clients: below this, waiting says nothing about a node.
    // The short form runs beside other suites, on the same two cores.
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(FaultSettings.IsLong ? 100 : 250);

    private static readonly TimeSpan FailFast = TimeSpan.FromSeconds(1);

    // What is on its way when a node leaves is asked again elsewhere, and the pools of the other nodes grow by what they
    // have to take over.
    private static readonly TimeSpan TakeOver = TimeSpan.FromMilliseconds(300);

    public required string Name { get; init; }

    public required IReadOnlyList<Operation> Operations { get; init; }

    public int Reads { get; private init; }

    public int ReadsFailed { get; private init; }

    /// <summary>Streams that broke after their caller had rows of them: nobody can read them again for him.</summary>
    public int StreamsCut { get; private init; }

    public int Writes { get; private init; }

    public int WritesFailed { get; private init; }

    /// <summary>Acknowledged, and not there in the end.</summary>
    public required int WritesLost { get; init; }

    public TimeSpan LongestRead { get; private init; }

    public TimeSpan LongestWrite { get; private init; }

    /// <summary>Three times the healthy 99th percentile, or the floor: what a request may take beside a sick node.</summary>
    public TimeSpan Limit { get; private init; }

    /// <summary>The same for a write: without a primary it may look for one for a moment, and then fails.</summary>
    public TimeSpan WriteLimit { get; private init; }

    /// <summary>From the fault to the last request that a sick node answered, or that failed or waited beyond the limit.</summary>
    public TimeSpan? SickNodeUsedFor { get; private init; }

    /// <summary>From the fault to the last read that a sick node answered.</summary>
    public TimeSpan? SickNodeReadFor { get; private init; }

    /// <summary>From when the nodes were put right until all of them had answered a read.</summary>
    public TimeSpan? BackAfter { get; private init; }

    /// <summary>From the promotion, or from when the primary was put right, to the first write acknowledged by the right server.</summary>
    public TimeSpan? WritesAgainAfter { get; private init; }

    public TimeSpan OldestAnswer { get; private init; }

    /// <summary>Of the requests that began after the sick nodes were out of service, the one that is farthest above its limit.</summary>
    public Operation? SlowestAfterDetection { get; private init; }

    /// <summary>The share of the reads in percent that each node answered, in the cluster's order.</summary>
    public IReadOnlyList<double> Shares { get; private init; } = [];

    /// <summary>The failures by kind, most frequent first, with the span in which they began.</summary>
    public string Failures => string.Join(", ", Operations.Where(static o => o.Failed)
        .GroupBy(static o => (o.IsCut ? "cut stream " : o.IsRead ? "read " : "write ") + o.Error)
        .OrderByDescending(static g => g.Count())
        .Select(static g => $"{g.Key} ×{g.Count()} ({g.First().Start.TotalSeconds:0.00}–{g.Last().Start.TotalSeconds:0.00} s, up to {g.Max(static o => o.Duration).TotalSeconds:0.00} s)"));

    public static ClientResult Of(Measured measured, string name, IReadOnlyList<Operation> operations, int lost)
    {
        var run = measured.Run;
        var reads = operations.Where(static o => o.IsRead).ToArray();
        var writes = operations.Where(static o => !o.IsRead).ToArray();
        var quick = operations.Where(static o => !o.IsLong).ToArray();
        var faultAt = run.FaultAt ?? TimeSpan.MaxValue;
        var healthy = quick.Where(o => o.Start >= measured.HealthyFrom && o.End < faultAt && !o.Failed).Select(static o => o.Duration).Order().ToArray();
        var limit = healthy.Length == 0 ? Floor : Max(Floor, healthy[(int)(healthy.Length * 0.99)] * 3);
        var sickPorts = run.Sick.Select(static n => n.Port).ToHashSet();
        var healBegan = run.HealBegan ?? run.PromotedAt ?? TimeSpan.MaxValue;

        var writeLimit = run.Sick.Contains(run.Primary) ? Max(limit, FailFast) : limit;
        bool IsHurt(Operation o) => o.Failed || Waited(o) > limit;
        TimeSpan Waited(Operation o) => o.Duration - measured.Busy.Within(o.Start, o.End);
        TimeSpan? SinceFault(IEnumerable<Operation> some) =>
            some.Where(o => o.End >= faultAt && o.Start < healBegan).Select(o => (TimeSpan?)Max(o.Start - faultAt, TimeSpan.Zero)).Max();

        var detectedAt = measured.OutOfService is { } outOfService ? faultAt + outOfService + TakeOver : TimeSpan.MaxValue;
        var right = run.PromotedAt ?? (run.Sick.Contains(run.Primary) ? run.HealedAt : null);
        return new ClientResult
        {
            Name = name,
            Operations = operations,
            Reads = reads.Length,
            ReadsFailed = reads.Count(static o => o is { Failed: true, IsCut: false }),
            StreamsCut = reads.Count(static o => o.IsCut),
            Writes = writes.Length,
            WritesFailed = writes.Count(static o => o.Failed),
            WritesLost = lost,
            LongestRead = Longest(reads.Where(o => !o.IsLong && o.Start >= measured.HealthyFrom)),
            LongestWrite = Longest(writes.Where(o => o.Start >= measured.HealthyFrom)),
            Limit = limit,
            WriteLimit = writeLimit,
            SickNodeUsedFor = SinceFault(quick.Where(o => sickPorts.Contains(o.Port) || IsHurt(o))),
            SickNodeReadFor = SinceFault(reads.Where(o => sickPorts.Contains(o.Port))),
            BackAfter = Back(measured, reads),
            WritesAgainAfter = right is { } from
                ? writes.Where(o => !o.Failed && o.End >= from && o.Port == run.Survivor.Port).Select(o => (TimeSpan?)(o.End - from)).FirstOrDefault()
                : null,
            OldestAnswer = reads.Length == 0 ? TimeSpan.Zero : reads.Max(static o => o.Age),
            SlowestAfterDetection = quick.Where(o => o.Start > detectedAt && o.Start < healBegan)
                .Select(o => o.End > healBegan ? o with { Duration = healBegan - o.Start } : o)
                .Select(o => (Operation?)(o with { Duration = Waited(o) })).MaxBy(o => o!.Value.Duration - (o.Value.IsRead ? limit : writeLimit)),
            Shares = [.. run.Cluster.Nodes.Select(n => reads.Length == 0 ? 0 : 100.0 * reads.Count(o => o.Port == n.Port) / reads.Length)],
        };
    }

    private static TimeSpan? Back(Measured measured, Operation[] reads)
    {
        var run = measured.Run;
        if (run.HealedAt is not { } healed || run.HealBegan is not { } began)
            return null;
        var latest = TimeSpan.Zero;
        foreach (var sick in run.Sick.Where(n => n != run.Primary))
        {
            if (reads.Where(o => o.Port == sick.Port && o.Start >= began).Select(static o => (TimeSpan?)o.Start).FirstOrDefault() is not { } first)
                return null;
            latest = Max(latest, first - healed);
        }

        return latest;
    }

    private static TimeSpan Longest(IEnumerable<Operation> operations) =>
        operations.Select(static o => o.Duration).DefaultIfEmpty().Max();

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
