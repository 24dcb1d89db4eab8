using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess.Tables;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What a caller must know of a body.</summary>
/// <param name="Writes">What may have been written, and committed, when it returns.</param>
/// <param name="Reads">The routed reads that the caller's own writes may precede.</param>
/// <param name="Tracked">The tables of entities that are changed in a context, which a later save writes.</param>
internal sealed record FlowSummary(EquatableArray<FlowWrite> Writes, EquatableArray<FlowRead> Reads, EquatableArray<TableName> Tracked)
{
    public static readonly FlowSummary Nothing = new(EquatableArray<FlowWrite>.Empty, EquatableArray<FlowRead>.Empty, EquatableArray<TableName>.Empty);

    public bool IsNothing => Writes.Count == 0 && Reads.Count == 0 && Tracked.Count == 0;

    /// <summary>Whether the two differ at most in which of several ways of one length they show.</summary>
    public bool SaysTheSame(FlowSummary other) => Words().SetEquals(other.Words());

    private HashSet<string> Words()
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in Writes)
            words.Add($"w {write.Name} {write.Method?.ToDisplayString()} {write.Path.Length} {string.Join(",", write.Tables)}");
        foreach (var read in Reads)
            words.Add($"r {read.Method.ToDisplayString()} {read.IsOfNextRequest} {read.Path.Length}");
        foreach (var table in Tracked)
            words.Add($"t {table}");
        return words;
    }
}
