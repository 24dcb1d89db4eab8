namespace CompileTimeRouting.Cluster;

/// <summary>What happens to reads that no replica may serve.</summary>
/// <param name="Policy">What to do with those beyond the limit; never <see cref="OverloadPolicy.Default"/>.</param>
/// <param name="PrimaryReadLimit">How many reads the primary serves at once in place of replicas.</param>
/// <param name="LagThreshold">The staleness bound of reads that name none.</param>
internal sealed record OverloadSettings(OverloadPolicy Policy, int PrimaryReadLimit, TimeSpan LagThreshold);
