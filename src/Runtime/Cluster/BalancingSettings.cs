namespace CompileTimeRouting.Cluster;

/// <summary>How reads are shared among replicas.</summary>
/// <param name="Mode">How one of several is chosen.</param>
/// <param name="Region">The own region, whose replicas go first; null for no preference.</param>
internal sealed record BalancingSettings(BalancingMode Mode, string? Region = null);
