namespace CompileTimeRouting.AspNetCore;

/// <summary>
/// Reads of the endpoint's requests go where their routes say, though the requests' method isn't a safe one: for a search by
/// POST, GraphQL, or a form that only looks something up.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowReplicaAttribute : Attribute, IReadRoutingMetadata
{
    /// <summary>False.</summary>
    public bool ReadsFromPrimary => false;
}
