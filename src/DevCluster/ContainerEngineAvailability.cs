namespace CompileTimeRouting.DevCluster;

/// <summary>Whether containers can be run here.</summary>
/// <param name="IsAvailable">Whether an engine answers.</param>
/// <param name="Reason">Why not, and what to do; the engine's version when it answers.</param>
public sealed record ContainerEngineAvailability(bool IsAvailable, string Reason);
