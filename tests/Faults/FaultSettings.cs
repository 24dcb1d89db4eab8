using System.Globalization;

namespace CompileTimeRouting.Faults;

/// <summary>The environment variables of the suite.</summary>
internal static class FaultSettings
{
    /// <summary><c>CTR_FAULTS=long</c>: longer faults, and the results are kept in docs/faults.md.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("CTR_FAULTS") == "long";

    /// <summary><c>CTR_FAULTS_SEED</c>: of the load; fixed where it isn't set.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("CTR_FAULTS_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) ? seed : 20_260;

    /// <summary><c>CTR_FAULTS_ONLY</c>: a part of the names of the scenarios to run; all where it isn't set.</summary>
    public static string Only { get; } = Environment.GetEnvironmentVariable("CTR_FAULTS_ONLY") ?? "";
}
