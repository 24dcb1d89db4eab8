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
}
