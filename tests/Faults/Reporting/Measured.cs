using CompileTimeRouting.Faults.Injection;
using CompileTimeRouting.Faults.Scenarios;

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>What happened in a run, beside what its clients saw.</summary>
/// <param name="Run">The faults and their times.</param>
/// <param name="HealthyFrom">When the load had become even.</param>
/// <param name="Ended">When the load ended.</param>
/// <param name="Changes">What the data source said of its nodes.</param>
/// <param name="Busy">When the machine was busy with something else.</param>
internal sealed record Measured(FaultRun Run, TimeSpan HealthyFrom, TimeSpan Ended, IReadOnlyList<NodeWatch.Change> Changes, BusyTime Busy)
{
    /// <summary>From the fault until the data source had taken all sick nodes out of service; null where it has not.</summary>
    public TimeSpan? OutOfService
    {
        get
        {
            TimeSpan? latest = null;
            foreach (var sick in Run.Sick)
            {
                // Down or, where the product tells that apart, lagging.
                var down = Changes.FirstOrDefault(c => c.Node == sick.Name && c.At >= Run.FaultAt && c.State is not (NodeState.Up or NodeState.Unverified));
                if (down is null)
                    return null;
                if (latest is null || down.At > latest)
                    latest = down.At;
            }

            return latest - Run.FaultAt;
        }
    }

    /// <summary>The same, less the time in which the machine was busy with something else.</summary>
    public TimeSpan? OutOfServiceUnhindered =>
        Run.FaultAt is { } faultAt && OutOfService is { } after ? after - Busy.Within(faultAt, faultAt + after) : null;

    /// <summary>The part of the run in which the machine was busy with something else, 0 to 1.</summary>
    public double BusyShare => Busy.Within(HealthyFrom, Ended) / (Ended - HealthyFrom);
}
