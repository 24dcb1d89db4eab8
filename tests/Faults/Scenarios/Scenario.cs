using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Load;
using Npgsql;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>What goes wrong while the load goes on, and what is expected of the product meanwhile.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Act">The faults over time. The load has run for a while without a fault when it is called.</param>
internal sealed record Scenario(string Name, Func<FaultRun, Task> Act)
{
    public Expectation Expected { get; init; } = new();

    public LoadMix Mix { get; init; } = new();

    /// <summary>Options of the routed data source; all others are the defaults.</summary>
    public Action<RoutingOptions>? Routing { get; init; }

    /// <summary>Settings of both clients' connection strings.</summary>
    public Action<NpgsqlConnectionStringBuilder>? Connections { get; init; }

    /// <summary>Whether a pgbouncer in transaction mode stands before each node.</summary>
    public bool BehindPooler { get; init; }

    /// <summary>Whether it leaves a cluster that no other scenario can use.</summary>
    public bool SpoilsCluster { get; init; }

    /// <summary>Done to the cluster before the load begins.</summary>
    public Func<PostgresCluster, Task>? Prepare { get; init; }

    /// <summary>Done to the cluster after the load ended, to give it back as it was.</summary>
    public Func<PostgresCluster, Task>? Restore { get; init; }

    /// <summary>Why it can't be run here; null where it can.</summary>
    public Func<Task<string?>>? WhyUnavailable { get; init; }

    public override string ToString() => Name;
}

/// <summary>What is asserted of the routed client. Acknowledged writes are never lost, whatever the scenario.</summary>
internal sealed record Expectation
{
    public static readonly TimeSpan DeadWithin = TimeSpan.FromSeconds(1.5);
    public static readonly TimeSpan FrozenWithin = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan WritesAfterPromotion = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan BackSoon = TimeSpan.FromSeconds(4);

    /// <summary>No read fails: some node can answer all the time.</summary>
    public bool NoReadFails { get; init; } = true;

    /// <summary>No write fails: the primary is well all the time.</summary>
    public bool NoWriteFails { get; init; }

    /// <summary>The sick nodes are out of service that soon after the fault; null where they are to stay.</summary>
    public TimeSpan? OutOfServiceWithin { get; init; }

    /// <summary>The sick nodes answer no read that late after the fault, though they would; null where that isn't the point.</summary>
    public TimeSpan? NoReadAfter { get; init; }

    /// <summary>The sick nodes serve again that soon after they were put right; null where that isn't the point.</summary>
    public TimeSpan? BackWithin { get; init; } = BackSoon;

    /// <summary>Writes are taken again that soon after a promotion, or after the primary was put right.</summary>
    public TimeSpan? WritesAgainWithin { get; init; }

    /// <summary>No node is taken out of service at any time.</summary>
    public bool NoNodeGoesDown { get; init; }

    /// <summary>No answer's data is older than this.</summary>
    public TimeSpan? OldestAnswer { get; init; }

    /// <summary>The share of all reads, in percent, that each replica answers at least; 0 where that isn't the point.</summary>
    public double SmallestShare { get; init; }

    /// <summary>The least number of reads for each one of the peer's, which does without the node; 0 where that isn't the point.</summary>
    public double ReadsToPeers { get; init; }

    /// <summary>The longest that one read may wait, from before the fault was noticed on; null for what detection takes.</summary>
    public TimeSpan? LongestRead { get; init; }
}
