namespace CompileTimeRouting.AspNetCore;

/// <summary>All reads of the endpoint's requests go to the primary. Needs <c>UseRoutingSession</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RouteToPrimaryAttribute : Attribute, IReadRoutingMetadata
{
    /// <summary>True.</summary>
    public bool ReadsFromPrimary => true;
}
