using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Tool.Validation;

/// <summary>One node and what it told.</summary>
/// <param name="Node">Its state.</param>
/// <param name="Pooler">The pooler it is configured with.</param>
/// <param name="Server">What the server told of itself; null where it couldn't be asked.</param>
/// <param name="Budget">Its connections; null where a pooler limits them or it couldn't be asked.</param>
internal sealed record NodeReport(NodeSnapshot Node, Pooler Pooler, ServerSettings? Server, ConnectionBudget? Budget)
{
    /// <summary>A replica's connections once it is promoted; null as above, and for a primary.</summary>
    public ConnectionBudget? BudgetIfPromoted { get; init; }
}
