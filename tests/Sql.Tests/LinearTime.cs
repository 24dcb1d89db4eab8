using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>
/// Compares the time of work with that of four times as much: linear work takes 4 times as long, quadratic 16 times. Counted is
/// the thread's own time, and the least of several runs, so that a busy machine changes nothing.
/// </summary>
internal static partial class LinearTime
{
    private const int Growth = 4;
    private const int Limit = 8;
    private const int MinRuns = 3;
    private const int MaxRuns = 12;

    /// <param name="size">How much the larger work is.</param>
    /// <param name="prepare">Makes work of a size.</param>
    public static void Assert(int size, Func<int, Action> prepare)
    {
        var (small, large) = (prepare(size / Growth), prepare(size));
        // The first runs are the compiler's.
        for (var i = 0; i < MinRuns; i++)
            small();
        large();

        var (ofSmall, ofLarge) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run < MinRuns || (run < MaxRuns && ofLarge > Limit * ofSmall); run++)
        {
            ofSmall = Math.Min(ofSmall, Time(small));
            ofLarge = Math.Min(ofLarge, Time(large));
        }

        Xunit.Assert.True(ofLarge <= Limit * ofSmall, $"{Growth} times the work took {ofLarge / ofSmall:0.0} times as long: {ofSmall:0.000} and {ofLarge:0.000} ms.");
    }

    private static double Time(Action work)
    {
        var start = Now();
        work();
        return Now() - start;
    }

    private static double Now()
    {
        // CLOCK_THREAD_CPUTIME_ID
        var clock = OperatingSystem.IsLinux() ? 3 : OperatingSystem.IsMacOS() ? 16 : -1;
        return clock >= 0 && GetTime(clock, out var time) == 0
            ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6)
            : Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
