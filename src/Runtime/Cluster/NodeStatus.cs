namespace CompileTimeRouting.Cluster;

/// <summary>What a node is taken for, after it was weighed against the others.</summary>
/// <param name="State">Whether it is good.</param>
/// <param name="Role">The role it has.</param>
/// <param name="Problem">What is wrong and what to do; null where nothing is.</param>
internal sealed record NodeStatus(NodeState State, NodeRole Role, string? Problem);
