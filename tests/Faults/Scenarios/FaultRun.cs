using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Injection;
using CompileTimeRouting.Faults.Load;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>One run of a scenario as the scenario sees it: the cluster, the clients, and when what happened.</summary>
internal sealed class FaultRun(PostgresCluster cluster, IReadOnlyList<ILoadClient> clients, RunClock clock, bool isLong)
{
    public PostgresCluster Cluster => cluster;

    public PostgresNode Primary => cluster.Primary;

    public PostgresNode First => cluster.Replicas[0];

    public PostgresNode Second => cluster.Replicas[1];

    public IReadOnlyList<ILoadClient> Clients => clients;

    /// <summary>Whether this is the long form.</summary>
    public bool IsLong => isLong;

    public IReadOnlyList<PostgresNode> Sick { get; private set; } = [];

    public TimeSpan? FaultAt { get; private set; }

    /// <summary>When the fault began to be put right.</summary>
    public TimeSpan? HealBegan { get; private set; }

    /// <summary>When it was put right.</summary>
    public TimeSpan? HealedAt { get; private set; }

    /// <summary>When another server took writes.</summary>
    public TimeSpan? PromotedAt { get; private set; }

    /// <summary>The server that has all that was written, in the end.</summary>
    public PostgresNode Survivor { get; private set; } = cluster.Primary;

    /// <summary>Lets time pass.</summary>
    public Task ForAsync(double seconds, double? inLongForm = null) =>
        Task.Delay(TimeSpan.FromSeconds(isLong ? inLongForm ?? seconds * 2 : seconds));

    /// <summary>The fault that is measured: once in a run.</summary>
    public Task FaultAsync(PostgresNode node, Func<Task> inject) => FaultAsync([node], inject);

    public async Task FaultAsync(IReadOnlyList<PostgresNode> nodes, Func<Task> inject)
    {
        Sick = nodes;
        FaultAt = clock.Now;
        await inject();
    }

    /// <summary>Puts the fault right.</summary>
    public async Task HealAsync(Func<Task> heal)
    {
        HealBegan = clock.Now;
        await heal();
        HealedAt = clock.Now;
    }

    /// <summary>Promotes a standby, as an operator does.</summary>
    /// <param name="standby">The standby.</param>
    /// <param name="isRemedy">Whether the primary is what is sick, so that this is how that is put right.</param>
    public async Task PromoteAsync(PostgresNode standby, bool isRemedy = true)
    {
        if (isRemedy)
            HealBegan = clock.Now;
        await standby.PromoteAsync();
        PromotedAt = clock.Now;
        Survivor = standby;
    }
}
