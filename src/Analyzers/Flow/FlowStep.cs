using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>A place of a body that reads or writes, itself or through what it calls.</summary>
internal sealed class FlowStep(SyntaxNode syntax)
{
    /// <summary>The call.</summary>
    public SyntaxNode Syntax { get; } = syntax;

    public List<FlowWrite> Writes { get; } = [];

    public List<FlowRead> Reads { get; } = [];

    /// <summary>The tables of entities that are changed in a context.</summary>
    public List<TableName> Tracked { get; } = [];

    /// <summary>When its writes have happened.</summary>
    public FlowCompletion Completion { get; set; }

    /// <summary>Its bit in the masks of a state; 0 where it writes nothing, or there are too many.</summary>
    public ulong Bit { get; set; }

    /// <summary>The block that it stands in, and its place there.</summary>
    public (int Block, int Index) Position { get; set; }

    /// <summary>Whether all its writes open connections of their own.</summary>
    public bool IsRouted => Writes.TrueForAll(static w => w.IsRouted);

    public bool IsNothing => Writes.Count == 0 && Reads.Count == 0 && Tracked.Count == 0;
}
