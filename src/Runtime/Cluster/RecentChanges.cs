using System.Collections.Immutable;

namespace CompileTimeRouting.Cluster;

/// <summary>The last changes among the nodes, the newest first. Not for use by two threads at once; a list that was taken stays as it is.</summary>
internal sealed class RecentChanges
{
    public const int Limit = 50;

    public ImmutableArray<ClusterChange> All { get; private set; } = [];

    public void Add(ClusterChangeKind kind, string? node = null, string? detail = null)
    {
        var kept = All.Length < Limit ? All : All.RemoveAt(Limit - 1);
        All = kept.Insert(0, new ClusterChange(DateTimeOffset.UtcNow, kind, node, detail));
    }
}
