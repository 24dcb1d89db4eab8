using System.Globalization;

namespace CompileTimeRouting.Consistency;

/// <summary>The environment variables of the suite.</summary>
internal static class ConsistencySettings
{
    private const int ShortSeed = 20_261;

    /// <summary><c>CTR_CONSISTENCY=long</c>: a million reads instead of some seconds.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("CTR_CONSISTENCY") == "long";

    /// <summary><c>CTR_CONSISTENCY_SEED</c>: of the load and of the faults; fixed where it isn't set.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("CTR_CONSISTENCY_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) ? seed : ShortSeed;

    /// <summary>The reads that the long form makes at least of what their session had written or seen.</summary>
    public const long LongReads = 1_000_000;
}
