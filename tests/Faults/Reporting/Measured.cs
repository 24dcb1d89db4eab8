using CompileTimeRouting.Faults.Injection;
using CompileTimeRouting.Faults.Scenarios;

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>What happened in a run, beside what its clients saw.</summary>
/// <param name="Run">The faults and their times.</param>
/// <param name="HealthyFrom">When the load had become even.</param>
/// <param name="Changes">What the data source said of its nodes.</param>
/// <param name="Standstill">When the process stood still.</param>
internal sealed record Measured(FaultRun Run, TimeSpan HealthyFrom, IReadOnlyList<NodeWatch.Change> Changes, Standstill Standstill)
{
    /// <summary>From the fault until the data source had taken all sick nodes out of service; null where it has not.</summary>
    public TimeSpan? OutOfService
    {
        get
        {
            TimeSpan? latest = null;
            foreach (var sick in Run.Sick)
            {
                var down = Changes.FirstOrDefault(c => c.Node == sick.Name && c.At >= Run.FaultAt && c.State == NodeState.Down);
                if (down is null)
                    return null;
                if (latest is null || down.At > latest)
                    latest = down.At;
            }

            return latest - Run.FaultAt;
        }
    }
}
