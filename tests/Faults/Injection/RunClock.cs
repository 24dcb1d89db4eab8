using System.Diagnostics;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>The time since a run began, the same for all that takes part in it.</summary>
internal sealed class RunClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);
}
