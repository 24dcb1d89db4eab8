namespace CompileTimeRouting;

/// <summary>One thing that changed among the nodes, as it was logged. Immutable; holds no credentials.</summary>
public sealed class ClusterChange
{
    internal ClusterChange(DateTimeOffset at, ClusterChangeKind kind, string? node, string? detail)
    {
        At = at;
        Kind = kind;
        Node = node;
        Detail = detail;
    }

    /// <summary>When it was noticed, by this process's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>What changed.</summary>
    public ClusterChangeKind Kind { get; }

    /// <summary>The name of the node; null where it is about all of them.</summary>
    public string? Node { get; }

    /// <summary>What is wrong and what to do, which may name hosts and ports; null where there is nothing more to say.</summary>
    public string? Detail { get; }

    /// <summary>All of it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{At:O} {Kind}{(Node is null ? "" : $" {Node}")}{(Detail is null ? "" : $": {Detail}")}";
}
